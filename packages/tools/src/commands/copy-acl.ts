// SPDX-License-Identifier: Apache-2.0
// mqadmin copyAcl: take policies over from one broker to another, whose users are there already.
import { listed } from '../access-control.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Source: CopyAclsSubCommand. */
export const copyAcl: Command = {
  name: 'copyAcl',
  options: [
    valueOption('f', 'fromBroker', 'the source broker that the acls copy from', 'required'),
    valueOption('t', 'toBroker', 'the target broker that the acls copy to', 'required'),
    valueOption('s', 'subjects', 'the subject list of acl to copy.'),
  ],

  async run(context) {
    const { signal } = context
    const admin = context.admin()
    const from = required(context, 'fromBroker')
    const to = required(context, 'toBroker')
    const subjects =
      (required(context, 'subjects') === '' ? undefined : listed(context, 'subjects')) ??
      (await admin.listAcl(from, {}, { signal })).map(({ subject = '' }) => subject)
    for (const subject of subjects) {
      const acl = await admin.getAcl(from, subject, { signal })
      if (acl === undefined) continue
      const known = await admin.getAcl(to, subject, { signal })
      if (known === undefined) await admin.createAcl(to, acl, { signal })
      else await admin.updateAcl(to, acl, { signal })
      context.print(`copy acl of ${subject} from ${from} to ${to} success.\n`)
    }
  },
}
