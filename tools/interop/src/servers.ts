// SPDX-License-Identifier: Apache-2.0
// A name server and a broker, each Java's or ours, in one temporary folder: start, stop, kill, start again.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Java, repositoryRoot, startJava } from './java.ts'
import { pickPorts, type Ports } from './ports.ts'
import { Child, waitFor } from './processes.ts'
import { registeredBrokers } from './requests.ts'
import { builtMain } from '../../workspace/built-programs.ts'

export type ServerKind = 'java' | 'ours'

export interface ServerOptions {
  readonly java: Java
  /** Where configuration, store and logs go. */
  readonly folder: string
  readonly namesrv: ServerKind
  readonly broker: ServerKind
  /** Run dist/main.js instead of src/main.ts of our servers. */
  readonly built?: boolean
  readonly ports?: Ports
  readonly brokerName?: string
  /** Further keys of broker.conf. */
  readonly brokerConfig?: Readonly<Record<string, string>>
  /** Options of the Java broker's virtual machine. */
  readonly javaBrokerOptions?: readonly string[]
}

export const clusterName = 'InteropCluster'
const defaultBrokerName = 'interop-broker'

const startTimeoutMs = 60_000
const javaBrokerOptions = ['-Xms512m', '-Xmx1g', '-XX:MaxDirectMemorySize=1g']

/** Our command as it runs from the sources, or as it is published; see installBuiltPrograms. */
export function ourMain(app: 'namesrv' | 'broker', built: boolean): string {
  return built ? builtMain(`mq${app}`) : join(repositoryRoot, 'apps', app, 'src/main.ts')
}

/** One name server and one broker. */
export class Servers {
  readonly ports: Ports
  readonly storeFolder: string
  readonly brokerName: string
  readonly #options: ServerOptions
  #brokerKind: ServerKind
  #namesrv: Child | undefined
  #broker: Child | undefined

  private constructor(options: ServerOptions, ports: Ports) {
    this.#options = options
    this.ports = ports
    this.#brokerKind = options.broker
    this.storeFolder = join(options.folder, 'store')
    this.brokerName = options.brokerName ?? defaultBrokerName
  }

  /** Starts both and waits until the broker is registered. */
  static async start(options: ServerOptions): Promise<Servers> {
    const servers = await Servers.startNamesrvOnly(options)
    try {
      await servers.startBroker()
    } catch (error) {
      await servers.close()
      throw error
    }
    return servers
  }

  /** Starts the name server; the broker is started by a later call. */
  static async startNamesrvOnly(options: ServerOptions): Promise<Servers> {
    const servers = new Servers(options, options.ports ?? (await pickPorts()))
    await mkdir(options.folder, { recursive: true })
    await servers.#writeConfigs()
    try {
      await servers.#startNamesrv()
    } catch (error) {
      await servers.close()
      throw error
    }
    return servers
  }

  get namesrvAddress(): string {
    return `127.0.0.1:${this.ports.namesrv}`
  }

  get brokerAddress(): string {
    return `127.0.0.1:${this.ports.broker}`
  }

  get brokerPid(): number {
    return this.#broker?.pid ?? 0
  }

  get namesrvPid(): number {
    return this.#namesrv?.pid ?? 0
  }

