// SPDX-License-Identifier: Apache-2.0
// mqadmin createUser: add a user to a broker or to all brokers of a cluster.
import { changeBrokers, changedBrokers } from '../access-control.ts'
import { optional, required, valueOption, type Command } from '../command.ts'

/** Source: CreateUserSubCommand. */
export const createUser: Command = {
  name: 'createUser',
  options: [
    changedBrokers('create user to which cluster', 'create user to which broker'),
    valueOption('u', 'username', 'the username of user to create.', 'required'),
    valueOption('p', 'password', 'the password of user to create', 'required'),
    valueOption('t', 'userType', 'the userType of user to create'),
  ],

  async run(context) {
    const user = {
      username: required(context, 'username'),
      password: required(context, 'password'),
      userType: optional(context, 'userType'),
    }
    await changeBrokers(context, 'create user', (address) =>
      context.admin().createUser(address, user, { signal: context.signal }),
    )
  },
}
