// SPDX-License-Identifier: Apache-2.0
// Runs inside an empty project with the tarballs installed: imports every entry, runs every command, sends messages.

import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const scope = path.join(import.meta.dirname, 'node_modules/@rocketmq-ts')
const folders = readdirSync(scope)
if (folders.length === 0) throw new Error(`nothing is installed in ${scope}`)
for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(path.join(scope, folder, 'package.json'), 'utf8'))
  for (const subpath of Object.keys(manifest.exports ?? {})) {
    if (subpath.endsWith('.json')) continue
    await importEntry(path.posix.join(manifest.name, subpath))
  }
  for (const command of Object.keys(manifest.bin ?? {})) checkCommand(command)
}
await sendAndConsume()

/** An entry must come from its compiled form, say something, and also answer to require(). */
async function importEntry(specifier) {
  const location = import.meta.resolve(specifier)
  if (!location.includes('/dist/')) throw new Error(`${specifier} is ${location}, outside dist`)
  const imported = await import(specifier)
  const required = require(specifier)
  if (Object.keys(imported).join() !== Object.keys(required).join()) {
    throw new Error(`${specifier} differs between import and require`)
  }
}

/** A command must start by its own name and answer. */
function checkCommand(command) {
  const file = path.join(import.meta.dirname, 'node_modules/.bin', command)
  const { status, stdout, stderr, error } = spawnSync(file, ['-h'], { encoding: 'utf8' })
  if (status === 0 && stdout !== '') return
  throw new Error(`${command} -h ended with ${status}: ${error?.message ?? stdout + stderr}`)
}

/** All packages at work together: both servers, a store on disk, a producer and a consumer. */
async function sendAndConsume() {
  const { startTestCluster } = await import('@rocketmq-ts/testing')
  const { Producer, PushConsumer } = await import('@rocketmq-ts/client')
  await using cluster = await startTestCluster()
  const { namesrvAddr } = cluster
  await using producer = await Producer.start({ namesrvAddr, group: 'producers' })
  const bodies = Array.from({ length: 100 }, (_, number) => `message ${number}`)
  await Promise.all(bodies.map((body) => producer.send({ topic: 'Orders', body })))
  await using consumer = new PushConsumer({
    namesrvAddr,
    group: 'consumers',
    subscriptions: { Orders: '*' },
    consumeFrom: 'FIRST_OFFSET',
  })
  const received = new Set()
  for await (const message of consumer) {
    received.add(message.body.toString())
    if (received.size === bodies.length) break
  }
  const lost = bodies.filter((body) => !received.has(body))
  if (lost.length > 0) throw new Error(`sent but not received: ${lost.join(', ')}`)
}
