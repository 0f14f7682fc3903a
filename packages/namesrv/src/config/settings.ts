// SPDX-License-Identifier: Apache-2.0
// The configuration in force: printed as Java prints it, changed while the name server runs, kept in its file.
import { parseJavaProperties, writeJavaProperties } from '@rocketmq-ts/remoting'
import { writeFileAtomically, type Files, type Host, type Logger } from '@rocketmq-ts/runtime'
import { configOf, faultOfKey, isLiveKey, type NameServerConfig } from '../config.ts'
import { javaKeyByName, javaKeys, normalized, type JavaClass } from './java-keys.ts'

export interface NameServerSettingsOptions {
  readonly config: NameServerConfig
  readonly host: Pick<Host, 'homeDirectory'>
  readonly files: Files
  readonly logger: Logger
  /** The file given with -c: changed keys are kept there. Absent: changes last until the name server stops. */
  readonly path?: string
}

/** Java refuses these whatever the black list says. @see DefaultRequestProcessor.initConfigBlackList */
const ALWAYS_REFUSED = ['configBlackList', 'configStorePath', 'kvConfigPath', 'rocketmqHome']

/** A name server's settings and what may be done with them. */
export class NameServerSettings {
  readonly #options: NameServerSettingsOptions
  readonly #refused: ReadonlySet<string>
  #current: NameServerConfig
  #listenPort: number

  constructor(options: NameServerSettingsOptions) {
    this.#options = options
    this.#current = options.config
    this.#listenPort = options.config.listenPort
    this.#refused = new Set([...ALWAYS_REFUSED, ...options.config.configBlackList])
  }

  /** What holds now. Do not keep it: a change makes a new one. */
  get current(): NameServerConfig {
    return this.#current
  }

  get kvConfigPath(): string {
    const { config, host } = this.#options
    return config.kvConfigPath ?? `${host.homeDirectory}/namesrv/kvConfig.json`
  }

  /** Notes the port that was taken where any free one was asked for. */
  listensOn(port: number): void {
    if (this.#listenPort === 0) this.#listenPort = port
  }

  /** Whether an administrator may not change a key. */
  isRefused(key: string): boolean {
    return this.#refused.has(key)
  }

  /** What GET_NAMESRV_CONFIG answers: the keys of the name server and its port, and what else was given, sorted. */
  asProperties(): string {
    const isShown = ([name]: readonly [string, string]): boolean =>
      javaKeyByName.get(name)?.of !== 'client' || this.#current.given.has(name)
    return [...this.#texts()]
      .filter(isShown)
      .map(([name, text]) => `${name}=${text}\n`)
      .sort()
      .join('')
  }

  /** What `-p` prints: every key of Java's three classes in their order, also those without a value. */
  asPrinted(): string {
    const texts = this.#texts()
    const lines = (of: JavaClass): string[] =>
      javaKeys
        .filter((key) => key.of === of)
        .map(({ name }) => `${name}=${texts.get(name) ?? ''}\n`)
    return [...lines('namesrv'), ...lines('server'), ...lines('client')].join('')
  }

  #texts(): Map<string, string> {
    const { host, path } = this.#options
    const own = new Map([
      ['listenPort', String(this.#listenPort)],
      ['kvConfigPath', this.kvConfigPath],
      ['configStorePath', path ?? `${host.homeDirectory}/namesrv/namesrv.properties`],
    ])
    const texts = new Map<string, string>()
    for (const { name, type, fallback } of javaKeys) {
      const given = this.#current.given.get(name)
      // A port that was changed while running is shown as changed, as in Java; it holds from the next start on.
      const isAsStarted = given === this.#options.config.given.get(name)
      const text = isAsStarted ? (own.get(name) ?? given ?? fallback) : given
      if (text !== undefined) texts.set(name, normalized(type, text))
    }
    return texts
  }

  /**
   * Takes over what an administrator changed and keeps it in the file. Keys that Java does not know are left out, and values
   * that do not fit are logged and left out, both without an error, as Java does.
   * @returns the keys that were changed.
   */
  update(changes: ReadonlyMap<string, string>): readonly string[] {
    const { config, logger } = this.#options
    const before = this.#texts()
    const given = new Map(this.#current.given)
    const changed: string[] = []
    for (const [key, value] of changes) {
      const known = javaKeyByName.get(key)
      if (known === undefined || known.of === 'client') continue
      const fault = faultOfKey(key, value)
      if (fault !== undefined) {
        logger.error({ key, value, fault }, 'a name server setting cannot be changed so')
        continue
      }
      if (before.get(key) === normalized(known.type, value)) continue
      given.set(key, value)
      changed.push(key)
      if (isLiveKey(key)) logger.info({ key, value }, 'a name server setting was changed')
      else if (known.inert === undefined) {
        logger.warn({ key, value }, 'a name server setting takes effect at the next start')
      } else logger.warn({ key, value, reason: known.inert }, 'a setting has no effect here')
    }
    if (changed.length === 0) return changed
    this.#current = { ...configOf(onlyLive(config.given, given)), given }
    this.#keep(changed)
    return changed
  }

  /** Writes only the changed keys into the file; its other lines keep their values. */
  #keep(changed: readonly string[]): void {
    const { path, files, logger } = this.#options
    if (path === undefined) return
    try {
      const before = files.readFile(path)
      const kept = new Map(parseJavaProperties(Buffer.from(before ?? []).toString('utf8')))
      for (const key of changed) kept.set(key, this.#current.given.get(key) ?? '')
      writeFileAtomically(files, path, Buffer.from(writeJavaProperties(kept), 'utf8'))
    } catch (err) {
      logger.error({ err, path }, 'the changed name server settings could not be written')
    }
  }
}

/** Keys that only a start reads stay what they were at the start. */
function onlyLive(
  started: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...started, ...[...next].filter(([key]) => isLiveKey(key))])
}
