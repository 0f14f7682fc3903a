// SPDX-License-Identifier: Apache-2.0
// mqadmin listAcl: show who may do what.
import { askedBrokers, brokersToAsk, printAcls } from '../access-control.ts'
import { optional, valueOption, type Command } from '../command.ts'

/** Source: ListAclSubCommand. */
export const listAcl: Command = {
  name: 'listAcl',
  options: [
    askedBrokers('list acl for which broker.', 'list acl for specified cluster.'),
    valueOption('s', 'subject', 'the subject of acl to filter.'),
    valueOption('r', 'resource', 'the resource of acl to filter.'),
  ],

  async run(context) {
    const filters = {
      subject: optional(context, 'subject'),
      resource: optional(context, 'resource'),
    }
    for (const address of await brokersToAsk(context)) {
      const acls = await context.admin().listAcl(address, filters, { signal: context.signal })
      if (acls.length > 0) printAcls(context, acls)
    }
  },
}
