// SPDX-License-Identifier: Apache-2.0
// What administrators and consumers ask now and then: given, asked, answered.
import { ResponseCode, type Response } from '@rocketmq-ts/remoting'
import {
  decodeConsumerConnection,
  decodeConsumeStats,
  decodeKvTable,
  decodeLockBatchResult,
  decodeSubscriptionGroupWrapper,
  decodeTopicConfig,
  decodeTopicConfigSerializeWrapper,
  decodeTopicStatsTable,
  encodeLockBatchBody,
  encodeSubscriptionGroupConfig,
  newSubscriptionGroupConfig,
} from '@rocketmq-ts/remoting/bodies'
import { decodeMessage } from '@rocketmq-ts/remoting/message'
import * as requests from '@rocketmq-ts/remoting/requests'
import { beforeEach, describe, expect, test } from 'vitest'
import { BrokerWorld, subscribed } from '../../test/broker-world.ts'

let world: BrokerWorld
beforeEach(async () => {
  world = await BrokerWorld.start()
})

function textOf({ body }: Response<unknown>): string {
  return Buffer.from(body).toString()
}

const queue = { topic: 'T', queueId: 0 }
const topic = {
  topic: 'C',
  defaultTopic: 'TBW102',
  readQueueNums: 2,
  writeQueueNums: 3,
  perm: 6,
  topicFilterType: 'SINGLE_TAG',
  topicSysFlag: 0,
  order: false,
  attributes: undefined,
  force: undefined,
}

describe('offsets of a queue', () => {
  beforeEach(async () => {
    for (let at = 0; at < 3; at += 1) {
      await world.send()
      await world.advance(1000)
    }
  })

  async function search(timestamp: bigint, boundaryType?: string): Promise<number> {
    const header = { ...queue, timestamp, boundaryType, liteTopic: undefined }
    return (await world.call(requests.searchOffsetByTimestamp, header)).header().offset
  }

  test('are found by time, from either side', async () => {
    const [first, second] = await world.messages('T')
    expect(await search(0n)).toBe(0)
    expect(await search(BigInt(first!.storeTimestamp) + 1n)).toBe(1)
    expect(await search(BigInt(second!.storeTimestamp))).toBe(1)
    expect(await search(BigInt(second!.storeTimestamp) + 1n, 'UPPER')).toBe(1)
    expect(await search(9_999_999_999_999n)).toBe(3)
  })

  test('begin and end where the messages do', async () => {
    const end = await world.call(requests.getMaxOffset, { ...queue, committed: undefined })
    const begin = await world.call(requests.getMinOffset, queue)
    expect([begin.header().offset, end.header().offset]).toEqual([0, 3])
  })

  test('the oldest message tells its time', async () => {
    const [first] = await world.messages('T')
    const answer = await world.call(requests.getEarliestMsgStoretime, queue)
    expect(answer.header().timestamp).toBe(first!.storeTimestamp)
  })

  test('one message is read by its place in the log', async () => {
    const [, second] = await world.messages('T')
    const header = { topic: 'T', offset: second!.commitLogOffset }
    const answer = await world.call(requests.viewMessageById, header)
    expect(decodeMessage(Buffer.from(answer.body), 0).queueOffset).toBe(1)
    expect(await world.outcome(requests.viewMessageById, { ...header, offset: 5 })).toEqual([
      ResponseCode.SYSTEM_ERROR,
      'can not find message by the offset, 5',
    ])
  })

  test('the figures of a topic are those of its queues', async () => {
    const answer = await world.call(requests.getTopicStatsInfo, { topic: 'T' })
    const { offsetTable } = decodeTopicStatsTable(answer.body)
    expect(
      offsetTable.map(([{ queueId }, { minOffset, maxOffset }]) => [queueId, minOffset, maxOffset]),
    ).toEqual([
      [0, 0, 3],
      [1, 0, 0],
      [2, 0, 0],
      [3, 0, 0],
    ])
  })
})

