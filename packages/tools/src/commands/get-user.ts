// SPDX-License-Identifier: Apache-2.0
// mqadmin getUser: show one user.
import { askedBrokers, brokersToAsk, printUsers } from '../access-control.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Of a cluster the first master that knows the user answers. Source: GetUserSubCommand. */
export const getUser: Command = {
  name: 'getUser',
  options: [
    askedBrokers('get user for which broker', 'get user for specified cluster'),
    valueOption('u', 'username', 'the username of user to get'),
  ],

  async run(context) {
    const username = required(context, 'username')
    for (const address of await brokersToAsk(context)) {
      const user = await context.admin().getUser(address, username, { signal: context.signal })
      if (user !== undefined) return printUsers(context, [user])
    }
  },
}
