// SPDX-License-Identifier: Apache-2.0
// Scenario: 10,000 connections that asked once and then say nothing, to the name server and to the broker: memory, and answers while they are there.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '../../../interop/src/processes.ts'
import { Caller } from '../../../interop/src/wire.ts'
import { type BenchContext, type Figures, type Side, startServers } from '../options.ts'
import { residentMib } from '../process-cost.ts'
import { short } from '../statistics.ts'

const GET_MAX_OFFSET = 30
const GET_BROKER_CLUSTER_INFO = 106

const connectionCount = 10_000
/** As many at a time as a backlog takes. */
const openedAtATime = 250
/** Connections asked again once all are open. */
const askedAgain = 1000
const settleMs = 3000
const callTimeoutMs = 20_000

interface Asked {
  readonly name: string
  readonly port: number
  readonly pid: number
  readonly ask: (caller: Caller) => Promise<void>
}

export async function runConnectionsScenario(
  context: BenchContext,
  figures: Figures,
): Promise<void> {
  console.log(`\n== connections: ${connectionCount} that asked once`)
  for (let run = 1; run <= context.runs; run++) {
    for (const side of context.kinds) {
      const folder = await mkdtemp(join(context.scratch, 'connections-'))
      const servers = await startServers(context, side, folder)
      try {
        await measure(side, figures, {
          name: 'name server',
          port: servers.ports.namesrv,
          pid: servers.namesrvPid,
          ask: (caller) => demand(caller, GET_BROKER_CLUSTER_INFO, {}),
        })
        await measure(side, figures, {
          name: 'broker',
          port: servers.ports.broker,
          pid: servers.brokerPid,
          ask: (caller) => demand(caller, GET_MAX_OFFSET, { topic: 'TBW102', queueId: '0' }),
        })
      } finally {
        await servers.close()
        await rm(folder, { recursive: true, force: true })
      }
    }
  }
}

async function demand(
  caller: Caller,
  code: number,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await caller.call(code, fields, undefined, callTimeoutMs)
  if (answer.code !== 0) throw new Error(`code ${code} was answered ${answer.code}`)
}

async function measure(side: Side, figures: Figures, asked: Asked): Promise<void> {
  const { ask, name, pid, port } = asked
  const callers: Caller[] = []
  try {
    // What the first requests load and compile is not what a connection costs.
    for (let i = 0; i < openedAtATime; i++) await openAndClose(asked)
    await sleep(settleMs)
    const before = residentMib(pid)
    while (callers.length < connectionCount) {
      const more = await Promise.all(Array.from({ length: openedAtATime }, () => Caller.open(port)))
      callers.push(...more)
      await Promise.all(more.map(ask))
    }
    await sleep(settleMs)
    const after = residentMib(pid)
    const startedAt = performance.now()
    for (let i = 0; i < askedAgain; i++) {
      const caller = callers[Math.floor((i * connectionCount) / askedAgain)]
      if (caller !== undefined) await ask(caller)
    }
    const askMs = (performance.now() - startedAt) / askedAgain
    const add = (what: string, unit: string, value: number): void =>
      figures.add(side, { scenario: 'connections', what, unit, better: 'less' }, value)
    add(`${name}, resident`, 'MiB', after)
    add(`${name}, per connection`, 'KiB', ((after - before) * 1024) / connectionCount)
    add(`${name}, a question on one of them`, 'ms', askMs)
    console.log(
      `  ${side.name.padEnd(8)} ${name}: ${short(before)} MiB, ${short(after)} MiB with ${connectionCount} connections; ` +
        `${askMs.toFixed(2)} ms for a question`,
    )
  } finally {
    for (const caller of callers) caller.close()
  }
}

async function openAndClose({ ask, port }: Asked): Promise<void> {
  const caller = await Caller.open(port)
  await ask(caller)
  caller.close()
}
