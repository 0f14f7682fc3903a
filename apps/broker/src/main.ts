#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The command mqbroker: reads its configuration, starts a broker, and stops it on SIGTERM or SIGINT.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Broker, BrokerSettings, parseBrokerConfig } from '@rocketmq-ts/broker'
import {
  parseJavaProperties,
  parseSerializeType,
  parseTlsSettings,
  serializeTypeName,
  withoutTlsKeys,
} from '@rocketmq-ts/remoting'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { pino } from 'pino'

const USAGE = `usage: mqbroker [-c <file>] [-n <addresses>] [-p] [-m]
  -c, --configFile <file>       read keys such as brokerName and storePathRootDir from a Java .properties file
  -n, --namesrvAddr <addresses> name servers, host:port separated by ';' (or the variable NAMESRV_ADDR)
  -p, --printConfigItem         print every setting and end
  -m, --printImportantConfig    print the settings most worth knowing and end
  -h, --help                    print this and end
The variable ROCKETMQ_SERIALIZE_TYPE says how the broker's own requests are encoded: JSON (unless told) or ROCKETMQ.
`

const important = new Set(
  `namesrvAddr brokerIP1 brokerName brokerClusterName brokerId listenPort autoCreateTopicEnable autoCreateSubscriptionGroup
   rejectTransactionMessage storePathRootDir storePathCommitLog flushDiskType flushIntervalCommitLog maxMessageSize
   mappedFileSizeCommitLog fileReservedTime deleteWhen brokerRole haListenPort messageDelayLevel`.split(
    /\s+/,
  ),
)

/** What -p prints; with `only`, just those keys. */
function printSettings(settings: BrokerSettings, only?: ReadonlySet<string>): void {
  for (const line of settings.asProperties().split('\n')) {
    if (only === undefined ? line !== '' : only.has(line.slice(0, line.indexOf('=')))) {
      process.stdout.write(`${line}\n`)
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      configFile: { type: 'string', short: 'c' },
      namesrvAddr: { type: 'string', short: 'n' },
      printConfigItem: { type: 'boolean', short: 'p', default: false },
      printImportantConfig: { type: 'boolean', short: 'm', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)
  const path = values.configFile
  const given = parseJavaProperties(path === undefined ? '' : readFileSync(path, 'utf8'))
  const nameServers = values.namesrvAddr ?? given.get('namesrvAddr') ?? process.env['NAMESRV_ADDR']
  if (nameServers !== undefined) given.set('namesrvAddr', nameServers)
  if (process.env['ROCKETMQ_HOME']) given.set('rocketmqHome', process.env['ROCKETMQ_HOME'])
  const config = parseBrokerConfig(withoutTlsKeys(given))
  const serializeType = parseSerializeType(process.env['ROCKETMQ_SERIALIZE_TYPE'])
  const runtime = nodeRuntime()
  const tls = parseTlsSettings(given, runtime.files)
  const { host, files } = runtime
  const logger = pino({ name: 'mqbroker', level: process.env['ROCKETMQ_LOG_LEVEL'] ?? 'info' })
  if (values.printConfigItem || values.printImportantConfig) {
    const settings = new BrokerSettings({ config, host, files, logger, nowMs: () => 0 })
    return printSettings(settings, values.printImportantConfig ? important : undefined)
  }
  const configPath = path === undefined ? {} : { configPath: path }
  const broker = await Broker.start({
    runtime,
    config,
    logger,
    tls,
    serializeType,
    ...configPath,
  })
  const nameServersText = nameServers === undefined ? '' : ` and name server is ${nameServers}`
  logger.info(
    { address: broker.address },
    `The broker[${broker.name}, ${broker.address}] boot success. serializeType=${serializeTypeName(serializeType)}${nameServersText}`,
  )
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'broker is stopping')
    void broker.close().then(() => logger.info({}, 'broker has stopped'))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`mqbroker: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
