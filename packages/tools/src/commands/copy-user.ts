// SPDX-License-Identifier: Apache-2.0
// mqadmin copyUser: take users over from one broker to another, with their passwords.
import { listed } from '../access-control.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Source: CopyUsersSubCommand. */
export const copyUser: Command = {
  name: 'copyUser',
  options: [
    valueOption('f', 'fromBroker', 'the source broker that the users copy from', 'required'),
    valueOption('t', 'toBroker', 'the target broker that the users copy to', 'required'),
    valueOption('u', 'usernames', 'the username list of user to copy.'),
  ],

  async run(context) {
    const { signal } = context
    const admin = context.admin()
    const from = required(context, 'fromBroker')
    const to = required(context, 'toBroker')
    const names =
      (required(context, 'usernames') === '' ? undefined : listed(context, 'usernames')) ??
      (await admin.listUser(from, undefined, { signal })).map(({ username = '' }) => username)
    for (const name of names) {
      const user = await admin.getUser(from, name, { signal })
      if (user === undefined) continue
      const known = await admin.getUser(to, name, { signal })
      if (known === undefined) await admin.createUser(to, user, { signal })
      else await admin.updateUser(to, user, { signal })
      context.print(`copy user of ${name} from ${from} to ${to} success.\n`)
    }
  },
}
