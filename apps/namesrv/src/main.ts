#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The command mqnamesrv: reads its configuration, starts a name server, and stops it on SIGTERM or SIGINT.
import { NameServer, NameServerSettings } from '@rocketmq-ts/namesrv'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { pino } from 'pino'
import { openNameServerAccess } from './access.ts'
import { readArguments, USAGE } from './arguments.ts'
import { serveHealth } from './health.ts'

async function main(): Promise<void> {
  const runtime = nodeRuntime()
  const { files, host } = runtime
  const given = readArguments(process.argv.slice(2), process.env, files)
  const { config, configPath, health, serializeType, tls } = given
  if (given.help) return void process.stdout.write(USAGE)
  const logger = pino({ name: 'mqnamesrv', level: given.logLevel })
  const kept = configPath === undefined ? {} : { configPath }
  if (given.print) {
    const path = configPath === undefined ? {} : { path: configPath }
    const settings = new NameServerSettings({ config, files, host, logger, ...path })
    return void process.stdout.write(settings.asPrinted())
  }
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  if (health !== undefined) {
    await serveHealth({
      ...health,
      unready: () => (phase === 'running' ? server.unready : phase),
    })
    logger.info(health, 'health is answered')
  }
  const gate = openNameServerAccess({ given: given.access, runtime, logger })
  const gated = gate === undefined ? kept : { ...kept, gate }
  const server = await NameServer.start({ runtime, config, tls, serializeType, logger, ...gated })
  phase = 'running'
  const stop = (signal: NodeJS.Signals): void => {
    if (phase === 'stopping') {
      logger.warn({ signal }, 'a second signal: the name server ends at once')
      process.exit(1)
    }
    phase = 'stopping'
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
