// SPDX-License-Identifier: Apache-2.0
// Lane: brokers of both kinds take one store directory in turn, stopped or killed in between, and agree on all that is in it.

import { ConsumerDriver, produce, type Stage, untilReceived } from '../drivers.ts'
import { checkArrived, checkStored, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent, type Sent } from '../ledger.ts'
import { sleep } from '../processes.ts'
import { createTopic } from '../requests.ts'
import type { ServerKind } from '../servers.ts'
import {
  createSpecialTopics,
  mixedSettings,
  putHalf,
  putSpecial,
  putTimed,
} from '../store-features.ts'
import { foreignFiles } from '../store-files.ts'
import { type StoreView, viewDifferences, viewStore } from '../store-view.ts'
import { relayUnderLoad } from './store-under-load.ts'

const topic = 'InteropStore'
/** Long enough for the last message to be in its queue and in the index. */
const SETTLE_MS = 1000

type Turn = readonly [broker: ServerKind, end: 'stopped' | 'killed']

interface Chain {
  readonly name: string
  readonly turns: readonly [Turn, ...Turn[]]
  readonly settings?: Readonly<Record<string, string>>
}

export const store: Lane = {
  name: 'store',
  summary: 'each broker reads and continues the store directory of the other, all features in it',
  async run(context) {
    const { ours } = context
    // Each way of ending is handed over in both directions.
    const mixed: Chain = {
      name: 'mixed',
      turns: [
        ['java', 'stopped'],
        [ours, 'killed'],
        ['java', 'killed'],
        [ours, 'stopped'],
        ['java', 'killed'],
        [ours, 'stopped'],
      ],
      settings: mixedSettings,
    }
    await relay(context, mixed)
    if (context.rounds <= SHORT_ROUNDS) return
    for (let round = 0; round < context.rounds; round++) {
      for (const chain of longChains(ours)) await relay(context, chain)
      const brokers = [ours, 'java', ours, 'java', ours] as const
      await relayUnderLoad(context, brokers, {})
      await relayUnderLoad(context, brokers, { flushDiskType: 'SYNC_FLUSH' })
    }
  },
}

/** Up to this many rounds the lane runs its short form. */
const SHORT_ROUNDS = 3

function longChains(ours: ServerKind): Chain[] {
  const alternating = (first: ServerKind, end: Turn[1]): [Turn, ...Turn[]] => {
    const second = first === 'java' ? ours : 'java'
    return [
      [first, end],
      [second, end],
      [first, end],
      [second, end],
      [first, end],
    ]
  }
  return [
    { name: 'defaults, stopped', turns: alternating(ours, 'stopped') },
    { name: 'defaults, killed', turns: alternating(ours, 'killed') },
    {
      name: 'SYNC_FLUSH, killed',
      turns: alternating('java', 'killed'),
      settings: { ...mixedSettings, flushDiskType: 'SYNC_FLUSH' },
    },
    { name: 'mixed, stopped', turns: alternating('java', 'stopped'), settings: mixedSettings },
  ]
}

