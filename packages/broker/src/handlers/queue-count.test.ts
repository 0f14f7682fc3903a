// SPDX-License-Identifier: Apache-2.0
// Topics and groups with more queues than anybody can list: refused or bounded, never a loop over all of them.
import { ResponseCode } from '@rocketmq-ts/remoting'
import { getTopicStatsInfo, updateAndCreateTopic } from '@rocketmq-ts/remoting/requests'
import { expect, test } from 'vitest'
import { SimulatedBroker } from '../../test/simulated-broker.ts'

const wanted = {
  topic: 'Wide',
  defaultTopic: 'TBW102',
  perm: 6,
  topicFilterType: 'SINGLE_TAG',
  topicSysFlag: 0,
  order: false,
  attributes: undefined,
  force: undefined,
}

test.each([65_537, 2_147_483_647])('a topic with %d queues is refused', async (count) => {
  const broker = await SimulatedBroker.start()
  for (const [readQueueNums, writeQueueNums] of [
    [count, 1],
    [1, count],
  ] as const) {
    const answer = await broker.ask(updateAndCreateTopic, {
      ...wanted,
      readQueueNums,
      writeQueueNums,
    })
    expect(answer).toMatchObject({
      code: ResponseCode.INVALID_PARAMETER,
      remark: `The topic[Wide] cannot have ${count} queues, the most are 65536.`,
    })
  }
  const stats = await broker.ask(getTopicStatsInfo, { topic: 'Wide' })
  expect(stats.code).toBe(ResponseCode.TOPIC_NOT_EXIST)
})

test('a topic with 65,536 queues is made', async () => {
  const broker = await SimulatedBroker.start()
  const counts = { readQueueNums: 65_536, writeQueueNums: 65_536 }
  expect((await broker.ask(updateAndCreateTopic, { ...wanted, ...counts })).code).toBe(
    ResponseCode.SUCCESS,
  )
})
