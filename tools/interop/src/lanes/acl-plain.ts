// SPDX-License-Identifier: Apache-2.0
// Lane: accounts of plain_acl.yml: our broker decides what Java's 4.9.7 broker decided.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  askAsAccounts,
  fillTopics,
  plainAclText,
  plainSettings,
} from '../../../golden/src/acl/plain-decide.ts'
import { holdPlainDialogue } from '../../../golden/src/acl/plain-dialogue.ts'
import { clusterName } from '../../../golden/src/acl/world.ts'
import {
  answersIn,
  recordedPlainRows,
  recordedTalk,
  rowDifferences,
  talkDifferences,
} from '../acl-recordings.ts'
import { unknownDifferences } from '../known-differences.ts'
import { type Lane, newFolder } from '../lane.ts'
import { Servers } from '../servers.ts'

const shown = 20

export const aclPlain: Lane = {
  name: 'acl-plain',
  summary: 'accounts of plain_acl.yml are decided on as Java’s 4.9.7 broker does',
  async run(context) {
    // Java's 5.5.0 broker, which proves other lanes, has no such accounts.
    if (context.ours === 'java') return
    const folder = await newFolder(context, 'acl-plain')
    await mkdir(join(folder, 'conf'))
    await writeFile(join(folder, 'conf', 'plain_acl.yml'), plainAclText())
    const servers = await Servers.start({
      java: context.java,
      folder,
      namesrv: 'ours',
      broker: 'ours',
      built: context.built,
      brokerConfig: { ...plainSettings, brokerClusterName: clusterName, rocketmqHome: folder },
    })
    const check = (what: string, cases: number, lines: readonly string[]): void => {
      context.report.compared(cases)
      const figures = `${cases - lines.length} of ${cases} answers`
      const more = lines.length > shown ? [`and ${lines.length - shown} more`] : []
      const detail = [figures, ...lines.slice(0, shown), ...more].join('\n')
      context.report.check(what, lines.length === 0, detail)
    }
    try {
      const port = servers.ports.broker
      await fillTopics(port)
      const { rows } = await recordedPlainRows()
      const found = rowDifferences(rows, await askAsAccounts(port)).flatMap((line) =>
        unknownDifferences(`plain acl: ${line}`, [line]),
      )
      check('accounts, credentials and white lists', answersIn(rows), found)
      const recorded = await recordedTalk('plain-dialogue')
      const lines = talkDifferences(recorded, await holdPlainDialogue(port)).flatMap(
        ({ name, difference }) =>
          unknownDifferences(`plain acl: ${name}`, [`${name}: ${difference}`]),
      )
      check('a talk about accounts', recorded.steps.length, lines)
    } finally {
      await servers.close()
    }
  },
}