  async #writeConfigs(): Promise<void> {
    const { folder, brokerConfig } = this.#options
    const broker = {
      brokerClusterName: clusterName,
      brokerName: this.brokerName,
      brokerId: '0',
      brokerIP1: '127.0.0.1',
      brokerIP2: '127.0.0.1',
      listenPort: String(this.ports.broker),
      haListenPort: String(this.ports.broker + 1),
      namesrvAddr: this.namesrvAddress,
      storePathRootDir: this.storeFolder,
      storePathCommitLog: join(this.storeFolder, 'commitlog'),
      autoCreateTopicEnable: 'true',
      // A full disk is not what these lanes are about.
      diskMaxUsedSpaceRatio: '95',
      // A Java broker drops one-way sends that wait longer than this for a thread, 200 ms unless told: on a busy machine it would.
      waitTimeMillsInSendQueue: '20000',
      ...brokerConfig,
    }
    await writeFile(join(folder, 'broker.conf'), asProperties(broker))
    const namesrv = {
      listenPort: String(this.ports.namesrv),
      kvConfigPath: join(folder, 'kvConfig.json'),
      configStorePath: join(folder, 'namesrv.properties'),
    }
    await writeFile(join(folder, 'namesrv.conf'), asProperties(namesrv))
  }

  async #startNamesrv(): Promise<void> {
    const conf = join(this.#options.folder, 'namesrv.conf')
    this.#namesrv =
      this.#options.namesrv === 'java'
        ? await startJava(this.#options.java, {
            name: 'Java name server',
            main: 'org.apache.rocketmq.namesrv.NamesrvStartup',
            folder: this.#options.folder,
            options: ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC'],
            args: ['-c', conf],
          })
        : this.#startOurs('namesrv', conf)
    const child = this.#namesrv
    await waitReady(
      child,
      async () => (await registeredBrokers(this.ports.namesrv)) !== undefined,
      'the name server answers',
    )
  }

  /** Starts the broker and waits until it is registered; `kind` may differ from the one that wrote the store. */
  async startBroker(kind: ServerKind = this.#brokerKind): Promise<void> {
    await waitReady(
      await this.spawnBroker(kind),
      async () => (await registeredBrokers(this.ports.namesrv))?.includes(this.brokerName) === true,
      'the broker is registered',
    )
  }

  /** Starts the broker's process and returns at once. */
  async spawnBroker(kind: ServerKind = this.#brokerKind): Promise<Child> {
    const conf = join(this.#options.folder, 'broker.conf')
    this.#brokerKind = kind
    this.#broker =
      kind === 'java'
        ? await startJava(this.#options.java, {
            name: 'Java broker',
            main: 'org.apache.rocketmq.broker.BrokerStartup',
            folder: this.#options.folder,
            options: this.#options.javaBrokerOptions ?? javaBrokerOptions,
            args: ['-c', conf],
          })
        : this.#startOurs('broker', conf)
    return this.#broker
  }

  #startOurs(app: 'namesrv' | 'broker', conf: string): Child {
    return new Child({
      name: `our ${app === 'namesrv' ? 'name server' : 'broker'}`,
      command: process.execPath,
      args: [ourMain(app, this.#options.built === true), '-c', conf],
      folder: this.#options.folder,
    })
  }

  /** kill -9; returns once the process is gone and the name server has noticed. */
  async killBroker(): Promise<void> {
    await this.#broker?.stop('SIGKILL', 1000)
    await this.#brokerForgotten()
  }

  /** Clean stop. Java's broker shuts its services down one after another, which takes about 13 s. */
  async stopBroker(): Promise<void> {
    const end = await this.#broker?.stop('SIGTERM', 60_000)
    if (end === 'SIGKILL') throw new Error(`the broker did not stop within 60 s after SIGTERM`)
    await this.#brokerForgotten()
  }

  async #brokerForgotten(): Promise<void> {
    if (this.#namesrv?.running !== true) return
    await waitFor(
      'the name server forgets the stopped broker',
      async () =>
        (await registeredBrokers(this.ports.namesrv))?.includes(this.brokerName) === false,
      15_000,
    )
  }

  /** What both servers printed and logged last, for a failure report. */
  async logs(): Promise<string> {
    const log = await readFile(join(this.#options.folder, 'rocketmq.log'), 'utf8').catch(() => '')
    const parts = [this.#namesrv, this.#broker].map((child) =>
      child === undefined
        ? ''
        : `  ${child.name} (${child.running ? 'running' : child.end})${child.tail()}`,
    )
    if (log !== '')
      parts.push(`  rocketmq.log\n    ${log.trimEnd().split('\n').slice(-15).join('\n    ')}`)
    return parts.join('\n')
  }

  /** Ends both at once; nothing that they hold is needed any more. */
  async close(): Promise<void> {
    await Promise.all([this.#broker?.stop('SIGKILL', 1000), this.#namesrv?.stop('SIGKILL', 1000)])
  }
}

async function waitReady(child: Child, ready: () => Promise<boolean>, what: string): Promise<void> {
  await waitFor(
    `${child.name}: ${what}`,
    async () => {
      if (!child.running) throw new Error(`${child.name} ended (${child.end})${child.tail()}`)
      return await ready()
    },
    startTimeoutMs,
  ).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error)
    throw new Error(text.includes('\n') ? text : text + child.tail())
  })
}

function asProperties(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
