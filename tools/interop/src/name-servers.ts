// SPDX-License-Identifier: Apache-2.0
// Further name servers beside the one of a stage: started, killed and started again on their own ports.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Java, startJava } from './java.ts'
import { Child, waitFor } from './processes.ts'
import { registeredBrokers } from './requests.ts'
import { ourMain, type ServerKind } from './servers.ts'

export interface NameServerOptions {
  readonly java: Java
  readonly kind: ServerKind
  readonly folder: string
  readonly port: number
  readonly built: boolean
  /** Options of a Java name server's virtual machine. */
  readonly javaOptions?: readonly string[]
  /** Further keys of namesrv.conf. */
  readonly config?: Readonly<Record<string, string>>
}

/** One name server with a folder of its own. */
export class NameServerProcess {
  readonly port: number
  readonly #options: NameServerOptions
  #child: Child | undefined

  private constructor(options: NameServerOptions) {
    this.port = options.port
    this.#options = options
  }

  /** Starts it and waits until it answers. */
  static async start(options: NameServerOptions): Promise<NameServerProcess> {
    const { config, folder, port } = options
    await mkdir(folder, { recursive: true })
    const keys = {
      listenPort: String(port),
      kvConfigPath: join(folder, 'kvConfig.json'),
      ...config,
    }
    const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`)
    await writeFile(join(folder, 'namesrv.conf'), lines.join(''))
    const server = new NameServerProcess(options)
    await server.restart()
    return server
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async restart(): Promise<void> {
    const { built, folder, java, javaOptions, kind } = this.#options
    const args = ['-c', join(folder, 'namesrv.conf')]
    const child =
      kind === 'java'
        ? await startJava(java, {
            name: 'Java name server',
            main: 'org.apache.rocketmq.namesrv.NamesrvStartup',
            folder,
            options: javaOptions ?? ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC'],
            args,
          })
        : new Child({
            name: 'our name server',
            command: process.execPath,
            args: [ourMain('namesrv', built), ...args],
            folder,
          })
    this.#child = child
    await waitFor(
      `${child.name} answers`,
      async () => {
        if (!child.running) throw new Error(`${child.name} ended (${child.end})${child.tail()}`)
        return (await registeredBrokers(this.port)) !== undefined
      },
      60_000,
    )
  }

  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL', 1000)
  }
}
