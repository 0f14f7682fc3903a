// SPDX-License-Identifier: Apache-2.0
// mqadmin updateAcl: change what a user is allowed or denied.
import { aclOf, changeBrokers, changedBrokers } from '../access-control.ts'
import { valueOption, type Command } from '../command.ts'

/** One entry for each resource. Source: UpdateAclSubCommand. */
export const updateAcl: Command = {
  name: 'updateAcl',
  options: [
    changedBrokers('update acl to which cluster', 'update acl to which broker'),
    valueOption('s', 'subject', 'the subject of acl to update.', 'required'),
    valueOption('r', 'resources', 'the resources of acl to update', 'required'),
    valueOption('a', 'actions', 'the actions of acl to update', 'required'),
    valueOption('d', 'decision', 'the decision of acl to update', 'required'),
    valueOption('i', 'sourceIp', 'the sourceIps of acl to update'),
  ],

  async run(context) {
    const acl = aclOf(context)
    await changeBrokers(context, 'update acl', (address) =>
      context.admin().updateAcl(address, acl, { signal: context.signal }),
    )
  },
}
