// SPDX-License-Identifier: Apache-2.0
// Pulling: what is given out, what waits, what is refused in which words.
import { ResponseCode, type Response } from '@rocketmq-ts/remoting'
import {
  encodeSubscriptionGroupConfig,
  newSubscriptionGroupConfig,
} from '@rocketmq-ts/remoting/bodies'
import { decodeMessages } from '@rocketmq-ts/remoting/message'
import {
  getAllConsumerOffset,
  litePullMessage,
  pullMessage,
  queryConsumerOffset,
  updateAndCreateSubscriptiongroup,
  updateAndCreateTopic,
  updateBrokerConfig,
  type PullMessageRequest,
  type PullMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ADDRESS,
  BrokerWorld,
  COMMIT,
  pullHeader,
  subscribed,
  SUBSCRIPTION,
  SUSPEND,
} from '../../test/broker-world.ts'

const FAQ = '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.'

function tagsOf(answer: Response<unknown>): (string | undefined)[] {
  return decodeMessages(Buffer.from(answer.body)).map(({ properties }) => properties['TAGS'])
}

describe('a pull', () => {
  let world: BrokerWorld
  beforeAll(async () => {
    world = await BrokerWorld.start()
    for (const tag of ['a', 'b', 'a', 'c']) await world.send({ properties: { TAGS: tag } })
  })

  test('gives the messages from an offset, and where to go on', async () => {
    const answer = await world.pull({ queueOffset: 1 })
    expect([answer.code, answer.remark]).toEqual([ResponseCode.SUCCESS, 'FOUND'])
    expect(tagsOf(answer)).toEqual(['b', 'a', 'c'])
    expect(answer.header()).toEqual({
      suggestWhichBrokerId: 0,
      nextBeginOffset: 4,
      minOffset: 0,
      maxOffset: 4,
      offsetDelta: undefined,
      topicSysFlag: 0,
      groupSysFlag: 0,
      forbiddenType: undefined,
    })
  })

  test.each([
    ['one tag', 'a', ['a', 'a']],
    ['several tags', 'a || c', ['a', 'a', 'c']],
    ['every tag', '*', ['a', 'b', 'a', 'c']],
    ['no tag at all', '', ['a', 'b', 'a', 'c']],
  ])('filters by %s', async (_, subscription, tags) => {
    expect(tagsOf(await world.pull({ subscription }))).toEqual(tags)
  })

  test.each<[string, Partial<PullMessageRequest>, number, string, number]>([
    ['nothing of the wanted tags', { subscription: 'z' }, 20, 'NO_MATCHED_MESSAGE', 4],
    ['the end of the queue', { queueOffset: 4 }, 19, 'OFFSET_OVERFLOW_ONE', 4],
    ['an offset beyond the end', { queueOffset: 5 }, 21, 'OFFSET_OVERFLOW_BADLY', 4],
    ['a negative offset', { queueOffset: -1 }, 21, 'OFFSET_TOO_SMALL', 0],
    ['an empty queue from its start', { queueId: 1 }, 19, 'NO_MESSAGE_IN_QUEUE', 0],
    ['an empty queue from elsewhere', { queueId: 1, queueOffset: 7 }, 21, 'NO_MESSAGE_IN_QUEUE', 0],
  ])('finds %s', async (_, wish, code, remark, nextBeginOffset) => {
    const answer = await world.pull(wish)
    expect([answer.code, answer.remark, answer.header().nextBeginOffset]).toEqual([
      code,
      remark,
      nextBeginOffset,
    ])
  })

  test.each([
    [2, 2],
    [0, 1],
    [-1, 1],
  ])('for %i messages gives %i', async (maxMsgNums, count) => {
    expect(tagsOf(await world.pull({ maxMsgNums }))).toHaveLength(count)
  })

  test.each<[string, Partial<PullMessageRequest>, number, string]>([
    [
      'a topic that does not exist',
      { topic: 'Nope' },
      ResponseCode.TOPIC_NOT_EXIST,
      `topic[Nope] not exist, apply first please! ${FAQ}`,
    ],
    [
      'a group whose name is not allowed',
      { consumerGroup: 'a b' },
      ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
      `subscription group [a b] does not exist, ${FAQ}`,
    ],
    [
      'a group nobody announced',
      { sysFlag: 0 },
      ResponseCode.SUBSCRIPTION_NOT_EXIST,
      `the consumer's group info not exist${FAQ}`,
    ],
    [
      'an expression without a tag',
      { subscription: '||' },
      ResponseCode.SUBSCRIPTION_PARSE_FAILED,
      "parse the consumer's subscription failed",
    ],
    [
      'an expression in SQL',
      { subscription: 'a = 1', expressionType: 'SQL92' },
      ResponseCode.SYSTEM_ERROR,
      'The broker does not support consumer to filter message by SQL92',
    ],
    [
      'a queue the topic does not have',
      { queueId: 4 },
      ResponseCode.INVALID_PARAMETER,
      'queueId[4] is illegal, topic:[T] topicConfig.readQueueNums:[4] consumer:[/10.0.1.1:49152]',
    ],
  ])('of %s is refused', async (_, wish, code, remark) => {
    const answer = await world.pull(wish)
    const port = /:\d+\]$/
    expect([answer.code, answer.remark?.replace(port, '')]).toEqual([
      code,
      remark.replace(port, ''),
    ])
  })

  test('records the offset it carries, and how far it was given messages', async () => {
    await world.pull({ consumerGroup: 'Commits', sysFlag: SUBSCRIPTION | COMMIT, commitOffset: 3 })
    const committed = await world.call(queryConsumerOffset, {
      consumerGroup: 'Commits',
      topic: 'T',
      queueId: 0,
      setZeroIfNotFound: undefined,
    })
    expect(committed.header().offset).toBe(3)
    const table = await world.call(getAllConsumerOffset, {})
    expect(Buffer.from(table.body).toString()).toContain('"T@Commits":{0:4}')
  })

  test('is served as lite pull, unless that is switched off', async () => {
    expect((await world.call(litePullMessage, pullHeader)).code).toBe(ResponseCode.SUCCESS)
    await world.call(updateBrokerConfig, {}, { body: Buffer.from('litePullMessageEnable=false') })
    const answer = await world.call(litePullMessage, pullHeader)
    expect([answer.code, answer.remark, answer.ext('forbiddenType')]).toEqual([
      ResponseCode.NO_PERMISSION,
      'the broker[10.0.0.1] for lite pull consumer is forbidden',
      '1',
    ])
  })

  test('is not served on the fast port', async () => {
    expect(await world.outcome(pullMessage, pullHeader, { port: 10909 })).toEqual([
      ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
      ' request type 11 not supported',
    ])
  })
})

