// SPDX-License-Identifier: Apache-2.0
// Real brokers that hang and die: stopped with SIGSTOP they keep their connections and say nothing; killed, they lose them.

import { join } from 'node:path'
import type { Java } from './java.ts'
import { NameServerProcess } from './name-servers.ts'
import { pickPorts } from './ports.ts'
import { sleep, waitFor } from './processes.ts'
import { registeredBrokers } from './requests.ts'
import { type ServerKind, Servers } from './servers.ts'

/** What the name server knew of one broker, in milliseconds after each signal; NaN where nothing happened in time. */
export interface Stopped {
  /** Was it there without a break until SIGSTOP? */
  readonly stayed: boolean
  readonly goneAfterStopMs: number
  readonly backAfterContinueMs: number
  readonly goneAfterKillMs: number
}

export interface StoppedOptions {
  readonly java: Java
  readonly folder: string
  readonly built: boolean
  readonly namesrv: ServerKind
  readonly broker: ServerKind
  readonly namesrvConfig: Readonly<Record<string, string>>
  readonly brokerConfig: Readonly<Record<string, string>>
  /** How long it is watched while it is well. */
  readonly wellMs: number
}

const brokerName = 'lane-stopped-broker'
const timeoutMs = 30_000

/** Starts a name server and a broker of their own; stops the broker, lets it go on, and kills it. */
export async function lifeOfStoppedBroker(options: StoppedOptions): Promise<Stopped> {
  const { built, folder, java } = options
  const { namesrv: port } = await pickPorts()
  const nameServer = await NameServerProcess.start({
    java,
    kind: options.namesrv,
    folder: join(folder, 'namesrv'),
    port,
    built,
    config: options.namesrvConfig,
  })
  const servers = await Servers.startNamesrvOnly({
    java,
    // Not used: the broker is told of the other one.
    namesrv: 'ours',
    broker: options.broker,
    brokerName,
    folder: join(folder, 'broker'),
    built,
    brokerConfig: {
      namesrvAddr: nameServer.address,
      registerNameServerPeriod: '10000',
      ...options.brokerConfig,
    },
    javaBrokerOptions: ['-Xms256m', '-Xmx512m', '-XX:MaxDirectMemorySize=512m'],
  })
  const isKnown = async (): Promise<boolean> =>
    ((await registeredBrokers(port)) ?? '').includes(brokerName)
  /** How long until it is known, or is not. */
  const until = async (known: boolean): Promise<number> => {
    const begin = performance.now()
    const reached = waitFor('', async () => (await isKnown()) === known, timeoutMs, 20)
    return reached.then(
      () => performance.now() - begin,
      () => Number.NaN,
    )
  }
  try {
    const broker = await servers.spawnBroker()
    await waitFor('the broker to be stopped is registered', isKnown, 60_000)
    let stayed = true
    for (let watchedMs = 0; watchedMs < options.wellMs; watchedMs += 500) {
      await sleep(500)
      stayed &&= await isKnown()
    }
    broker.signal('SIGSTOP')
    const goneAfterStopMs = await until(false)
    broker.signal('SIGCONT')
    const backAfterContinueMs = await until(true)
    broker.signal('SIGKILL')
    return { stayed, goneAfterStopMs, backAfterContinueMs, goneAfterKillMs: await until(false) }
  } finally {
    await servers.close()
    await nameServer.kill()
  }
}