describe('consumer offsets', () => {
  const position = { consumerGroup: 'G', ...queue }
  const query = { ...position, setZeroIfNotFound: undefined }

  test('are told as they were committed', async () => {
    await world.send()
    await world.pull({ consumerGroup: 'G' })
    const update = { ...position, commitOffset: 7 }
    expect(await world.outcome(requests.updateConsumerOffset, update)).toEqual([0, ''])
    const answer = await world.call(requests.queryConsumerOffset, query)
    expect(answer.header().offset).toBe(7)
  })

  test('of a new group are 0 while the queue has its first message', async () => {
    await world.send()
    expect((await world.call(requests.queryConsumerOffset, query)).header().offset).toBe(0)
  })

  test.each([
    [
      { ...query, topic: 'Nope' },
      'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first',
    ],
    [
      { ...query, setZeroIfNotFound: false },
      'Not found, do not set to zero, maybe this group boot first',
    ],
  ])('of %j are not found', async (header, remark) => {
    await world.send()
    expect(await world.outcome(requests.queryConsumerOffset, header)).toEqual([22, remark])
  })

  test.each([
    ['group', { consumerGroup: 'Nobody' }, 26, 'Group Nobody not exist!'],
    ['topic', { topic: 'Nope' }, 17, 'Topic Nope not exist!'],
  ])('of an unknown %s are refused', async (_, wrong, code, remark) => {
    await world.send()
    await world.pull({ consumerGroup: 'G' })
    const header = { ...position, commitOffset: 1, ...wrong }
    expect(await world.outcome(requests.updateConsumerOffset, header)).toEqual([code, remark])
  })

  test('show how far a group is behind', async () => {
    await world.send()
    await world.advance(1000)
    await world.send()
    await world.pull({ consumerGroup: 'G', sysFlag: 5, commitOffset: 1 })
    const header = { consumerGroup: 'G', topic: undefined, topicList: undefined }
    const answer = await world.call(requests.getConsumeStats, header)
    const [first] = decodeConsumeStats(answer.body).offsetTable
    const [message] = await world.messages('T')
    expect(first).toEqual([
      { brokerName: 'broker-a', queueId: 0, topic: 'T' },
      {
        brokerOffset: 2,
        consumerOffset: 1,
        pullOffset: 2,
        lastTimestamp: message!.storeTimestamp,
      },
    ])
  })
})

describe('topics', () => {
  test('are made and changed as told', async () => {
    expect((await world.call(requests.updateAndCreateTopic, topic)).code).toBe(0)
    const wish = { ...topic, perm: 4, attributes: '+message.type=FIFO' }
    await world.call(requests.updateAndCreateTopic, wish)
    const answer = await world.call(requests.getTopicConfig, { topic: 'C' })
    expect(decodeTopicConfig(answer.body)).toEqual({
      attributes: new Map([['message.type', 'FIFO']]),
      order: false,
      perm: 4,
      readQueueNums: 2,
      topicFilterType: 'SINGLE_TAG',
      topicName: 'C',
      topicSysFlag: 0,
      writeQueueNums: 3,
    })
  })

  test.each([
    ['a bad name', { topic: 'a b' }, 29, 'contains illegal characters'],
    ['a system topic', { topic: 'TBW102' }, 29, 'The topic[TBW102] is conflict with system topic.'],
    ['mixed messages', { attributes: '+message.type=MIXED' }, 29, 'MIXED message type is not'],
    ['an unknown attribute', { attributes: '+foo=bar' }, 1, 'unsupported key: foo'],
    [
      'an unknown filter type',
      { topicFilterType: 'WHAT' },
      1,
      'topicFilterType = [WHAT] value invalid',
    ],
  ])('with %s are refused', async (_, wrong, code, remark) => {
    const outcome = await world.outcome(requests.updateAndCreateTopic, { ...topic, ...wrong })
    expect(outcome).toEqual([code, expect.stringContaining(remark)])
  })

  test('are listed with their number, page by page', async () => {
    const first = { topicSeq: 0, dataVersion: undefined, maxTopicNum: 4 }
    const answer = await world.call(requests.getAllTopicConfig, first)
    const { topicConfigTable, dataVersion } = decodeTopicConfigSerializeWrapper(answer.body)
    expect([topicConfigTable.size, answer.header().totalTopicNum]).toEqual([4, 15])
    const second = { topicSeq: 4, dataVersion: JSON.stringify(dataVersion), maxTopicNum: 100 }
    const rest = await world.call(requests.getAllTopicConfig, second)
    expect(decodeTopicConfigSerializeWrapper(rest.body).topicConfigTable.size).toBe(11)
  })

  test('are deleted with their messages and offsets', async () => {
    await world.send()
    await world.pull({ consumerGroup: 'G', sysFlag: 5, commitOffset: 1 })
    expect(await world.outcome(requests.deleteTopicInBroker, { topic: 'T' })).toEqual([0, ''])
    expect((await world.pull()).code).toBe(ResponseCode.TOPIC_NOT_EXIST)
    expect(textOf(await world.call(requests.getAllConsumerOffset, {}))).not.toContain('T@G')
    await world.send()
    expect(await world.messages('T')).toHaveLength(1)
  })

  test('tell who consumes them', async () => {
    await world.send()
    await world.pull({ consumerGroup: 'Committed', sysFlag: 5, commitOffset: 1 })
    const subscriptionDataSet = [subscribed('T')]
    await world.heartbeat(world.client, 'c', [{ groupName: 'Online', subscriptionDataSet }])
    const answer = await world.call(requests.queryTopicConsumeByWho, { topic: 'T' })
    expect(textOf(answer)).toBe('{"groupList":["Committed","Online"]}')
  })
})