describe('a pull of an announced group', () => {
  let world: BrokerWorld
  beforeEach(async () => {
    world = await BrokerWorld.start()
    for (const tag of ['a', 'b']) await world.send({ properties: { TAGS: tag } })
  })

  const announced = { sysFlag: 0, subVersion: 5n }

  test('is filtered by what the heartbeat subscribed to', async () => {
    await world.heartbeat(world.client, 'c1', [{ subscriptionDataSet: [subscribed('T', 'b', 5)] }])
    expect(tagsOf(await world.pull(announced))).toEqual(['b'])
  })

  test.each<[string, Partial<PullMessageRequest>, number, string]>([
    [
      'of a newer subscription than announced',
      { subVersion: 6n },
      ResponseCode.SUBSCRIPTION_NOT_LATEST,
      "the consumer's subscription not latest",
    ],
    [
      'of a topic the group does not subscribe to',
      { topic: 'BenchmarkTest' },
      ResponseCode.SUBSCRIPTION_NOT_EXIST,
      `the consumer's subscription not exist${FAQ}`,
    ],
  ])('%s is refused', async (_, wish, code, remark) => {
    await world.heartbeat(world.client, 'c1', [{ subscriptionDataSet: [subscribed('T', '*', 5)] }])
    const answer = await world.pull({ ...announced, ...wish })
    expect([answer.code, answer.remark]).toEqual([code, remark])
  })

  async function forbidden(
    wish: Partial<PullMessageRequest>,
  ): Promise<readonly [number, string | undefined, string | undefined]> {
    const answer = await world.pull(wish)
    return [answer.code, answer.remark, answer.ext('forbiddenType')]
  }

  test('that may not consume is refused', async () => {
    const group = { ...newSubscriptionGroupConfig('CG'), consumeEnable: false }
    const body = encodeSubscriptionGroupConfig(group)
    await world.call(updateAndCreateSubscriptiongroup, {}, { body })
    expect(await forbidden({})).toEqual([16, 'subscription group no permission, CG', '2'])
  })

  test('that may not broadcast is refused when it does', async () => {
    const group = { ...newSubscriptionGroupConfig('CG'), consumeBroadcastEnable: false }
    const body = encodeSubscriptionGroupConfig(group)
    await world.call(updateAndCreateSubscriptiongroup, {}, { body })
    const subscriptionDataSet = [subscribed('T', '*', 5)]
    await world.heartbeat(world.client, 'c1', [
      { messageModel: 'BROADCASTING', subscriptionDataSet },
    ])
    expect(await forbidden(announced)).toEqual([
      16,
      'the consumer group[CG] can not consume by broadcast way',
      '4',
    ])
  })

  test('of a topic that may not be read is refused', async () => {
    await world.call(updateAndCreateTopic, {
      topic: 'T',
      defaultTopic: 'TBW102',
      readQueueNums: 4,
      writeQueueNums: 4,
      perm: 2,
      topicFilterType: 'SINGLE_TAG',
      topicSysFlag: undefined,
      order: false,
      attributes: undefined,
      force: undefined,
    })
    expect(await forbidden({})).toEqual([16, 'the topic[T] pulling message is forbidden', '3'])
  })

  test('is refused while the broker may not be read', async () => {
    await world.call(updateBrokerConfig, {}, { body: Buffer.from('brokerPermission=2') })
    expect(await forbidden({})).toEqual([
      16,
      'the broker[10.0.0.1] pulling message is forbidden',
      '1',
    ])
  })
})

