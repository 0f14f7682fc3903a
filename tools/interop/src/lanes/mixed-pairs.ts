// SPDX-License-Identifier: Apache-2.0
// Lanes: our broker at a Java name server, and a Java broker at ours.

import { ConsumerDriver, produce, type Stage, untilReceived } from '../drivers.ts'
import { checkArrived, checkStored, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent } from '../ledger.ts'
import { hasRoute, registeredBrokers } from '../requests.ts'

export const ourBrokerJavaNamesrv: Lane = {
  name: 'ours-broker-java-namesrv',
  summary: 'our broker registers with a Java name server',
  run: (context) => pair(context, 'ours-broker-java-namesrv', 'java', context.ours),
}

export const javaBrokerOurNamesrv: Lane = {
  name: 'java-broker-our-namesrv',
  summary: 'a Java broker registers with our name server',
  run: (context) => pair(context, 'java-broker-our-namesrv', context.ours, 'java'),
}

async function pair(
  context: LaneContext,
  name: string,
  namesrv: 'java' | 'ours',
  broker: 'java' | 'ours',
): Promise<void> {
  await withServers(context, name, { namesrv, broker }, async (stage) => {
    const topic = 'InteropPair'
    const consumer = await ConsumerDriver.start(stage, {
      name: 'consumer',
      topic,
      group: 'PairGroup',
    })
    const count = Math.min(context.messages, 3000)
    const { ledger, counts } = await produce(stage, {
      name: 'pair',
      topic,
      encoding: 'binary',
      tags: ['TagA'],
      plan: `sync:${count},async:${count},batch:320`,
    })
    context.report.check('no send failed', counts.failed === 0)
    const sent = await readSent(ledger)
    await untilReceived([consumer], sent.length)
    checkArrived(context, 'the consumer got everything', sent, await consumer.stop(), {
      // A topic that appears while its consumer is running may be rebalanced in between.
      duplicatesAllowed: true,
    })
    await checkStored(context, stage, 'queues hold everything in place and order', topic, sent)
    await reregistration(context, stage, topic)
  })
}

/** The route goes with the broker and comes back with it. */
async function reregistration(context: LaneContext, stage: Stage, topic: string): Promise<void> {
  const { report } = context
  const { namesrv } = stage.servers.ports
  report.check('the name server has the route', await hasRoute(namesrv, topic))
  await stage.servers.killBroker()
  report.check('the route goes when the broker is killed', !(await hasRoute(namesrv, topic)))
  await stage.servers.startBroker()
  const known = await registeredBrokers(namesrv)
  report.check(
    'a restarted broker registers again',
    known?.includes(stage.servers.brokerName) === true,
  )
  report.check('and so does the route', await hasRoute(namesrv, topic))
}
