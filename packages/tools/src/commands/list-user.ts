// SPDX-License-Identifier: Apache-2.0
// mqadmin listUser: show the users of a broker or of a cluster.
import { askedBrokers, brokersToAsk, printUsers } from '../access-control.ts'
import { optional, valueOption, type Command } from '../command.ts'

/** Of a cluster the first master that knows any user answers. Source: ListUserSubCommand. */
export const listUser: Command = {
  name: 'listUser',
  options: [
    askedBrokers('list user for which broker', 'list user for specified cluster'),
    valueOption('f', 'filter', 'the filter to list users'),
  ],

  async run(context) {
    const filter = optional(context, 'filter')
    for (const address of await brokersToAsk(context)) {
      const users = await context.admin().listUser(address, filter, { signal: context.signal })
      if (users.length === 0) continue
      printUsers(context, users)
      if (context.values.has('clusterName')) context.print(`get user from ${address} success.\n`)
      return
    }
  },
}