describe('a pull that may wait', () => {
  let world: BrokerWorld
  beforeEach(async () => {
    world = await BrokerWorld.start()
    await world.send({ properties: { TAGS: 'a' } })
  })

  const wait = { suspendTimeoutMillis: 15_000 }

  function hold(wish: Partial<PullMessageRequest> = {}): {
    readonly answer: Promise<Response<PullMessageResponse>>
    readonly isAnswered: () => boolean
  } {
    let isAnswered = false
    const flags = SUBSCRIPTION | SUSPEND
    const header = { ...pullHeader, queueOffset: 1, sysFlag: flags, ...wait, ...wish }
    const answer = world.client
      .request(ADDRESS, pullMessage, header, { timeoutMs: 60_000 })
      .finally(() => (isAnswered = true))
    return { answer, isAnswered: () => isAnswered }
  }

  test('is answered as soon as a message comes', async () => {
    const held = hold()
    await world.advance(3000)
    expect(held.isAnswered()).toBe(false)
    await world.send({ properties: { TAGS: 'b' } })
    await world.advance(50)
    expect(held.isAnswered()).toBe(true)
    expect(tagsOf(await held.answer)).toEqual(['b'])
  })

  test('is not woken by tags it does not want', async () => {
    const held = hold({ subscription: 'c' })
    await world.advance(100)
    await world.send({ properties: { TAGS: 'b' } })
    await world.advance(500)
    expect(held.isAnswered()).toBe(false)
    await world.send({ properties: { TAGS: 'c' } })
    await world.advance(500)
    expect(tagsOf(await held.answer)).toEqual(['c'])
  })

  test('ends without messages when its time is up', async () => {
    const held = hold()
    await world.advance(14_900)
    expect(held.isAnswered()).toBe(false)
    await world.advance(1200)
    const answer = await held.answer
    expect([answer.code, answer.remark]).toEqual([
      ResponseCode.PULL_NOT_FOUND,
      'OFFSET_OVERFLOW_ONE',
    ])
  })

  test('gets in one answer what came together', async () => {
    const held = hold()
    await world.advance(100)
    const sends = ['x', 'y', 'z'].map((tag) => world.send({ properties: { TAGS: tag } }))
    await Promise.all(sends)
    await world.advance(100)
    const answer = await held.answer
    expect(tagsOf(answer).length).toBeGreaterThanOrEqual(1)
    expect((await world.messages('T')).length).toBe(4)
  })

  test('waits a short time only when long polling is off', async () => {
    await world.call(updateBrokerConfig, {}, { body: Buffer.from('longPollingEnable=false') })
    const held = hold()
    await world.advance(2100)
    expect((await held.answer).code).toBe(ResponseCode.PULL_NOT_FOUND)
  })

  test('is answered when the broker stops', async () => {
    const held = hold()
    await world.advance(100)
    await world.settle(world.broker.close())
    expect((await held.answer).code).toBe(ResponseCode.PULL_NOT_FOUND)
  })
})
