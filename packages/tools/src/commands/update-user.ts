// SPDX-License-Identifier: Apache-2.0
// mqadmin updateUser: change a user's password, type or status.
import { changeBrokers, changedBrokers } from '../access-control.ts'
import { optional, required, valueOption, type Command } from '../command.ts'

/** Of password, type and status one at a time. Source: UpdateUserSubCommand. */
export const updateUser: Command = {
  name: 'updateUser',
  options: [
    changedBrokers('update user to which cluster', 'update user to which broker'),
    valueOption('u', 'username', 'the username of user to update.', 'required'),
    [
      valueOption('p', 'password', 'the password of user to update'),
      valueOption('t', 'userType', 'the userType of user to update'),
      valueOption('s', 'userStatus', 'the userStatus of user to update'),
    ],
  ],

  async run(context) {
    const user = {
      username: required(context, 'username'),
      password: optional(context, 'password'),
      userType: optional(context, 'userType'),
      userStatus: optional(context, 'userStatus'),
    }
    await changeBrokers(context, 'update user', (address) =>
      context.admin().updateUser(address, user, { signal: context.signal }),
    )
  },
}
