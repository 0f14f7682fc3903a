// SPDX-License-Identifier: Apache-2.0
// Lane: garbage, lies and wrong fields get from our servers what they got from Java's, case by case.

import { jsonRequest, rawFrame } from '../../../golden/src/frames.ts'
import {
  type BadCase,
  deviations,
  type Outcome,
  readBadCases,
  type Target,
} from '../bad-input-cases.ts'
import { unknownDifferences } from '../known-differences.ts'
import { type Lane, type LaneContext, newFolder } from '../lane.ts'
import { Peer } from '../peer.ts'
import { waitFor } from '../processes.ts'
import { createTopic, hasRoute } from '../requests.ts'
import { Servers } from '../servers.ts'

type PortOf = Readonly<Record<Target, number>>

/** How long to listen where Java was silent. */
const quietMs = 400

/** How long to wait for what Java answered or closed: a busy machine is no deviation. */
const patientMs = 5000

/** Where Java closed a silent connection, in milliseconds, and how far off we may be. */
const idleToleranceMs = 15_000

const goodOpaque = 0x600d

/** Several deviating cases have one cause more often than not. */
const shownDeviations = 60

export const badInput: Lane = {
  name: 'bad-input',
  summary: 'bad input is handled as Java handles it',
  async run(context) {
    const servers = await Servers.start({
      java: context.java,
      folder: await newFolder(context, 'bad-input'),
      namesrv: context.ours,
      broker: context.ours,
      built: context.built,
      brokerName: 'broker-golden',
      brokerConfig: { brokerClusterName: 'GoldenCluster' },
    })
    try {
      await createTopic(servers.ports.broker, 'TopicTest', 4)
      await createTopic(servers.ports.broker, 'PullTest', 2)
      await waitFor('the route', () => hasRoute(servers.ports.namesrv, 'PullTest'), 30_000)
      const cases = await readBadCases()
      const idle = cases.filter(isIdle).map((bad) => watchIdle(bad, servers.ports))
      await replay(
        context,
        cases.filter((bad) => !isIdle(bad)),
        servers.ports,
      )
      // Two minutes of silence; other lanes run in the meantime.
      context.afterwards.push({
        name: 'bad-input: silent connections',
        run: async () => {
          try {
            for (const result of await Promise.all(idle)) {
              context.report.check(result.name, result.passed, result.detail)
            }
          } finally {
            await servers.close()
          }
        },
      })
    } catch (error) {
      context.report.say(await servers.logs())
      await servers.close()
      throw error
    }
  },
}

function isIdle(bad: BadCase): boolean {
  return (bad.ms ?? 0) > 60_000
}

async function replay(
  context: LaneContext,
  cases: readonly BadCase[],
  ports: PortOf,
): Promise<void> {
  for (const target of ['namesrv', 'broker'] as const) {
    const own = cases.filter((bad) => bad.target === target)
    const conduct: string[] = []
    const answers: string[] = []
    for (const bad of own) {
      const found = deviations(bad, await probe(bad, ports[target]))
      const title = `${bad.name} (${bad.connection})`
      for (const [list, lines] of [
        [conduct, unknownDifferences(bad.name, found.conduct)],
        [answers, unknownDifferences(bad.name, found.answer)],
      ] as const) {
        if (lines.length > 0) list.push(`${title}: ${lines.join('; ')}`)
      }
    }
    check(context, `${target}: answers, closes or is silent as Java`, own.length, conduct)
    check(context, `${target}: answers say what Java's say`, own.length, answers)
  }
}

function check(
  context: LaneContext,
  what: string,
  cases: number,
  failures: readonly string[],
): void {
  const shown = failures.slice(0, shownDeviations)
  if (failures.length > shown.length) shown.push(`and ${failures.length - shown.length} more`)
  const figures = `${cases - failures.length} of ${cases} cases`
  context.report.compared(cases)
  context.report.check(what, failures.length === 0, [figures, ...shown].join('\n'))
}

async function probe(bad: BadCase, port: number): Promise<Outcome> {
  const peer = new Peer(port)
  try {
    if (bad.connection === 'used') await afterwards(peer, bad.target, patientMs)
    peer.send(Buffer.from(bad.sendHex, 'hex'))
    const reaction = await peer.next(bad.outcome === 'silent' ? quietMs : patientMs)
    const sameConnection =
      reaction === 'closed'
        ? 'closed'
        : await afterwards(peer, bad.target, bad.sameConnection === 'silent' ? quietMs : patientMs)
    const serverServes = await serves(port, bad.target)
    return typeof reaction === 'string'
      ? { outcome: reaction, sameConnection, serverServes }
      : { outcome: 'answer', answer: reaction, sameConnection, serverServes }
  } finally {
    peer.close()
  }
}

/** What a good request on the same connection gets. */
async function afterwards(
  peer: Peer,
  target: Target,
  withinMs: number,
): Promise<'serves' | 'closed' | 'silent'> {
  peer.send(goodRequest(target))
  // An answer to the bad bytes that comes late is passed over.
  for (;;) {
    const reaction = await peer.next(withinMs)
    if (typeof reaction === 'string') return reaction
    if (reaction.opaque === goodOpaque && reaction.code === 0) return 'serves'
  }
}

async function serves(port: number, target: Target): Promise<boolean> {
  const peer = new Peer(port)
  try {
    return (await afterwards(peer, target, patientMs)) === 'serves'
  } finally {
    peer.close()
  }
}

function goodRequest(target: Target): Buffer {
  const frame =
    target === 'namesrv'
      ? jsonRequest(105, { topic: 'TopicTest' })
      : jsonRequest(30, { topic: 'TopicTest', queueId: '0' })
  const header = JSON.parse(frame.toString('utf8', 8)) as object
  return rawFrame(0, Buffer.from(JSON.stringify({ ...header, opaque: goodOpaque })))
}

interface IdleResult {
  readonly name: string
  readonly passed: boolean
  readonly detail: string
}

async function watchIdle(bad: BadCase, ports: PortOf): Promise<IdleResult> {
  const peer = new Peer(ports[bad.target])
  const bytes = Buffer.from(bad.sendHex, 'hex')
  if (bytes.length > 0) peer.send(bytes)
  const begin = performance.now()
  const javaMs = bad.ms ?? 0
  const reaction = await peer.next(javaMs + idleToleranceMs)
  const ms = performance.now() - begin
  peer.close()
  const outcome = typeof reaction === 'string' ? reaction : 'answer'
  const passed = outcome === bad.outcome && Math.abs(ms - javaMs) <= idleToleranceMs
  return {
    name: `${bad.target}: ${bad.name}`,
    passed: passed && (await serves(ports[bad.target], bad.target)),
    detail: `${outcome} after ${(ms / 1000).toFixed(0)} s, Java: ${bad.outcome} after ${javaMs / 1000} s`,
  }
}
