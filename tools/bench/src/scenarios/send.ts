// SPDX-License-Identifier: Apache-2.0
// Scenarios in which the same Java producer sends to both brokers in turn.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createTopic } from '../../../interop/src/requests.ts'
import { benchQueues, benchTopic, runApacheProducer, runClosedLoop } from '../java-producers.ts'
import { runLoad } from '../load-generator.ts'
import { type BenchContext, type Figures, type Side, startServers } from '../options.ts'
import { residentMib } from '../process-cost.ts'
import { short } from '../statistics.ts'

interface SendScenario {
  readonly summary: string
  readonly threads: number
  /** Only the closed loop can bound what is in flight. */
  readonly inFlight?: number
  readonly batch: number
}

export const sendScenarios: Readonly<Record<string, SendScenario>> = {
  sync: { summary: '64 threads, 128 B', threads: 64, batch: 1 },
  sync1: { summary: '1 thread, 128 B', threads: 1, batch: 1 },
  sync16: { summary: '16 threads, 128 B', threads: 16, batch: 1 },
  async: { summary: '1,000 in flight, 128 B', threads: 1, inFlight: 1000, batch: 1 },
  batch: { summary: '16 threads, batches of 32, 128 B', threads: 16, batch: 32 },
}

const bodyBytes = 128

/** What either broker handles before anything is measured, so that a busy machine cannot leave it cold. */
const warmUpMessages = 200_000

export async function runSendScenario(
  context: BenchContext,
  name: string,
  figures: Figures,
): Promise<void> {
  const scenario = sendScenarios[name]
  if (scenario === undefined) throw new Error(`no send scenario ${name}`)
  console.log(`\n== ${name}: ${scenario.summary}`)
  for (let run = 1; run <= context.runs; run++) {
    for (const side of context.kinds) {
      await measure(context, name, scenario, side, figures)
    }
  }
}

async function measure(
  context: BenchContext,
  name: string,
  scenario: SendScenario,
  side: Side,
  figures: Figures,
): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, `${name}-`))
  const servers = await startServers(context, side, folder)
  try {
    await createTopic(servers.ports.broker, benchTopic, benchQueues)
    await warmUp(servers.ports.broker)
    const { java, warmUpSeconds, seconds } = context
    const load = { ...scenario, bodyBytes }
    const apache =
      scenario.inFlight === undefined
        ? await runApacheProducer(java, servers, folder, load, warmUpSeconds, seconds)
        : undefined
    const closed = await runClosedLoop(
      java,
      servers,
      folder,
      load,
      // The virtual machine of this client is new and cold.
      apache === undefined ? warmUpSeconds : Math.ceil(warmUpSeconds / 2),
      apache === undefined ? seconds : Math.ceil(seconds / 2),
    )
    if (closed === undefined) throw new Error('the closed loop gave no result')
    const window = apache ?? closed
    const add = (what: string, unit: string, better: 'more' | 'less', value: number): void =>
      figures.add(side, { scenario: name, what, unit, better }, value)
    add('throughput', 'msg/s', 'more', window.messagesPerSecond)
    add('broker CPU per million messages', 's', 'less', window.brokerMicrosPerMessage)
    for (const [percentile, micros] of Object.entries(closed.latency)) {
      add(`latency ${percentile.replace('.0', '').replace('p100', 'max')}`, 'µs', 'less', micros)
    }
    const resident = residentMib(servers.brokerPid)
    add('resident memory after the run', 'MiB', 'less', resident)
    console.log(
      `  ${side.name.padEnd(8)} ${short(window.messagesPerSecond)} msg/s, ${short(window.brokerMicrosPerMessage)} µs broker CPU per message, ` +
        `p50 ${short(closed.latency['p50.0'] ?? Number.NaN)} µs, p99 ${short(closed.latency['p99.0'] ?? Number.NaN)} µs, ${short(resident)} MiB`,
    )
  } catch (error) {
    console.error(await servers.logs())
    throw error
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function warmUp(port: number): Promise<void> {
  const topic = 'BenchWarmUp'
  await createTopic(port, topic, benchQueues)
  await runLoad({
    port,
    topic,
    queues: benchQueues,
    inFlight: 64,
    connections: 2,
    bodyBytes,
    batch: 1,
    encoding: 'binary',
    warmUpSeconds: 0,
    seconds: 0,
    messages: warmUpMessages,
  })
}
