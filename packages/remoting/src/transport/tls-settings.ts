// SPDX-License-Identifier: Apache-2.0
// What Java's system properties tls.* and its file tls.properties say, in one record.
//
// Source: TlsSystemConfig, TlsHelper. We have no system properties: the same names stand in a server's configuration file.
import type { ClientCertificate, Files } from '@rocketmq-ts/runtime'
import { parseJavaProperties } from '../java-properties.ts'

/** Whether a server serves TLS connections: none, both kinds on one port, nothing else. */
export type TlsMode = 'disabled' | 'permissive' | 'enforcing'

/** Files of one side; paths. */
export interface TlsFiles {
  readonly keyPath?: string
  readonly keyPassword?: string
  readonly certPath?: string
  /** Whose signatures count; absent: those the platform ships with. */
  readonly trustCertPath?: string
}

/** Settings of both sides, as Java has them in one place too. */
export interface TlsSettings {
  readonly mode: TlsMode
  /** Whether requests to others, those of a broker to its name servers for instance, go through TLS. Java: tls.enable. */
  readonly clientEnabled: boolean
  /** No files: a server makes a certificate of its own, a client takes any. True unless told, as in Java. */
  readonly testMode: boolean
  readonly server: TlsFiles & {
    readonly needClientAuth: ClientCertificate
    /** Refuse clients whose certificate nobody trusted has signed. */
    readonly authClient: boolean
  }
  readonly client: TlsFiles & {
    /** Refuse servers whose certificate nobody trusted has signed. */
    readonly authServer: boolean
    /** Also refuse one that was made out to another name, which Java never looks at. */
    readonly verifiesName?: boolean
  }
  readonly ciphers?: readonly string[]
  readonly protocols?: readonly string[]
}

/** Where Java looks for the file that holds everything but the mode, when nothing else was said. */
export const DEFAULT_TLS_CONFIG_FILE = '/etc/rocketmq/tls.properties'

const KEYS: ReadonlySet<string> = new Set([
  'tls.server.mode',
  'tls.enable',
  'tls.config.file',
  'tls.test.mode.enable',
  'tls.server.need.client.auth',
  'tls.server.keyPath',
  'tls.server.keyPassword',
  'tls.server.certPath',
  'tls.server.authClient',
  'tls.server.trustCertPath',
  'tls.client.keyPath',
  'tls.client.keyPassword',
  'tls.client.certPath',
  'tls.client.authServer',
  'tls.client.trustCertPath',
  'tls.ciphers',
  'tls.protocols',
])

/** The same keys without those about TLS. */
export function withoutTlsKeys(given: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...given].filter(([key]) => !key.startsWith('tls.')))
}

/**
 * Reads the keys that begin with `tls.`; what stands in the file of `tls.config.file` wins over them, as in Java. Other keys are passed over.
 * @throws {TypeError} naming a key that does not exist or whose value does not fit.
 */
export function parseTlsSettings(
  given: ReadonlyMap<string, string>,
  files?: Pick<Files, 'readFile'>,
): TlsSettings {
  const keys = new Map([...given].filter(([key]) => key.startsWith('tls.')))
  const path = keys.get('tls.config.file') ?? DEFAULT_TLS_CONFIG_FILE
  const mode = oneOf(keys, 'tls.server.mode', ['disabled', 'permissive', 'enforcing'], 'permissive')
  // The file says nothing about these two.
  const clientEnabled = flag(keys, 'tls.enable', mode === 'enforcing')
  for (const [key, value] of readConfigFile(path, files)) keys.set(key, value)
  for (const key of keys.keys()) {
    if (!KEYS.has(key)) throw new TypeError(`TLS configuration: unknown key ${key}`)
  }
  const ciphers = list(keys, 'tls.ciphers')
  const protocols = list(keys, 'tls.protocols')
  return {
    mode,
    clientEnabled,
    testMode: flag(keys, 'tls.test.mode.enable', true),
    server: {
      ...sideFiles(keys, 'tls.server'),
      needClientAuth: oneOf(
        keys,
        'tls.server.need.client.auth',
        ['none', 'optional', 'require'],
        'none',
      ),
      authClient: flag(keys, 'tls.server.authClient', false),
    },
    client: {
      ...sideFiles(keys, 'tls.client'),
      authServer: flag(keys, 'tls.client.authServer', false),
    },
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(protocols === undefined ? {} : { protocols }),
  }
}

function readConfigFile(
  path: string,
  files: Pick<Files, 'readFile'> | undefined,
): Iterable<[string, string]> {
  const bytes = files?.readFile(path)
  if (bytes === undefined) return []
  return [...parseJavaProperties(Buffer.from(bytes).toString('latin1'))].filter(([key]) =>
    key.startsWith('tls.'),
  )
}

function sideFiles(keys: ReadonlyMap<string, string>, prefix: string): TlsFiles {
  const found: Record<string, string> = {}
  for (const name of ['keyPath', 'keyPassword', 'certPath', 'trustCertPath']) {
    const value = keys.get(`${prefix}.${name}`)
    if (value !== undefined && value !== '') found[name] = value
  }
  return found
}

function flag(keys: ReadonlyMap<string, string>, key: string, initial: boolean): boolean {
  return oneOf(keys, key, ['true', 'false'], initial ? 'true' : 'false') === 'true'
}

function oneOf<T extends string>(
  keys: ReadonlyMap<string, string>,
  key: string,
  values: readonly T[],
  initial: T,
): T {
  const given = keys.get(key)?.trim().toLowerCase()
  if (given === undefined || given === '') return initial
  const value = values.find((one) => one === given)
  if (value === undefined) {
    throw new TypeError(`TLS configuration: ${key} must be one of ${values.join(', ')}`)
  }
  return value
}

function list(keys: ReadonlyMap<string, string>, key: string): readonly string[] | undefined {
  const items = (keys.get(key) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items.length === 0 ? undefined : items
}
