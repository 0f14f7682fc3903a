// SPDX-License-Identifier: Apache-2.0
// Lane: a Java broker goes on with our store directory, and our broker with Java's.

import { produce, type Stage } from '../drivers.ts'
import { checkStored, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent, type Sent } from '../ledger.ts'
import { createTopic } from '../requests.ts'
import type { ServerKind } from '../servers.ts'

const topic = 'InteropStore'

export const store: Lane = {
  name: 'store',
  summary: 'each broker reads and continues the store directory of the other',
  async run(context) {
    const ours = context.ours
    // Each list is one store directory and the brokers that take it in turn.
    await relay(context, 'stopped', [ours, 'java', ours])
    await relay(context, 'killed', [ours, 'java', ours])
    await relay(context, 'killed', ['java', ours])
  },
}

/** Every broker of the list reads all that came before it and adds messages of its own. */
async function relay(
  context: LaneContext,
  how: 'stopped' | 'killed',
  brokers: readonly [ServerKind, ...ServerKind[]],
): Promise<void> {
  const brokerConfig = {
    mappedFileSizeCommitLog: String(1024 * 1024),
    mappedFileSizeConsumeQueue: String(20 * 1000),
  }
  await withServers(
    context,
    'store',
    { namesrv: 'java', broker: brokers[0], brokerConfig },
    async (stage) => {
      await createTopic(stage.servers.ports.broker, topic, 4)
      const sent: Sent[] = []
      for (const [turn, broker] of brokers.entries()) {
        if (turn > 0) {
          await (how === 'killed' ? stage.servers.killBroker() : stage.servers.stopBroker())
          await stage.servers.startBroker(broker)
          const what = `${broker} broker reads the store of the ${how} ${brokers[turn - 1] ?? ''} broker`
          await checkStored(context, stage, what, topic, sent)
        }
        sent.push(...(await add(context, stage, turn)))
      }
      await checkStored(context, stage, `all parts of ${brokers.join(', ')} (${how})`, topic, sent)
    },
  )
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
    plan: 'sync:1000,async:500,batch:160',
  })
  context.report.check(`part ${turn + 1}: no send failed`, counts.failed === 0)
  return await readSent(ledger)
}
