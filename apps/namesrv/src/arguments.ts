// SPDX-License-Identifier: Apache-2.0
// What the command line, its file and the environment ask for.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseNameServerConfig, type NameServerConfig } from '@rocketmq-ts/namesrv'
import {
  parseAddress,
  parseJavaProperties,
  parseSerializeType,
  parseTlsSettings,
  withoutTlsKeys,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import type { Files } from '@rocketmq-ts/runtime'
import { splitAccessKeys } from './access.ts'

export const USAGE: string = `usage: mqnamesrv [-c <file>] [-p] [--health <host:port>]
  -c, --configFile <file>   read keys such as listenPort and kvConfigPath from a Java .properties file
  -p, --printConfigItem     print every setting and end
  -h, --help                print this and end
      --health <host:port>  answer GET /live and GET /ready there (or the variable ROCKETMQ_HEALTH)
The variable ROCKETMQ_LOG_LEVEL says what is logged: trace, debug, info (unless told), warn, error or silent.
The variable ROCKETMQ_SERIALIZE_TYPE says how the name server's own requests are encoded: JSON (unless told) or ROCKETMQ.
`

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

export interface Arguments {
  readonly config: NameServerConfig
  readonly tls: TlsSettings
  /** What access control follows, in Java's names. */
  readonly access: ReadonlyMap<string, string>
  readonly configPath: string | undefined
  /** Where health is asked for; undefined: nowhere. */
  readonly health: { readonly host: string; readonly port: number } | undefined
  readonly logLevel: string
  readonly serializeType: SerializeType
  readonly print: boolean
  readonly help: boolean
}

/** @throws {Error} saying in one line what does not fit. */
export function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  files: Files,
): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      configFile: { type: 'string', short: 'c' },
      printConfigItem: { type: 'boolean', short: 'p', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      health: { type: 'string' },
    },
  })
  const path = values.configFile
  const given = parseJavaProperties(path === undefined ? '' : readFileSync(path, 'utf8'))
  const tls = parseTlsSettings(given, files)
  const { access, others } = splitAccessKeys(withoutTlsKeys(given))
  const settings = new Map(others)
  const home = environment['ROCKETMQ_HOME']
  if (home) settings.set('rocketmqHome', home)
  const logLevel = environment['ROCKETMQ_LOG_LEVEL'] || 'info'
  if (!LEVELS.includes(logLevel)) {
    throw new Error(`ROCKETMQ_LOG_LEVEL=${logLevel}: must be one of ${LEVELS.join(', ')}`)
  }
  const health = values.health ?? environment['ROCKETMQ_HEALTH']
  return {
    config: parseNameServerConfig(settings),
    tls,
    access,
    configPath: path,
    health: health ? parseAddress(health) : undefined,
    logLevel,
    serializeType: parseSerializeType(environment['ROCKETMQ_SERIALIZE_TYPE']),
    print: values.printConfigItem,
    help: values.help,
  }
}
