#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The command mqnamesrv: reads its configuration, starts a name server, and stops it on SIGTERM or SIGINT.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { NameServer, parseNameServerConfig, type NameServerConfig } from '@rocketmq-ts/namesrv'
import {
  parseJavaProperties,
  parseTlsSettings,
  withoutTlsKeys,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { pino } from 'pino'

const USAGE = `usage: mqnamesrv [-c <file>] [-p]
  -c, --configFile <file>   read keys such as listenPort and kvConfigPath from a Java .properties file
  -p, --printConfigItem     print the configuration and end
  -h, --help                print this and end
`

const runtime = nodeRuntime()

interface Arguments {
  readonly config: NameServerConfig
  readonly tls: TlsSettings
  readonly print: boolean
  readonly help: boolean
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      configFile: { type: 'string', short: 'c' },
      printConfigItem: { type: 'boolean', short: 'p', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const text = values.configFile === undefined ? '' : readFileSync(values.configFile, 'utf8')
  const given = parseJavaProperties(text)
  const config = parseNameServerConfig(Object.fromEntries(withoutTlsKeys(given)))
  const tls = parseTlsSettings(given, runtime.files)
  return { config, tls, print: values.printConfigItem, help: values.help }
}

async function main(): Promise<void> {
  const { config, tls, help, print } = readArguments(process.argv.slice(2))
  if (help) {
    process.stdout.write(USAGE)
    return
  }
  if (print) {
    for (const [key, value] of Object.entries(config)) process.stdout.write(`${key}=${value}\n`)
    return
  }
  const logger = pino({ name: 'mqnamesrv' })
  const server = await NameServer.start({ runtime, config, tls, logger })
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'name server is stopping')
    void server.close().then(() => logger.info({}, 'name server has stopped'))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`mqnamesrv: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
