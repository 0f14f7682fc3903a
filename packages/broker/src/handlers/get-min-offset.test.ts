// SPDX-License-Identifier: Apache-2.0
// GET_MIN_OFFSET: what a queue answers before and after its oldest messages have left the log.
import { ResponseCode } from '@rocketmq-ts/remoting'
import { decodeMessageId } from '@rocketmq-ts/remoting/message'
import { getMinOffset } from '@rocketmq-ts/remoting/requests'
import { expect, test } from 'vitest'
import { SimulatedBroker } from '../../test/simulated-broker.ts'

const SEGMENT_BYTES = 4096
/** Three of these fill a segment. */
const BODY = new Uint8Array(1024)

test.each([
  { given: 'a topic that does not exist', topic: 'Nowhere', queueId: 0 },
  { given: 'a queue the topic does not have', topic: 'T', queueId: 99 },
  { given: 'a queue without messages', topic: 'T', queueId: 1 },
  { given: 'a queue with all its messages', topic: 'T', queueId: 0 },
])('$given begins at 0', async ({ topic, queueId }) => {
  const broker = await SimulatedBroker.start()
  await broker.send('T', 0, BODY)
  const answer = await broker.ask(getMinOffset, { topic, queueId })
  expect(answer).toMatchObject({ code: ResponseCode.SUCCESS, remark: undefined })
  expect(answer.header()).toEqual({ offset: 0 })
})

test('a queue begins at its first message that is still in the log', async () => {
  const broker = await SimulatedBroker.start({ mappedFileSizeCommitLog: String(SEGMENT_BYTES) })
  const offsets: number[] = []
  for (let index = 0; index < 8; index++) {
    const { msgId } = await broker.send('T', 0, BODY)
    offsets.push(decodeMessageId(msgId).commitLogOffset)
  }
  await broker.restart(() => {
    const [oldest] = broker.world.files.list('/store/commitlog')
    broker.world.files.remove(`/store/commitlog/${oldest}`)
  })
  const gone = offsets.filter((offset) => offset < SEGMENT_BYTES).length
  expect(gone).toBeGreaterThan(0)
  const answer = await broker.ask(getMinOffset, { topic: 'T', queueId: 0 })
  expect(answer.header()).toEqual({ offset: gone })
})
