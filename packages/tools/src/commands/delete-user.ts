// SPDX-License-Identifier: Apache-2.0
// mqadmin deleteUser: remove a user, and with it what it may do.
import { changeBrokers, changedBrokers } from '../access-control.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Source: DeleteUserSubCommand. */
export const deleteUser: Command = {
  name: 'deleteUser',
  options: [
    changedBrokers('delete acl from which cluster', 'delete user from which broker'),
    valueOption('u', 'username', 'the username of user to delete.', 'required'),
  ],

  async run(context) {
    const username = required(context, 'username')
    await changeBrokers(context, 'delete user', (address) =>
      context.admin().deleteUser(address, username, { signal: context.signal }),
    )
  },
}
