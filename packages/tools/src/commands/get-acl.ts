// SPDX-License-Identifier: Apache-2.0
// mqadmin getAcl: show what one user may do.
import { askedBrokers, brokersToAsk, printAcls } from '../access-control.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Source: GetAclSubCommand. */
export const getAcl: Command = {
  name: 'getAcl',
  options: [
    askedBrokers('get acl for which broker', 'get acl for specified cluster'),
    valueOption('s', 'subject', 'the subject of acl to get'),
  ],

  async run(context) {
    const subject = required(context, 'subject')
    for (const address of await brokersToAsk(context)) {
      const acl = await context.admin().getAcl(address, subject, { signal: context.signal })
      if (acl !== undefined) printAcls(context, [acl])
    }
  },
}
