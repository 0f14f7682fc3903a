// SPDX-License-Identifier: Apache-2.0
// Records what a Java 4.9.7 broker with plain_acl.yml decides.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goldenFolders, provenanceOf, writeFixture } from '../fixtures.ts'
import type { JavaRecorders } from '../java.ts'
import { fetchRocketmqJars, PLAIN_ACL_VERSION } from '../rocketmq-jars.ts'
import { startBrokerOf } from './java-broker.ts'
import { askAsAccounts, fillTopics, plainAclText, plainSettings } from './plain-decide.ts'
import { holdPlainDialogue, plainSteps } from './plain-dialogue.ts'
import { accounts, globalWhiteRemoteAddresses, plainProbes, plainSigners } from './plain-world.ts'

/** Records every answer and the talk about accounts; returns how many answers there are. */
export async function recordPlainDecisions(
  java: JavaRecorders,
  workFolder: string,
): Promise<number> {
  const classPath = join(await fetchRocketmqJars(PLAIN_ACL_VERSION), '*')
  const folder = join(workFolder, 'acl-plain')
  mkdirSync(join(folder, 'conf'), { recursive: true })
  writeFileSync(join(folder, 'conf', 'plain_acl.yml'), plainAclText())
  const broker = await startBrokerOf(classPath, folder, plainSettings)
  const common = { settings: plainSettings, globalWhiteRemoteAddresses, accounts }
  const rocketmq = { rocketmq: PLAIN_ACL_VERSION }
  try {
    await fillTopics(broker.port)
    const rows = await askAsAccounts(broker.port)
    const provenance = provenanceOf('acl-plain', 'src/acl/plain-decisions.ts', java.javaVersion)
    const signers = Object.fromEntries(
      Object.entries(plainSigners).map(([name, signer]) => [name, signer ?? null]),
    )
    writeFixture(
      join(goldenFolders.acl, 'plain-decisions.json'),
      { ...provenance, ...rocketmq },
      { ...common, probes: plainProbes, signers, rows },
    )
    const answers = await holdPlainDialogue(broker.port)
    writeFixture(
      join(goldenFolders.acl, 'plain-dialogue.json'),
      { ...provenance, ...rocketmq },
      { ...common, steps: plainSteps.map((step, index) => ({ ...step, answer: answers[index] })) },
    )
    return rows.reduce((sum, row) => sum + Object.keys(row.answers).length, answers.length)
  } finally {
    await broker.close()
  }
}
