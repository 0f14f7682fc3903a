// SPDX-License-Identifier: Apache-2.0
// Sending: what is stored, what is answered, what is refused in which words.
import { ResponseCode } from '@rocketmq-ts/remoting'
import { encodeBatch, SysFlag } from '@rocketmq-ts/remoting/message'
import {
  sendBatchMessage,
  sendMessage,
  updateAndCreateTopic,
  updateBrokerConfig,
} from '@rocketmq-ts/remoting/requests'
import { beforeAll, describe, expect, test } from 'vitest'
import { BrokerWorld, sendHeader, type SendWish } from '../../test/broker-world.ts'

const FAQ = '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.'
const own = { MSG_REGION: 'DefaultRegion', CLUSTER: 'DefaultCluster', TRACE_ON: 'true' }

describe('a send', () => {
  let world: BrokerWorld
  beforeAll(async () => {
    world = await BrokerWorld.start()
  })

  test('is answered with the ids and the place of the message', async () => {
    const answer = await world.send({ topic: 'Ids', properties: { UNIQ_KEY: 'U1' }, queueId: 2 })
    expect(answer.header()).toEqual({
      msgId: '0A00000100002A9F0000000000000000',
      queueId: 2,
      queueOffset: 0,
      transactionId: 'U1',
      batchUniqId: undefined,
      recallHandle: undefined,
      MSG_REGION: 'DefaultRegion',
      TRACE_ON: 'true',
    })
  })

  test('stores the sender’s properties and what the broker knows', async () => {
    await world.send({
      topic: 'Stored',
      body: 'body',
      flag: 7,
      properties: { UNIQ_KEY: 'U2', TAGS: 'tag', KEYS: 'k1 k2' },
      reconsumeTimes: 3,
    })
    const [message] = await world.messages('Stored')
    expect(Buffer.from(message!.body).toString()).toBe('body')
    expect(message).toMatchObject({
      flag: 7,
      sysFlag: 0,
      reconsumeTimes: 3,
      bornTimestamp: 1_700_000_000_000,
      storeHost: { host: '10.0.0.1', port: 10911 },
      properties: { UNIQ_KEY: 'U2', TAGS: 'tag', KEYS: 'k1 k2', ...own },
    })
    expect(message!.bornHost.host).toBe('10.0.1.1')
  })

  test('gives a message without a unique key one', async () => {
    const answer = await world.send({ topic: 'NoKey' })
    const [message] = await world.messages('NoKey')
    expect(message!.properties['UNIQ_KEY']).toMatch(/^[0-9A-F]{32}$/)
    expect(answer.header().transactionId).toBe(message!.properties['UNIQ_KEY'])
  })

  test('replaces region, cluster and trace switch that a message brings along, and drops POP_CK', async () => {
    const foreign = { UNIQ_KEY: 'U3', MSG_REGION: 'x', CLUSTER: 'y', TRACE_ON: 'z', POP_CK: 'p' }
    await world.send({ topic: 'Foreign', properties: foreign })
    const [message] = await world.messages('Foreign')
    expect(message!.properties).toEqual({ UNIQ_KEY: 'U3', ...own })
  })

  test('takes properties whose last one is not closed', async () => {
    await world.call(
      sendMessage,
      { ...sendHeader, topic: 'Open', properties: 'UNIQ_KEY\u0001U4\u0002a\u0001b' },
      { body: Buffer.from('x') },
    )
    const [message] = await world.messages('Open')
    expect(message!.properties).toEqual({ UNIQ_KEY: 'U4', a: 'b', ...own })
  })

  test('without a queue goes to any writable one', async () => {
    const queueIds = new Set<number>()
    for (let at = 0; at < 40; at += 1) {
      const answer = await world.send({ topic: 'AnyQueue', queueId: -1 })
      queueIds.add(answer.header().queueId)
    }
    expect([...queueIds].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  })

  test('makes its topic with as many queues as both sides allow', async () => {
    await world.send({ topic: 'Made', defaultTopicQueueNums: 16 })
    expect(
      await world.outcome(sendMessage, { ...sendHeader, topic: 'Made', queueId: 8 }, withBody),
    ).toEqual([
      ResponseCode.INVALID_PARAMETER,
      expect.stringContaining(
        'request queueId[8] is illegal, TopicConfig [topicName=Made, readQueueNums=8, writeQueueNums=8, perm=RW-, ' +
          'topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false, attributes={}] Producer: 10.0.1.1:',
      ),
    ])
  })

  test('nobody waits for is stored all the same', async () => {
    const connection = await world.connectionOf(world.client)
    connection.oneway(sendMessage, { ...sendHeader, topic: 'Oneway' }, { body: Buffer.from('x') })
    await world.advance(1000)
    expect(await world.messages('Oneway')).toHaveLength(1)
  })

  const withBody = { body: Buffer.from('x') }
  const refused: readonly [string, SendWish, number, string][] = [
    [
      'a topic that may not be made',
      { topic: 'New', defaultTopic: 'Nope' },
      ResponseCode.TOPIC_NOT_EXIST,
      `topic[New] not exist, apply first please!${FAQ}`,
    ],
    [
      'a name with other characters',
      { topic: 'a b' },
      ResponseCode.INVALID_PARAMETER,
      'The specified topic: a b, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
    ],
    [
      'an empty name',
      { topic: '' },
      ResponseCode.INVALID_PARAMETER,
      'The specified topic is blank.',
    ],
    [
      'a name that is too long',
      { topic: 't'.repeat(128) },
      ResponseCode.INVALID_PARAMETER,
      `The specified topic: ${'t'.repeat(128)}, is longer than topic max length: 127`,
    ],
    [
      'a topic only the broker writes',
      { topic: 'SCHEDULE_TOPIC_XXXX' },
      ResponseCode.NO_PERMISSION,
      'Sending message to topic[SCHEDULE_TOPIC_XXXX] is forbidden.',
    ],
    [
      'a body that is too large',
      { body: Buffer.alloc(1024 * 1024) },
      ResponseCode.MESSAGE_ILLEGAL,
      'the message is illegal, maybe msg body or properties length not matched. msg body length limit 4194304B, msg properties length limit 32KB.',
    ],
    [
      'properties that are too long',
      { properties: { UNIQ_KEY: 'u', a: 'b'.repeat(32_760) } },
      ResponseCode.MESSAGE_ILLEGAL,
      'the message is illegal, maybe msg body or properties length not matched. msg body length limit 4194304B, msg properties length limit 32KB.',
    ],
    [
      'a message of several in one record',
      { sysFlag: SysFlag.INNER_BATCH },
      ResponseCode.MESSAGE_ILLEGAL,
      'the message is illegal, maybe msg body or properties length not matched. msg body length limit 4194304B, msg properties length limit 32KB.',
    ],
    [
      'a half message',
      { properties: { TRAN_MSG: 'true', UNIQ_KEY: 'u' } },
      ResponseCode.NO_PERMISSION,
      'the broker[10.0.0.1] sending transaction message is forbidden',
    ],
    [
      'a message for a time of its own',
      { properties: { TIMER_DELIVER_MS: '1', UNIQ_KEY: 'u' } },
      ResponseCode.SYSTEM_ERROR,
      'accurate timer message is not enabled, timerWheelEnable is false',
    ],
    [
      'a delay level that is no number',
      { properties: { DELAY: 'x', UNIQ_KEY: 'u' } },
      ResponseCode.SYSTEM_ERROR,
      'java.lang.NumberFormatException: For input string: "x"',
    ],
    ['no body', { body: '' }, ResponseCode.SYSTEM_ERROR, 'the request has no body'],
    [
      'a batch to a retry topic',
      { topic: '%RETRY%G', batch: true, body: encodeBatch([{ body: Buffer.from('x') }]) },
      ResponseCode.MESSAGE_ILLEGAL,
      'batch request does not support retry group %RETRY%G',
    ],
  ]
  test.each(refused)('with %s is refused', async (_, wish, code, remark) => {
    const answer = await world.send(wish)
    expect([answer.code, answer.remark]).toEqual([code, remark])
    expect(answer.ext('MSG_REGION')).toBe('DefaultRegion')
    expect(answer.ext('TRACE_ON')).toBe('true')
  })

  test('of a batch that is none is refused, and nothing of it is stored', async () => {
    const whole = encodeBatch([{ body: Buffer.from('x') }, { body: Buffer.from('y') }])
    const answer = await world.send({ topic: 'Cut', batch: true, body: whole.slice(0, -1) })
    expect(answer.code).toBe(ResponseCode.SYSTEM_ERROR)
    expect(await world.messages('Cut')).toHaveLength(0)
  })

  test('of a batch stores each message with its own properties', async () => {
    const body = encodeBatch([
      { body: Buffer.from('one'), properties: { UNIQ_KEY: 'B1', TAGS: 'a' } },
      { body: Buffer.from('two'), properties: { UNIQ_KEY: 'B2' }, flag: 5 },
    ])
    const answer = await world.call(
      sendBatchMessage,
      { ...sendHeader, topic: 'Batch', batch: true },
      { body },
    )
    const messages = await world.messages('Batch')
    expect(messages.map(({ properties, flag }) => [properties, flag])).toEqual([
      [{ UNIQ_KEY: 'B1', TAGS: 'a' }, 0],
      [{ UNIQ_KEY: 'B2' }, 5],
    ])
    const { msgId, queueOffset, transactionId } = answer.header()
    expect(msgId).toBe(messages.map(({ offsetMsgId }) => offsetMsgId).join(','))
    expect([queueOffset, transactionId]).toEqual([0, undefined])
  })

  test('to a retry topic that was tried too often goes to the dead letters', async () => {
    const properties = { UNIQ_KEY: 'R1', DELAY: '3', RETRY_TOPIC: 'T' }
    await world.send({ topic: '%RETRY%RG', reconsumeTimes: 3, maxReconsumeTimes: 2, properties })
    const [dead] = await world.messages('%DLQ%RG')
    expect(dead!.properties).toEqual({ ...properties, DELAY: '-1', ...own })
    expect(dead!.reconsumeTimes).toBe(3)
  })

  test('to a retry topic within the limit waits for its delay', async () => {
    const properties = { UNIQ_KEY: 'R2', DELAY: '1' }
    await world.send({ topic: '%RETRY%RG', reconsumeTimes: 2, maxReconsumeTimes: 2, properties })
    expect(await world.messages('%RETRY%RG')).toHaveLength(0)
    await world.advance(3000)
    const [again] = await world.messages('%RETRY%RG')
    expect(again!.properties['UNIQ_KEY']).toBe('R2')
  })

  test('before the broker takes any is refused until then', async () => {
    const fromMs = world.machine.clock.nowMs() + 60_000
    const change = async (value: number): Promise<void> => {
      const body = Buffer.from(`startAcceptSendRequestTimeStamp=${value}\n`)
      await world.call(updateBrokerConfig, {}, { body })
    }
    await change(fromMs)
    const early = await world.send()
    await world.advance(60_000)
    const later = await world.send()
    await change(0)
    expect([early.code, later.code]).toEqual([ResponseCode.SYSTEM_ERROR, ResponseCode.SUCCESS])
  })
})

test('while the broker may not be written only ordered topics are refused, as in Java', async () => {
  const world = await BrokerWorld.start()
  const topic = { topic: 'Ordered', defaultTopic: 'TBW102', readQueueNums: 1, writeQueueNums: 1 }
  const rest = { perm: 6, topicFilterType: 'SINGLE_TAG', order: true }
  const unset = { topicSysFlag: undefined, attributes: undefined, force: undefined }
  await world.call(updateAndCreateTopic, { ...topic, ...rest, ...unset })
  await world.call(updateBrokerConfig, {}, { body: Buffer.from('brokerPermission=4\n') })
  expect((await world.send({ topic: 'Plain' })).code).toBe(ResponseCode.SUCCESS)
  const answer = await world.send({ topic: 'Ordered' })
  expect([answer.code, answer.remark]).toEqual([
    ResponseCode.NO_PERMISSION,
    'the broker[10.0.0.1] sending message is forbidden',
  ])
})

test('nothing is stored any more once the broker stops', async () => {
  const world = await BrokerWorld.start()
  await world.send()
  const stopping = world.broker.close()
  const late = world.send().catch((error: unknown) => error)
  await world.settle(stopping)
  const outcome = await late
  await world.startBroker()
  const stored = await world.messages('T')
  const wasAcknowledged =
    outcome instanceof Error ? false : (outcome as { code: number }).code === 0
  expect(stored).toHaveLength(wasAcknowledged ? 2 : 1)
})
