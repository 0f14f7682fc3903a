#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// mqstandalone: name server and broker in one process, checked with our own client.
import { join } from 'node:path'
import process from 'node:process'
import { Broker, parseBrokerConfig } from '@rocketmq-ts/broker'
import { NameServer, parseNameServerConfig } from '@rocketmq-ts/namesrv'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { pino } from 'pino'
import { parseOptions, usage, type StandaloneOptions } from './options.ts'
import { reportOf } from './report.ts'
import { selfCheck } from './self-check.ts'

async function run(options: StandaloneOptions): Promise<void> {
  const startedMs = performance.now()
  const runtime = nodeRuntime()
  // The report is for people; what goes wrong is for the log.
  const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, pino.destination(2))
  await using nameServer = await NameServer.start({
    runtime,
    logger: logger.child({ server: 'namesrv' }),
    config: parseNameServerConfig({
      listenPort: String(options.namesrvPort),
      kvConfigPath: join(options.dataDirectory, 'namesrv', 'kvConfig.json'),
    }),
  })
  const namesrvAddr = `127.0.0.1:${nameServer.port}`
  await using broker = await Broker.start({
    runtime,
    logger: logger.child({ server: 'broker' }),
    config: parseBrokerConfig(
      new Map([
        ['brokerClusterName', 'DefaultCluster'],
        ['brokerName', 'broker-a'],
        ['brokerIP1', '127.0.0.1'],
        ['listenPort', String(options.brokerPort)],
        ['namesrvAddr', namesrvAddr],
        ['storePathRootDir', join(options.dataDirectory, 'store')],
      ]),
    ),
  })
  const startMs = performance.now() - startedMs
  const { commitLogMinOffset, commitLogMaxOffset } = broker.storeStatus
  const keptBytes = commitLogMaxOffset - commitLogMinOffset
  const check = await selfCheck(namesrvAddr, options.messageCount)
  process.stdout.write(
    reportOf(
      {
        namesrvAddr,
        brokerAddr: broker.address,
        dataDirectory: options.dataDirectory,
        startMs,
        keptBytes,
      },
      check,
    ),
  )
  if (options.exit) return
  process.stdout.write('\nStays up until Ctrl-C.\n')
  await new Promise<void>((resolve) => {
    // Not once: a terminal may send a signal twice, and the second must not cut the stop short.
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
    // Nothing else may hold the process while no client is connected.
    setInterval(() => undefined, 2 ** 30)
  })
  process.stdout.write('Stopping.\n')
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await run(options)
  process.exit(0)
} catch (error) {
  process.stderr.write(`mqstandalone: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
