// SPDX-License-Identifier: Apache-2.0
// Starts a Java broker without name servers, of 5.5.0 or an older release, and waits until it answers.

import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JavaRecorders } from '../java.ts'
import { freePort } from '../servers.ts'
import { Asker } from './ask.ts'
import { clusterName } from './world.ts'

export interface JavaBroker {
  readonly port: number
  close(): Promise<void>
}

/** Starts a broker of the recorders' release, data under `folder`. */
export function startBroker(
  java: Pick<JavaRecorders, 'classPath'>,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<JavaBroker> {
  return startBrokerOf(java.classPath, folder, settings)
}

/** Starts a broker from any class path. */
export async function startBrokerOf(
  classPath: string,
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
  // Releases before 5 look for this file in the home directory, and end without it.
  mkdirSync(join(folder, 'conf'), { recursive: true })
  writeFileSync(join(folder, 'conf', 'logback_broker.xml'), '<configuration/>')
  const child = spawn('java', [
    '-Xmx512m',
    '-Duser.timezone=UTC',
    '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
    '--add-opens=java.base/java.nio=ALL-UNNAMED',
    `-Duser.home=${folder}`,
    `-Drocketmq.home.dir=${folder}`,
    '-cp',
    classPath,
    'org.apache.rocketmq.broker.BrokerStartup',
    '-c',
    file,
  ])
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
