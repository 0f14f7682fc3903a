// SPDX-License-Identifier: Apache-2.0
// A message sent back: where it goes, when it comes again, and when it is given up.
import { ResponseCode } from '@rocketmq-ts/remoting'
import {
  encodeSubscriptionGroupConfig,
  newSubscriptionGroupConfig,
} from '@rocketmq-ts/remoting/bodies'
import type { MessageExt } from '@rocketmq-ts/remoting/message'
import {
  consumerSendMsgBack,
  updateAndCreateSubscriptiongroup,
  updateBrokerConfig,
} from '@rocketmq-ts/remoting/requests'
import { beforeEach, expect, test } from 'vitest'
import { BrokerWorld } from '../../test/broker-world.ts'

let world: BrokerWorld
let origin: MessageExt
beforeEach(async () => {
  world = await BrokerWorld.start()
  await world.send({
    body: 'again',
    properties: { UNIQ_KEY: 'U', TAGS: 'tag', WAIT: 'true' },
    flag: 9,
  })
  origin = (await world.messages('T'))[0]!
})

const request = {
  offset: 0,
  group: 'G',
  delayLevel: 0,
  originMsgId: 'U',
  originTopic: 'T',
  unitMode: false,
  maxReconsumeTimes: undefined,
}

test('it comes again in the retry topic after the delay of its attempt', async () => {
  expect(await world.outcome(consumerSendMsgBack, request)).toEqual([ResponseCode.SUCCESS, ''])
  await world.advance(9_900)
  expect(await world.messages('%RETRY%G')).toHaveLength(0)
  await world.advance(300)
  const [again] = await world.messages('%RETRY%G')
  expect(Buffer.from(again!.body).toString()).toBe('again')
  expect(again).toMatchObject({
    flag: 9,
    reconsumeTimes: 1,
    bornTimestamp: origin.bornTimestamp,
    bornHost: origin.bornHost,
    properties: {
      ...origin.properties,
      WAIT: 'false',
      RETRY_TOPIC: 'T',
      ORIGIN_MESSAGE_ID: origin.offsetMsgId,
      DELAY: '3',
      REAL_TOPIC: '%RETRY%G',
      REAL_QID: '0',
    },
  })
})

test('the second time it waits a level longer and keeps where it came from', async () => {
  await world.call(consumerSendMsgBack, request)
  await world.advance(10_200)
  const [again] = await world.messages('%RETRY%G')
  await world.call(consumerSendMsgBack, { ...request, offset: again!.commitLogOffset })
  await world.advance(29_800)
  expect(await world.messages('%RETRY%G')).toHaveLength(1)
  await world.advance(500)
  const [, third] = await world.messages('%RETRY%G')
  expect(third!.reconsumeTimes).toBe(2)
  expect(third!.properties).toMatchObject({
    RETRY_TOPIC: 'T',
    ORIGIN_MESSAGE_ID: origin.offsetMsgId,
    DELAY: '4',
  })
})

test.each([
  ['the consumer gives it up', { delayLevel: -1 }],
  ['its attempts are used up', { maxReconsumeTimes: 0 }],
])('it goes to the dead letters at once when %s', async (_, wish) => {
  await world.call(consumerSendMsgBack, { ...request, ...wish })
  const [dead] = await world.messages('%DLQ%G')
  expect(dead!.reconsumeTimes).toBe(1)
  expect(dead!.properties).toMatchObject({ DELAY: '0', RETRY_TOPIC: 'T' })
  expect(dead!.properties['REAL_TOPIC']).toBeUndefined()
})

test('the group’s own limit counts when the consumer tells none', async () => {
  const body = encodeSubscriptionGroupConfig({
    ...newSubscriptionGroupConfig('G'),
    retryMaxTimes: 0,
  })
  await world.call(updateAndCreateSubscriptiongroup, {}, { body })
  await world.call(consumerSendMsgBack, request)
  expect(await world.messages('%DLQ%G')).toHaveLength(1)
})

test('a group without retry queues gets success and no copy', async () => {
  const body = encodeSubscriptionGroupConfig({
    ...newSubscriptionGroupConfig('G'),
    retryQueueNums: 0,
  })
  await world.call(updateAndCreateSubscriptiongroup, {}, { body })
  expect(await world.outcome(consumerSendMsgBack, request)).toEqual([ResponseCode.SUCCESS, ''])
  await world.advance(20_000)
  expect((await world.pull({ topic: '%RETRY%G' })).code).toBe(ResponseCode.TOPIC_NOT_EXIST)
})

test.each([
  ['nothing begins there', { offset: 5 }, 1, 'look message by offset failed, 5'],
  ['the log ends before', { offset: 99_999 }, 1, 'look message by offset failed, 99999'],
])('it is refused when %s', async (_, wish, code, remark) => {
  expect(await world.outcome(consumerSendMsgBack, { ...request, ...wish })).toEqual([code, remark])
})

test('it is refused while the broker may not be written', async () => {
  await world.call(updateBrokerConfig, {}, { body: Buffer.from('brokerPermission=4') })
  const [code] = await world.outcome(consumerSendMsgBack, request)
  expect(code).toBe(ResponseCode.NO_PERMISSION)
})