describe('groups', () => {
  test('are made as told', async () => {
    const group = { ...newSubscriptionGroupConfig('NG'), retryMaxTimes: 3 }
    const body = encodeSubscriptionGroupConfig(group)
    await world.call(requests.updateAndCreateSubscriptiongroup, {}, { body })
    const page = { groupSeq: undefined, dataVersion: undefined, maxGroupNum: undefined }
    const answer = await world.call(requests.getAllSubscriptiongroupConfig, page)
    const { subscriptionGroupTable } = decodeSubscriptionGroupWrapper(answer.body)
    expect(subscriptionGroupTable.get('NG')).toEqual(group)
    expect(answer.header().totalGroupNum).toBe(9)
  })

  test('tell their members and subscriptions', async () => {
    const subscriptionDataSet = [subscribed('T', 'a')]
    await world.heartbeat(world.client, 'c1', [{ subscriptionDataSet }])
    const answer = await world.call(requests.getConsumerConnectionList, { consumerGroup: 'CG' })
    expect(decodeConsumerConnection(answer.body)).toMatchObject({
      connectionSet: [{ clientId: 'c1', language: 'NODE_JS', version: 513 }],
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      subscriptionTable: new Map([['T', subscriptionDataSet[0]]]),
    })
  })

  test('that nobody announced are not online', async () => {
    const outcome = await world.outcome(requests.getConsumerConnectionList, { consumerGroup: 'X' })
    expect(outcome).toEqual([206, 'the consumer group[X] not online'])
  })
})

test('queues are locked for one client at a time', async () => {
  const mq = (queueId: number): { topic: string; brokerName: string; queueId: number } => ({
    topic: 'T',
    brokerName: 'broker-a',
    queueId,
  })
  const lock = async (clientId: string, ...queueIds: number[]): Promise<number[]> => {
    const mqSet = queueIds.map(mq)
    const body = encodeLockBatchBody({ clientId, consumerGroup: 'G', mqSet, onlyThisBroker: false })
    const answer = await world.call(requests.lockBatchMq, {}, { body })
    return decodeLockBatchResult(answer.body).lockOKMQSet.map(({ queueId }) => queueId)
  }
  expect(await lock('a', 0, 1)).toEqual([0, 1])
  expect(await lock('b', 0, 2)).toEqual([2])
  const body = encodeLockBatchBody({
    clientId: 'a',
    consumerGroup: 'G',
    mqSet: [mq(0)],
    onlyThisBroker: false,
  })
  await world.call(requests.unlockBatchMq, {}, { body })
  expect(await lock('b', 0, 1)).toEqual([0])
})

describe('settings', () => {
  test('are printed as properties with their version', async () => {
    const answer = await world.call(requests.getBrokerConfig, {})
    expect(textOf(answer)).toContain('\nbrokerName=broker-a\n')
    expect(JSON.parse(answer.header().version ?? '')).toMatchObject({ counter: 0 })
  })

  test('on the black list are refused', async () => {
    const options = { body: Buffer.from('brokerConfigPath=/x\n') }
    expect(await world.outcome(requests.updateBrokerConfig, {}, options)).toEqual([
      16,
      'Can not update config in black list.',
    ])
  })
})

test('the runtime figures tell what the broker did', async () => {
  for (let at = 0; at < 3; at += 1) await world.send()
  await world.pull()
  await world.advance(20_000)
  const answer = await world.call(requests.getBrokerRuntimeInfo, {})
  const figures = Object.fromEntries(decodeKvTable(answer.body).table)
  expect(figures).toMatchObject({
    brokerVersionDesc: 'V5_5_0',
    msgPutTotalTodayNow: '3',
    msgGetTotalTodayNow: '3',
    commitLogMinOffset: '0',
    dispatchBehindBytes: '0',
    putMessageFailedTimes: '0',
    runtime: expect.stringMatching(/^\[ 0 days, 0 hours, 0 minutes, 2\d seconds \]$/) as string,
  })
  expect(Number(figures['commitLogMaxOffset'])).toBeGreaterThan(300)
})
