// SPDX-License-Identifier: Apache-2.0
// What a lane gets to work with, and the comparison that nearly every lane ends in.

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readBack, type Stage } from './drivers.ts'
import type { Java } from './java.ts'
import {
  compareLedgers,
  type Expectations,
  problemsIn,
  type Received,
  type Sent,
} from './ledger.ts'
import type { Report } from './report.ts'
import { type ServerKind, type ServerOptions, Servers } from './servers.ts'
import type { Encoding } from './wire.ts'

export interface LaneContext {
  readonly java: Java
  readonly report: Report
  /** How many messages the big lanes send. */
  readonly messages: number
  /** How many times the kill lane kills. */
  readonly rounds: number
  /** Which servers stand where "ours" is meant; Java proves the harness itself. */
  readonly ours: ServerKind
  readonly built: boolean
  /** Everything temporary goes below this folder. */
  readonly scratch: string
  /** What a lane has begun and looks at when all others are through. */
  readonly afterwards: { readonly name: string; readonly run: () => Promise<void> }[]
}

export interface Lane {
  readonly name: string
  readonly summary: string
  run(context: LaneContext): Promise<void>
}

export async function newFolder(context: LaneContext, name: string): Promise<string> {
  return await mkdtemp(join(context.scratch, `${name}-`))
}

export function newScratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'rocketmq-interop-'))
}

/** Starts servers, runs `work`, and on failure adds what the servers printed. */
export async function withServers(
  context: LaneContext,
  name: string,
  options: Pick<ServerOptions, 'namesrv' | 'broker' | 'brokerConfig' | 'ports'>,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const folder = await newFolder(context, name)
  const servers = await Servers.start({
    java: context.java,
    folder,
    built: context.built,
    ...options,
  })
  context.report.say(
    `servers up: name server ${options.namesrv} on ${servers.ports.namesrv}, broker ${options.broker} on ${servers.ports.broker}`,
  )
  const failedBefore = context.report.failed
  try {
    await work({ java: context.java, servers, folder })
    if (context.report.failed > failedBefore)
      context.report.say(`servers:\n${await servers.logs()}`)
  } catch (error) {
    context.report.say(`servers:\n${await servers.logs()}`)
    throw error
  } finally {
    await servers.close()
  }
}

/** One check: everything sent arrived, unaltered. */
export function checkArrived(
  context: LaneContext,
  what: string,
  sent: readonly Sent[],
  received: readonly Received[],
  expectations: Expectations = {},
): void {
  const comparison = compareLedgers(sent, received)
  const problems = problemsIn(comparison, expectations)
  context.report.compared(comparison.expected)
  const figures = `${comparison.expected.toLocaleString('en')} expected, ${received.length.toLocaleString('en')} received`
  context.report.check(what, problems.length === 0, [figures, ...problems].join('\n'))
}

/** Two checks: the queues hold everything at its place and in order, and have no hole. */
export async function checkStored(
  context: LaneContext,
  stage: Stage,
  what: string,
  topic: string,
  sent: readonly Sent[],
  options: { readonly encoding?: Encoding; readonly duplicatesAllowed?: boolean } = {},
): Promise<void> {
  const { messages, complaints } = await readBack(stage, topic, options.encoding)
  checkArrived(context, what, sent, messages, {
    positions: true,
    duplicatesAllowed: options.duplicatesAllowed ?? false,
  })
  if (complaints.length > 0) context.report.check(`${what}: no hole`, false, complaints.join('\n'))
}
