// SPDX-License-Identifier: Apache-2.0
// Scenario: from the spawn of the broker process to its first SEND_OK, on an empty store and on one of 1 GiB.

import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Child } from '../../../interop/src/processes.ts'
import { createTopic, sendOne } from '../../../interop/src/requests.ts'
import { Servers } from '../../../interop/src/servers.ts'
import { Caller } from '../../../interop/src/wire.ts'
import { runLoad } from '../load-generator.ts'
import { type BenchContext, type Figures, javaBrokerOptions, type Side } from '../options.ts'
import { short } from '../statistics.ts'

const topic = 'BenchStart'
const queues = 8
const gibibyte = 2 ** 30
const bodyBytes = 1024
/** Bytes of a stored record of the load generator with this body, roughly. */
const recordBytes = bodyBytes + 200

const retryMs = 3
const giveUpMs = 60_000

export async function runStartScenario(context: BenchContext, figures: Figures): Promise<void> {
  console.log('\n== start: spawn of the broker until the first SEND_OK')
  for (const side of context.kinds) await makeLargeStore(context, side)
  for (let run = 1; run <= context.runs; run++) {
    for (const side of context.kinds) {
      await onEmptyStore(context, side, figures)
      await onLargeStore(context, side, figures)
    }
  }
}

function largeStore(context: BenchContext, side: Side): string {
  return join(context.cache, `store-1gib-${side.kind}`)
}

function serversOn(
  context: BenchContext,
  side: Side,
  folder: string,
  store: string,
): Promise<Servers> {
  return Servers.startNamesrvOnly({
    java: context.java,
    folder,
    namesrv: side.kind,
    broker: side.kind,
    built: context.built,
    javaBrokerOptions,
    brokerConfig: { storePathRootDir: store, storePathCommitLog: join(store, 'commitlog') },
  })
}

/** Made once and kept; it grows by a message per measured start. */
async function makeLargeStore(context: BenchContext, side: Side): Promise<void> {
  const store = largeStore(context, side)
  if ((await stat(store).catch(() => undefined)) !== undefined) return
  console.log(`  making a store of 1 GiB with ${side.name}`)
  await mkdir(context.cache, { recursive: true })
  const making = `${store}-making`
  await rm(making, { recursive: true, force: true })
  const folder = await mkdtemp(join(context.scratch, 'start-'))
  const servers = await serversOn(context, side, folder, making)
  try {
    await servers.startBroker()
    await createTopic(servers.ports.broker, topic, queues)
    await runLoad({
      port: servers.ports.broker,
      topic,
      queues,
      inFlight: 64,
      connections: 1,
      bodyBytes,
      batch: 1,
      encoding: 'binary',
      warmUpSeconds: 0,
      seconds: 0,
      messages: Math.ceil(gibibyte / recordBytes),
    })
    await servers.stopBroker()
    await rename(making, store)
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function onEmptyStore(context: BenchContext, side: Side, figures: Figures): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, 'start-'))
  const servers = await serversOn(context, side, folder, join(folder, 'store'))
  try {
    note(figures, side, 'empty store', await firstSendOk(servers))
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function onLargeStore(context: BenchContext, side: Side, figures: Figures): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, 'start-'))
  const servers = await serversOn(context, side, folder, largeStore(context, side))
  try {
    note(figures, side, '1 GiB after a clean stop', await firstSendOk(servers))
    await servers.killBroker()
    note(figures, side, '1 GiB after kill -9', await firstSendOk(servers))
    await servers.stopBroker()
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function note(figures: Figures, side: Side, what: string, ms: number): void {
  figures.add(side, { scenario: 'start', what, unit: 'ms', better: 'less' }, ms)
  console.log(`  ${side.name.padEnd(8)} ${what}: ${short(ms)} ms`)
}

/** Milliseconds from the spawn to the first acknowledged message, asked for every few milliseconds. */
async function firstSendOk(servers: Servers): Promise<number> {
  const begin = performance.now()
  const child = await servers.spawnBroker()
  while (!(await isAccepted(servers.ports.broker))) {
    if (!child.running || performance.now() - begin > giveUpMs) throw notStarted(child)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
  return performance.now() - begin
}

async function isAccepted(port: number): Promise<boolean> {
  let caller: Caller | undefined
  try {
    caller = await Caller.open(port)
    await sendOne(caller, topic, 0, 'first', 1000)
    return true
  } catch {
    return false
  } finally {
    caller?.close()
  }
}

function notStarted(child: Child): Error {
  return new Error(
    `${child.name} took no message within ${giveUpMs / 1000} s (${child.end ?? 'running'})${child.tail()}`,
  )
}
