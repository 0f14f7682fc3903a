// SPDX-License-Identifier: Apache-2.0
// The configuration in force: filled from the machine at start, changed while the broker runs, kept in its file.
import { writeFileAtomically, type Files, type Host, type Logger } from '@rocketmq-ts/runtime'
import { parseJavaProperties, writeJavaProperties } from '@rocketmq-ts/remoting'
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'
import {
  defaultOf,
  isChangeableKey,
  isLive,
  parseBrokerConfig,
  printedKeys,
  type BrokerConfig,
} from '../config.ts'
import { firstVersion, nextVersion } from '../data-version-step.ts'

/** What the settings need of the outside. */
export interface BrokerSettingsOptions {
  readonly config: BrokerConfig
  readonly host: Pick<Host, 'hostName' | 'ipAddresses' | 'homeDirectory'>
  readonly files: Files
  readonly logger: Logger
  readonly nowMs: () => number
  /** The file given with -c: changed keys are kept there. Absent: changes last until the broker stops. */
  readonly path?: string
}

/** A broker's settings and what may be done with them. */
export class BrokerSettings {
  readonly #options: BrokerSettingsOptions
  #current: BrokerConfig
  #version: DataVersion

  constructor(options: BrokerSettingsOptions) {
    this.#options = options
    this.#current = this.#filled(options.config)
    this.#version = firstVersion(options.nowMs())
  }

  /** What holds now. Do not keep it: a change makes a new one. */
  get current(): BrokerConfig {
    return this.#current
  }

  /** The version GET_BROKER_CONFIG tells. */
  get version(): DataVersion {
    return this.#version
  }

  /** Every key with its value, sorted, one per line, as GET_BROKER_CONFIG answers. Keys without a value are left out. */
  asProperties(): string {
    const { given, brokerName, ip, replicationIp, replicationPort } = this.#current
    const own = new Map<string, string>([
      ['brokerName', brokerName],
      ['brokerIP1', ip],
      ['brokerIP2', replicationIp],
      ['haListenPort', String(replicationPort)],
      ['storePathRootDir', this.#current.storeDirectory],
    ])
    const lines: string[] = []
    for (const [key] of printedKeys) {
      const value = own.get(key) ?? given.get(key) ?? defaultOf(key)
      if (value !== undefined && key !== 'brokerConfigPath') lines.push(`${key}=${value}\n`)
    }
    return lines.sort().join('')
  }

  /**
   * Takes over what an administrator changed and keeps it in the file. Keys that Java does not know are left out, and values
   * that do not fit are logged and left out, both without an error, as Java does.
   * @returns the keys that were changed.
   */
  update(changes: ReadonlyMap<string, string>): readonly string[] {
    const { logger, config } = this.#options
    let next = this.#current
    const changed: string[] = []
    for (const [key, value] of changes) {
      if (!isChangeableKey(key) || (next.given.get(key) ?? defaultOf(key)) === value) continue
      try {
        next = parseBrokerConfig(new Map([...next.given, [key, value]]))
      } catch (err) {
        logger.error({ err, key, value }, 'a broker setting cannot be changed so')
        continue
      }
      changed.push(key)
      if (isLive(key)) logger.info({ key, value }, 'a broker setting was changed')
      else
        logger.warn(
          { key, value },
          'a broker setting was changed and takes effect at the next start',
        )
    }
    if (changed.length === 0) return changed
    this.#current = this.#filled(onlyLive(config, next))
    this.#version = nextVersion(this.#version, this.#options.nowMs())
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
      logger.error({ err, path }, 'the changed broker settings could not be written')
    }
  }

  #filled(config: BrokerConfig): BrokerConfig {
    const { host } = this.#options
    const ip = config.ip === '' ? ownAddress(host.ipAddresses()) : config.ip
    return Object.freeze({
      ...config,
      brokerName: config.brokerName === '' ? host.hostName : config.brokerName,
      ip,
      replicationIp: config.replicationIp === '' ? ip : config.replicationIp,
      storeDirectory:
        config.storeDirectory === '' ? `${host.homeDirectory}/store` : config.storeDirectory,
    })
  }
}

/** Settings that only a start reads stay what they were at the start; the given texts are all new. */
function onlyLive(started: BrokerConfig, next: BrokerConfig): BrokerConfig {
  const waiting = [...next.given.keys()].filter((key) => !isLive(key))
  const inForce = new Map(next.given)
  for (const key of waiting) {
    const before = started.given.get(key)
    if (before === undefined) inForce.delete(key)
    else inForce.set(key, before)
  }
  return { ...parseBrokerConfig(inForce), given: next.given }
}

/** The address others most likely reach: an IPv4 address that is not 192.168…, else any IPv4, else the first. @see NetworkUtil.getLocalAddress */
function ownAddress(addresses: readonly string[]): string {
  const version4 = addresses.filter((address) => !address.includes(':'))
  return (
    version4.find((address) => !address.startsWith('127.0') && !address.startsWith('192.168')) ??
    version4.at(-1) ??
    addresses[0] ??
    '127.0.0.1'
  )
}
