// SPDX-License-Identifier: Apache-2.0
// Records what a Java broker with access control decides, run by run.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goldenFolders, provenanceOf, writeFixture } from '../fixtures.ts'
import type { JavaRecorders } from '../java.ts'
import { freePort } from '../servers.ts'
import { adminSteps, holdAdminDialogue } from './admin-dialogue.ts'
import { Asker } from './ask.ts'
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

interface JavaBroker {
  readonly port: number
  close(): Promise<void>
}

/** Starts a broker without name servers, data under `folder`. */
export async function startBroker(
  java: JavaRecorders,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<JavaBroker> {
  const port = await freePort()
  const file = join(folder, 'broker.conf')
  const all = {
    brokerClusterName: clusterName,
    brokerName: 'acl-broker',
    brokerIP1: '127.0.0.1',
    listenPort: String(port),
    haListenPort: String(port + 1),
    storePathRootDir: join(folder, 'store'),
    storePathCommitLog: join(folder, 'store', 'commitlog'),
    mappedFileSizeCommitLog: String(16 * 1024 * 1024),
    diskMaxUsedSpaceRatio: '95',
    ...settings,
  }
  const lines = Object.entries(all).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(file, lines.join(''))
  const child = java.spawn('org.apache.rocketmq.broker.BrokerStartup', ['-c', file], {
    jvmArgs: [`-Duser.home=${folder}`, `-Drocketmq.home.dir=${folder}`],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let output = ''
  const note = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  const broker: JavaBroker = {
    port,
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
  const deadlineMs = performance.now() + 60_000
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await broker.close()
      throw new Error(`the Java broker does not serve: ${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return broker
}

/** Any answer will do, and a refusal is the likely one. */
async function answers(port: number): Promise<boolean> {
  try {
    const asker = await Asker.open(port)
    const { code } = await asker.ask({ code: 26, fields: { any: '1' } })
    asker.close()
    return code >= 0
  } catch {
    return false
  }
}
