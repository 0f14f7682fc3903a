// SPDX-License-Identifier: Apache-2.0
// Reads keys and certificates of one side, and reads them again when their files change; open connections stay.
import {
  silentLogger,
  type Cancel,
  type Logger,
  type Runtime,
  type TlsContext,
  type TlsOptions,
} from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'
import type { TlsFiles, TlsSettings } from './tls-settings.ts'

/** How often Java's FileWatchService looks. */
const WATCH_PERIOD_MS = 500

/** What reading keys takes of the outside. Without files only the test mode works. */
export type TlsRuntime = Pick<Runtime, 'timers' | 'network'> & Partial<Pick<Runtime, 'files'>>

/** Keys and certificates of one side, as they are in their files now. */
export class TlsKeys {
  readonly #side: 'server' | 'client'
  readonly #settings: TlsSettings
  readonly #runtime: TlsRuntime
  readonly #logger: Logger
  readonly #paths: readonly string[]
  #context: TlsContext | undefined
  #seen = ''
  readonly #stopWatching: Cancel | undefined

  /** @throws {RMQ_INVALID_ARGUMENT} when a file is missing, cannot be read or does not fit the others. */
  constructor(
    side: 'server' | 'client',
    settings: TlsSettings,
    runtime: TlsRuntime,
    logger: Logger = silentLogger,
  ) {
    this.#side = side
    this.#settings = settings
    this.#runtime = runtime
    this.#logger = logger
    this.#paths = settings.testMode ? [] : pathsOf(settings[side])
    if (settings.testMode) return
    this.#seen = this.#stamp()
    this.#context = this.#load()
    if (this.#paths.length > 0) {
      this.#stopWatching = runtime.timers.every(WATCH_PERIOD_MS, () => this.#watch())
    }
  }

  /** For the next connection. In test mode the certificate is made when the first one needs it. */
  context(): TlsContext {
    this.#context ??= this.#load()
    return this.#context
  }

  /** Stops watching the files. */
  close(): void {
    this.#stopWatching?.()
  }

  #load(): TlsContext {
    const { network } = this.#runtime
    try {
      return network.createTlsContext(this.#options())
    } catch (cause) {
      throw new RocketMQError(
        'RMQ_INVALID_ARGUMENT',
        `cannot use the TLS keys of the ${this.#side} (${this.#paths.join(', ') || 'test mode'}): ${
          cause instanceof Error ? cause.message : String(cause)
        }`,
        { cause },
      )
    }
  }

  #options(): TlsOptions {
    const settings = this.#settings
    const isServer = this.#side === 'server'
    const common = {
      side: this.#side,
      ...(settings.ciphers === undefined ? {} : { ciphers: settings.ciphers }),
      ...(settings.protocols === undefined ? {} : { protocols: settings.protocols }),
    }
    if (settings.testMode) {
      return isServer
        ? { ...common, selfSigned: true, clientCertificate: 'optional', verifiesPeer: false }
        : { ...common, verifiesPeer: false }
    }
    const { keyPath, keyPassword, certPath, trustCertPath } = settings[this.#side]
    return {
      ...common,
      ...(certPath === undefined ? {} : { certificateChain: this.#read(certPath) }),
      ...(keyPath === undefined ? {} : { privateKey: this.#read(keyPath) }),
      ...(keyPassword === undefined ? {} : { privateKeyPassword: keyPassword }),
      ...(trustCertPath === undefined ? {} : { trustedCertificates: this.#read(trustCertPath) }),
      ...(isServer
        ? {
            clientCertificate: settings.server.needClientAuth,
            verifiesPeer: settings.server.authClient,
          }
        : {
            verifiesPeer: settings.client.authServer,
            verifiesName: settings.client.verifiesName ?? false,
          }),
    }
  }

  #read(path: string): string {
    const bytes = this.#runtime.files?.readFile(path)
    if (bytes === undefined) throw new Error(`${path} does not exist`)
    return Buffer.from(bytes).toString('latin1')
  }

  /** Replaced files are told by time and length. */
  #stamp(): string {
    const { files } = this.#runtime
    return this.#paths
      .map((path) => {
        const stat = files?.stat(path)
        return `${stat?.modifiedMs}/${stat?.byteLength}`
      })
      .join(' ')
  }

  #watch(): void {
    try {
      const stamp = this.#stamp()
      if (stamp === this.#seen) return
      this.#seen = stamp
      this.#context = this.#load()
      this.#logger.info({ side: this.#side, paths: this.#paths }, 'TLS keys were read again')
    } catch (err) {
      // Key and certificate are replaced one after the other: between the two they do not fit. The next change is tried again.
      this.#logger.warn(
        { side: this.#side, paths: this.#paths, err },
        'changed TLS keys cannot be used, those read before stay',
      )
    }
  }
}

function pathsOf(files: TlsFiles): readonly string[] {
  const { keyPath, certPath, trustCertPath } = files
  return [keyPath, certPath, trustCertPath].filter((path) => path !== undefined)
}
