// SPDX-License-Identifier: Apache-2.0
// Finds free ports for the Java servers, and starts and stops such servers.

import { createServer, type AddressInfo } from 'node:net'
import type { JavaRecorders } from './java.ts'

/**
 * Returns a port such that it, the one after it and the one two before it are free:
 * a broker also listens for replicas (here one above) and on its fast port (two below).
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_003 + Math.floor(Math.random() * 40_000)
    const free = await Promise.all([port - 2, port, port + 1].map(isFree))
    if (free.every(Boolean)) return port
  }
  throw new Error('found no free port between 20000 and 60000')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => {
      const address = probe.address() as AddressInfo
      probe.close(() => resolve(address.port === port))
    })
  })
}

/** A Java name server and broker in one process. */
export interface JavaServers {
  readonly namesrvPort: number
  readonly brokerPort: number
  /** Ends the process. */
  close(): Promise<void>
}

/** Starts a name server and a broker with default settings, data under `folder`. */
export async function startServers(java: JavaRecorders, folder: string): Promise<JavaServers> {
  const namesrvPort = await freePort()
  const brokerPort = await freePort()
  const child = java.spawn('RunServers', [folder, String(namesrvPort), String(brokerPort)], {
    // Java otherwise leaves the place out of exceptions it has thrown often, and so out of remarks.
    jvmArgs: [`-Duser.home=${folder}`, '-XX:-OmitStackTraceInFastThrow'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the Java servers were not ready after 60 s')),
      60_000,
    )
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (!output.includes('READY')) return
      clearTimeout(timer)
      resolve()
    })
    void ended.then(() => {
      clearTimeout(timer)
      reject(new Error(`the Java servers ended at once: ${output.slice(-2000)}`))
    })
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    namesrvPort,
    brokerPort,
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
