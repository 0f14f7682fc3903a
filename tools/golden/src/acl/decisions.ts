// SPDX-License-Identifier: Apache-2.0
// Records what a Java broker with access control decides, run by run.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { goldenFolders, provenanceOf, writeFixture } from '../fixtures.ts'
import type { JavaRecorders } from '../java.ts'
import { adminSteps, holdAdminDialogue } from './admin-dialogue.ts'
import {
  askAsUsers,
  askInSequence,
  askWithCredentials,
  brokerSettings,
  fill,
  type RunName,
  runs,
  sequences,
  signerOf,
} from './decide.ts'
import { startBroker } from './java-broker.ts'
import { clusterName, policies, probes, signers, users } from './world.ts'

/** Records every run; returns how many answers there are. */
export async function recordDecisions(java: JavaRecorders, workFolder: string): Promise<number> {
  const recorded: Record<string, object> = {}
  let answers = 0
  for (const run of Object.keys(runs) as RunName[]) {
    const folder = join(workFolder, `acl-${run.replaceAll(' ', '-')}`)
    mkdirSync(folder)
    const broker = await startBroker(java, folder, brokerSettings(run))
    try {
      await fill(broker.port)
      const asUsers = run === 'both' || run === 'stateful' ? await askAsUsers(broker.port) : []
      const withCredentials = await askWithCredentials(broker.port)
      const inSequence = await askInSequence(broker.port)
      for (const row of [...asUsers, ...withCredentials]) answers += Object.keys(row.answers).length
      for (const one of inSequence) answers += one.answers.length
      recorded[run] = { settings: brokerSettings(run), asUsers, withCredentials, inSequence }
    } finally {
      await broker.close()
    }
  }
  const provenance = provenanceOf('acl-decisions', 'src/acl/decisions.ts', java.javaVersion)
  writeFixture(join(goldenFolders.acl, 'decisions.json'), provenance, {
    clusterName,
    users,
    policies,
    probes,
    signers: Object.fromEntries(Object.keys(signers).map((who) => [who, signerOf(who) ?? null])),
    sequences,
    runs: recorded,
  })
  return answers
}

/** Records the talk about users and policies; returns how many steps it has. */
export async function recordAdminDialogue(
  java: JavaRecorders,
  workFolder: string,
): Promise<number> {
  const folder = join(workFolder, 'acl-admin')
  mkdirSync(folder)
  const broker = await startBroker(java, folder, brokerSettings('both'))
  try {
    const outcomes = await holdAdminDialogue(broker.port)
    const provenance = provenanceOf('acl-admin', 'src/acl/decisions.ts', java.javaVersion)
    writeFixture(join(goldenFolders.acl, 'admin-dialogue.json'), provenance, {
      settings: brokerSettings('both'),
      steps: adminSteps.map((step, index) => ({ ...step, answer: outcomes[index] })),
    })
    return outcomes.length
  } finally {
    await broker.close()
  }
}