/** Every broker of the chain is asked for all that came before it and adds messages of its own. */
async function relay(context: LaneContext, chain: Chain): Promise<void> {
  const { report } = context
  report.say(`chain ${chain.name}: ${chain.turns.map((turn) => turn.join(' ')).join(', ')}`)
  const brokerConfig = {
    // Files so small that every part rolls all of them; but after a crash Java looks back over ten files of the log at most.
    mappedFileSizeCommitLog: String(2 * 1024 * 1024),
    mappedFileSizeConsumeQueue: String(20 * 1000),
    maxHashSlotNum: '1000',
    maxIndexNum: '4000',
    // A killed broker's index is built again from the log. Without this Java gives up what the last index file held.
    messageIndexSafe: 'true',
    ...chain.settings,
  }
  const options = { namesrv: context.ours, broker: chain.turns[0][0], brokerConfig }
  await withServers(context, 'store', options, async (stage) => {
    const { servers } = stage
    await createTopic(servers.ports.broker, topic, 4)
    await createSpecialTopics(servers.ports.broker)
    const sent: Sent[] = []
    let view: StoreView | undefined
    let foreign = new Map<string, string>()
    for (const [turn, [broker, end]] of chain.turns.entries()) {
      if (turn > 0) {
        await servers.startBroker(broker)
        const [before, ended] = chain.turns[turn - 1] ?? []
        const what = `${broker} broker on what a ${ended} ${before} broker left`
        if (view !== undefined) await checkView(context, stage, what, view)
        if (broker === 'java') await checkConsumed(context, stage, turn, sent)
      }
      sent.push(...(await add(context, stage, turn)))
      await putSpecial(servers.ports.broker, topic, turn)
      if (broker === 'java') await putTimed(servers.ports.broker, topic, turn)
      if (broker === 'java' && isLeftAlone(chain, turn)) {
        await putHalf(servers.ports.broker, topic, turn)
      }
      await sleep(SETTLE_MS)
      view = await viewStore(servers.ports.broker, servers.storeFolder)
      if (turn === chain.turns.length - 1) break
      await (end === 'killed' ? servers.killBroker() : servers.stopBroker())
      const files = await foreignFiles(servers.storeFolder)
      if (broker === 'java') foreign = files
      else if (foreign.size > 0) checkForeign(context, foreign, files)
    }
    await checkStored(context, stage, `all parts of chain ${chain.name}`, topic, sent)
  })
}

/** No Java broker is stopped in order from here on: it would store its half messages once more, behind our back. */
function isLeftAlone(chain: Chain, turn: number): boolean {
  return chain.turns.slice(turn, -1).every(([broker, end]) => broker !== 'java' || end === 'killed')
}

async function add(context: LaneContext, stage: Stage, turn: number): Promise<Sent[]> {
  const { ledger, counts } = await produce(stage, {
    name: `part-${turn}`,
    topic,
    encoding: 'binary',
    tags: ['TagA', 'TagB'],
    keys: true,
    // Some bodies are above the 4 KiB from which the client compresses.
    bodyBytes: [20, 6000],
    plan: 'sync:400,async:300,batch:160',
  })
  context.report.check(`part ${turn + 1}: no send failed`, counts.failed === 0)
  return await readSent(ledger)
}

async function checkView(
  context: LaneContext,
  stage: Stage,
  what: string,
  before: StoreView,
): Promise<void> {
  const after = await viewStore(stage.servers.ports.broker, stage.servers.storeFolder)
  const differences = viewDifferences(before, after)
  const figures = `${after.queues} queues, ${after.records} records, ${after.queries} queries`
  context.report.compared(after.records)
  context.report.check(
    what,
    differences.length === 0,
    [figures, ...differences.slice(0, 12)].join('\n'),
  )
}

/** Files that only Java uses have to outlive a turn of ours. */
function checkForeign(
  context: LaneContext,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): void {
  const changed = [...before].filter(([path, hash]) => after.get(path) !== hash)
  const folders = new Set([...before.keys()].map((path) => path.split(/[./]/)[0]))
  const what = `${before.size} files in ${[...folders].join(', ')} are as Java left them`
  context.report.check(what, folders.size >= 3 && changed.length === 0, changed.join('\n'))
}

/** A push consumer of Java's gets all messages, each once. */
async function checkConsumed(
  context: LaneContext,
  stage: Stage,
  turn: number,
  sent: readonly Sent[],
): Promise<void> {
  const consumer = await ConsumerDriver.start(stage, {
    name: `consumer-${turn}`,
    group: `InteropStore${turn}`,
    topic,
    tags: 'TagA || TagB',
  })
  const acknowledged = sent.filter(({ state }) => state === 'acknowledged').length
  await untilReceived([consumer], acknowledged, 15_000)
  checkArrived(context, "Java's consumer gets everything", sent, await consumer.stop())
}
