// SPDX-License-Identifier: Apache-2.0
// Brokers of both kinds take one store in turn, each killed while messages come in: nothing acknowledged may be lost or altered.

import { ProducerDriver } from '../drivers.ts'
import { checkStored, type LaneContext, withServers } from '../lane.ts'
import { readSent } from '../ledger.ts'
import { sleep, waitFor } from '../processes.ts'
import { createTopic } from '../requests.ts'
import type { ServerKind } from '../servers.ts'
import { mixedSettings } from '../store-features.ts'

const topic = 'InteropStoreLoad'
const acknowledgedPerTurn = 3000

/** Kills each broker of the list under load and has the next one read all that was acknowledged so far. */
export async function relayUnderLoad(
  context: LaneContext,
  brokers: readonly [ServerKind, ...ServerKind[]],
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  context.report.say(`killed under load: ${brokers.join(', ')}`)
  const brokerConfig = {
    // Small files, so that a kill falls near the end of a file now and then.
    mappedFileSizeCommitLog: String(1024 * 1024),
    mappedFileSizeConsumeQueue: String(20 * 500),
    maxHashSlotNum: '1000',
    maxIndexNum: '4000',
    ...mixedSettings,
    ...settings,
  }
  const options = { namesrv: context.ours, broker: brokers[0], brokerConfig }
  await withServers(context, 'store-load', options, async (stage) => {
    const { servers } = stage
    await createTopic(servers.ports.broker, topic, 4)
    const producer = await ProducerDriver.start(stage, {
      name: 'load',
      topic,
      encoding: 'binary',
      plan: 'mixed:0',
      threads: 8,
      tags: ['TagA', 'TagB'],
      keys: true,
      bodyBytes: [20, 3000],
      paused: true,
    })
    for (const [turn, broker] of brokers.entries()) {
      if (turn > 0) {
        await servers.startBroker(broker)
        const what = `${broker}: all that ${brokers[turn - 1]} acknowledged, killed under load`
        const sent = await readSent(producer.ledger)
        await checkStored(context, stage, what, topic, sent, { duplicatesAllowed: true })
      }
      const before = producer.counts.acknowledged
      await producer.resume()
      await waitFor(
        `${acknowledgedPerTurn} more acknowledged messages`,
        () => producer.counts.acknowledged >= before + acknowledgedPerTurn,
        120_000,
        10,
      )
      // At no particular moment of a write, a flush or a roll.
      await sleep(Math.random() * 300)
      if (turn < brokers.length - 1) await servers.killBroker()
      await producer.pause()
    }
    await producer.stop()
  })
}
