#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The mqadmin command: hands the process's arguments, environment and output to the tools package.
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { mqadmin } from '@rocketmq-ts/tools'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
// A reader that closes the pipe (mqadmin … | head) is no failure.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await mqadmin({
  args: process.argv.slice(2),
  namesrvAddr: process.env['NAMESRV_ADDR'],
  tlsConfigFile: process.env['ROCKETMQ_TLS_CONFIG_FILE'],
  serializeType: process.env['ROCKETMQ_SERIALIZE_TYPE'],
  rocketmqHome: process.env['ROCKETMQ_HOME'],
  runtime: nodeRuntime(),
  print: (text) => process.stdout.write(text),
  complain: (line) => process.stderr.write(`${line}\n`),
  signal: stop.signal,
})
