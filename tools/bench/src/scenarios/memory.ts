// SPDX-License-Identifier: Apache-2.0
// Scenario: resident memory of the broker, idle, and 60 s after 100,000 messages.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '../../../interop/src/processes.ts'
import { createTopic } from '../../../interop/src/requests.ts'
import { benchQueues, benchTopic, runClosedLoop } from '../java-producers.ts'
import { type BenchContext, type Figures, type Side, startServers } from '../options.ts'
import { residentMib } from '../process-cost.ts'
import { short } from '../statistics.ts'

const messages = 100_000
const restSeconds = 60

export async function runMemoryScenario(context: BenchContext, figures: Figures): Promise<void> {
  console.log(`\n== memory: resident memory of the broker`)
  for (let run = 1; run <= context.runs; run++) {
    for (const side of context.kinds) await measure(context, side, figures)
  }
}

async function measure(context: BenchContext, side: Side, figures: Figures): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, 'memory-'))
  const servers = await startServers(context, side, folder)
  try {
    await createTopic(servers.ports.broker, benchTopic, benchQueues)
    const idle = residentMib(servers.brokerPid)
    const load = { threads: 64, bodyBytes: 128, batch: 1, count: messages }
    await runClosedLoop(context.java, servers, folder, load, 0, 0)
    const busy = residentMib(servers.brokerPid)
    await sleep(restSeconds * 1000)
    const rested = residentMib(servers.brokerPid)
    const namesrv = residentMib(servers.namesrvPid)
    const add = (what: string, value: number): void =>
      figures.add(side, { scenario: 'memory', what, unit: 'MiB', better: 'less' }, value)
    add('broker after start', idle)
    add('broker right after 100,000 messages', busy)
    add('broker 60 s after 100,000 messages', rested)
    add('name server', namesrv)
    console.log(
      `  ${side.name.padEnd(8)} ${short(idle)} MiB after start, ${short(busy)} after ${messages} messages, ${short(rested)} ${restSeconds} s later; name server ${short(namesrv)}`,
    )
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}
