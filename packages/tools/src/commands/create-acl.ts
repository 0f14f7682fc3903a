// SPDX-License-Identifier: Apache-2.0
// mqadmin createAcl: allow or deny a user something.
import { aclOf, changeBrokers, changedBrokers } from '../access-control.ts'
import { valueOption, type Command } from '../command.ts'

/** One entry for each resource. Source: CreateAclSubCommand. */
export const createAcl: Command = {
  name: 'createAcl',
  options: [
    changedBrokers('create acl to which cluster', 'create acl to which broker'),
    valueOption('s', 'subject', 'the subject of acl to create.', 'required'),
    valueOption('r', 'resources', 'the resources of acl to create', 'required'),
    valueOption('a', 'actions', 'the actions of acl to create', 'required'),
    valueOption('i', 'sourceIp', 'the sourceIps of acl to create'),
    valueOption('d', 'decision', 'the decision of acl to create', 'required'),
  ],

  async run(context) {
    const acl = aclOf(context)
    await changeBrokers(context, 'create acl', (address) =>
      context.admin().createAcl(address, acl, { signal: context.signal }),
    )
  },
}
