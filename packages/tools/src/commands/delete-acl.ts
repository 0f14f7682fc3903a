// SPDX-License-Identifier: Apache-2.0
// mqadmin deleteAcl: take away what a user is allowed or denied, for one resource or altogether.
import { changeBrokers, changedBrokers } from '../access-control.ts'
import { optional, required, valueOption, type Command } from '../command.ts'

/** Source: DeleteAclSubCommand. */
export const deleteAcl: Command = {
  name: 'deleteAcl',
  options: [
    changedBrokers('delete acl from which cluster', 'delete acl from which broker'),
    valueOption('s', 'subject', 'the subject of acl to delete.', 'required'),
    valueOption('r', 'resources', 'the resources of acl to delete'),
  ],

  async run(context) {
    const subject = required(context, 'subject')
    const resource = optional(context, 'resources')
    await changeBrokers(context, 'delete acl', (address) =>
      context.admin().deleteAcl(address, subject, resource, { signal: context.signal }),
    )
  },
}
