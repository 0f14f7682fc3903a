// SPDX-License-Identifier: Apache-2.0
// Lane: kill -9 of the broker under load; nothing acknowledged may be lost or altered, round after round.

import { type Counts, ProducerDriver, readBack } from '../drivers.ts'
import { type Lane, withServers } from '../lane.ts'
import { compareLedgers, problemsIn, readSent } from '../ledger.ts'
import { sleep, waitFor } from '../processes.ts'
import { createTopic } from '../requests.ts'

const topic = 'InteropKill'
const acknowledgedPerRound = 10_000

export const kill: Lane = {
  name: 'kill',
  summary: 'kill -9 under load, N rounds',
  async run(context) {
    const { report } = context
    const brokerConfig = {
      // Small files, so that a kill falls near the end of a file now and then.
      mappedFileSizeCommitLog: String(1024 * 1024),
      mappedFileSizeConsumeQueue: String(20 * 5000),
    }
    await withServers(
      context,
      'kill',
      { namesrv: context.ours, broker: context.ours, brokerConfig },
      async (stage) => {
        await createTopic(stage.servers.ports.broker, topic, 8)
        const producers = await Promise.all(
          (['sync', 'async'] as const).map((kind) =>
            ProducerDriver.start(stage, {
              name: `load-${kind}`,
              topic,
              encoding: kind === 'sync' ? 'binary' : 'json',
              plan: `${kind}:0`,
              threads: 8,
              tags: ['TagA', 'TagB'],
              keys: true,
              bodyBytes: [64, 1500],
              paused: true,
            }),
          ),
        )
        const acknowledged = (): number => total(producers.map((one) => one.counts))
        for (let round = 1; round <= context.rounds; round++) {
          const before = acknowledged()
          await Promise.all(producers.map((one) => one.resume()))
          await waitFor(
            `${acknowledgedPerRound} more acknowledged messages`,
            () => acknowledged() >= before + acknowledgedPerRound,
            120_000,
            10,
          )
          // At no particular moment of a write, a flush or a roll.
          await sleep(Math.random() * 300)
          await stage.servers.killBroker()
          await Promise.all(producers.map((one) => one.pause()))
          const gained = acknowledged() - before
          const begin = performance.now()
          await stage.servers.startBroker()
          const restartSeconds = ((performance.now() - begin) / 1000).toFixed(1)

          const sent = await readSent(...producers.map((one) => one.ledger))
          const { messages, complaints } = await readBack(stage, topic)
          const comparison = compareLedgers(sent, messages)
          report.compared(gained)
          const problems = [
            ...problemsIn(comparison, { positions: true, duplicatesAllowed: true }),
            ...complaints,
          ]
          report.check(
            `round ${round} of ${context.rounds}`,
            problems.length === 0 && gained >= acknowledgedPerRound,
            [
              `killed after ${gained} acknowledged, back in ${restartSeconds} s, ${comparison.expected} of all rounds compared, ${comparison.duplicated.length} stored twice by retries`,
              ...problems,
            ].join('\n'),
          )
        }
        await Promise.all(producers.map((one) => one.stop()))
      },
    )
  },
}

function total(counts: readonly Counts[]): number {
  return counts.reduce((sum, one) => sum + one.acknowledged, 0)
}
