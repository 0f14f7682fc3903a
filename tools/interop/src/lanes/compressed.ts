// SPDX-License-Identifier: Apache-2.0
// Part of the traffic lanes: bodies compressed in each way by one client, restored by Java's consumer and by ours.

import {
  type ClientKind,
  type Compression,
  ConsumerDriver,
  produce,
  type Stage,
  untilReceived,
} from '../drivers.ts'
import { checkArrived, type LaneContext } from '../lane.ts'
import { readSent, type Sent } from '../ledger.ts'
import { createTopic, storedSysFlag } from '../requests.ts'

const topic = 'InteropCompressed'

/** Java's MessageSysFlag: compressed, and how. */
const sysFlags: Readonly<Record<Compression, number>> = { ZLIB: 0x301, ZSTD: 0x201, LZ4: 0x101 }
const sysFlagMask = 0x701

export async function compressedBodies(
  context: LaneContext,
  stage: Stage,
  client: ClientKind,
): Promise<void> {
  await createTopic(stage.servers.ports.broker, topic, 4)
  const consumers = await Promise.all(
    (['java', 'ours'] as const).map((kind) =>
      ConsumerDriver.start(stage, {
        client: kind,
        name: `consumer-restores-${kind}`,
        topic,
        group: `InteropRestores_${kind}`,
      }),
    ),
  )
  const sent: Sent[] = []
  for (const compression of Object.keys(sysFlags) as Compression[]) {
    const { ledger, counts } = await produce(stage, {
      client,
      name: `compressed-${compression}`,
      topic,
      // From 4,096 bytes on a body is compressed; half of them are noise.
      bodyBytes: [4096, 100_000],
      compression,
      threads: 2,
      timeoutMs: 30_000,
      plan: 'sync:100',
    })
    const own = (await readSent(ledger)).filter(({ state }) => state === 'acknowledged')
    sent.push(...own)
    const flags = await Promise.all(
      own.map((one) => storedSysFlag(stage.servers.ports.broker, one.offsetMsgId)),
    )
    const wrong = flags.filter((flag) => (flag & sysFlagMask) !== sysFlags[compression])
    context.report.check(
      `bodies are stored as ${compression}`,
      counts.failed === 0 && own.length === 100 && wrong.length === 0,
      `${own.length} acknowledged, ${wrong.length} stored otherwise: ${wrong.slice(0, 3).join(', ')}`,
    )
  }
  for (const consumer of consumers) await untilReceived([consumer], sent.length)
  const [byJava = [], byOurs = []] = await Promise.all(consumers.map((one) => one.stop()))
  checkArrived(context, 'Java’s consumer restores every compressed body', sent, byJava)
  checkArrived(context, 'our consumer restores every compressed body', sent, byOurs)
}
