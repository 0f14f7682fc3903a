// SPDX-License-Identifier: Apache-2.0
// Requests that a client, a consumer and an administrator make, in an order in which each has something to find.

import type { Fields } from '../wire.ts'

export interface Step {
  readonly name: string
  readonly target: 'broker' | 'namesrv'
  readonly code: number
  readonly fields?: Fields
  readonly body?: string | Buffer
  /** Waited before the request: queues follow the log, and route changes follow the broker, a moment later. */
  readonly settleMs?: number
  /** The answer is a table of running figures: only its keys can be compared. */
  readonly keysOnly?: boolean
  /** The answer depends on the length of a key that the broker made out of its own address. */
  readonly ownKey?: boolean
}

const topic = 'Dialogue'
const group = 'DialogueGroup'
const bornTimestamp = '1700000000000'

function uniqueKey(serial: number): string {
  return `0A0102030FA2070DEA4E${serial.toString(16).toUpperCase().padStart(12, '0')}`
}

function properties(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name}\u0001${value}`)
    .join('\u0002')
}

function broker(name: string, code: number, fields: Fields, more: Partial<Step> = {}): Step {
  return { name, target: 'broker', code, fields, ...more }
}

const sendFields: Fields = {
  producerGroup: 'DialogueProducer',
  topic,
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: '4',
  queueId: '0',
  sysFlag: '0',
  bornTimestamp,
  flag: '0',
  properties: properties({ UNIQ_KEY: uniqueKey(1), WAIT: 'true' }),
  reconsumeTimes: '0',
  unitMode: 'false',
  batch: 'false',
}

function send(name: string, fields: Fields, body = `body of ${name}`): Step {
  return broker(`send: ${name}`, 10, { ...sendFields, ...fields }, { body })
}

const shortNames: Readonly<Record<string, string>> = {
  producerGroup: 'a',
  topic: 'b',
  defaultTopic: 'c',
  defaultTopicQueueNums: 'd',
  queueId: 'e',
  sysFlag: 'f',
  bornTimestamp: 'g',
  flag: 'h',
  properties: 'i',
  reconsumeTimes: 'j',
  unitMode: 'k',
  batch: 'm',
}

function short(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries({ ...sendFields, ...fields }).map(([name, value]) => [
      shortNames[name] ?? name,
      value,
    ]),
  )
}

function batchOf(bodies: readonly string[]): Buffer {
  return Buffer.concat(
    bodies.map((text, i) => {
      const body = Buffer.from(text)
      const own = Buffer.from(properties({ UNIQ_KEY: uniqueKey(100 + i), TAGS: `Tag${i}` }))
      const head = Buffer.alloc(20)
      head.writeInt32BE(22 + body.length + own.length, 0)
      head.writeInt32BE(7, 12)
      head.writeInt32BE(body.length, 16)
      const size = Buffer.alloc(2)
      size.writeInt16BE(own.length)
      return Buffer.concat([head, body, size, own])
    }),
  )
}

const key = (serial: number, more: Readonly<Record<string, string>> = {}): Fields => ({
  properties: properties({ ...more, UNIQ_KEY: uniqueKey(serial), WAIT: 'true' }),
})

const sends: Step[] = [
  send('plain', key(1)),
  send('tags and keys', key(2, { TAGS: 'TagA', KEYS: 'k1 k2' })),
  send('properties that end in a separator', {
    properties: `${properties({ UNIQ_KEY: uniqueKey(3), WAIT: 'true' })}\u0002`,
  }),
  send('properties in another order', {
    properties: properties({ WAIT: 'true', z: '1', a: '2', UNIQ_KEY: uniqueKey(4), TAGS: 'TagB' }),
  }),
  send('not waiting for the store', {
    properties: properties({ UNIQ_KEY: uniqueKey(5), WAIT: 'false' }),
  }),
  send('unicode', key(6, { TAGS: '标签', name: 'år € 訊息' }), '消息体'),
  send('flag and system flag', { ...key(7), flag: '123456', sysFlag: '768' }),
  send('compressed flag', { ...key(8), sysFlag: '769' }),
  send('reconsume times', { ...key(9), reconsumeTimes: '3' }),
  send('a property that only a broker sets', key(10, { CLUSTER: 'elsewhere', MSG_REGION: 'x' })),
  send('queue 3', { ...key(12), queueId: '3' }),
  broker('send: short names', 310, short(key(13, { TAGS: 'TagA' })), { body: 'short' }),
  broker('send: batch', 320, short({ ...key(14), batch: 'true', queueId: '1' }), {
    body: batchOf(['one', 'two', 'three']),
  }),
  send('delayed', { ...key(15, { DELAY: '3', TAGS: 'TagD' }), queueId: '2' }),
  send('delayed beyond the last level', { ...key(16, { DELAY: '99' }), queueId: '2' }),
  send('unknown topic', { ...key(17), topic: 'DialogueNew', defaultTopicQueueNums: '2' }),
  send('unknown topic, more queues than the template has', {
    ...key(18),
    topic: 'DialogueWide',
    defaultTopicQueueNums: '100',
  }),
  send('unknown topic, unknown template', { ...key(19), topic: 'Nowhere', defaultTopic: 'None' }),
  send('retry topic', { ...key(20), topic: `%RETRY%${group}`, reconsumeTimes: '1' }),
]

const pullFields: Fields = {
  consumerGroup: group,
  topic,
  queueId: '0',
  queueOffset: '0',
  maxMsgNums: '32',
  // Subscription comes with the request, nothing is committed, nothing waits.
  sysFlag: '4',
  commitOffset: '0',
  suspendTimeoutMillis: '0',
  subscription: '*',
  subVersion: '1',
  expressionType: 'TAG',
}

function pull(name: string, fields: Fields): Step {
  return broker(`pull: ${name}`, 11, { ...pullFields, ...fields })
}

const pulls: Step[] = [
  { ...pull('everything of queue 0', {}), settleMs: 500 },
  pull('the batch', { queueId: '1' }),
  pull('queue 2, whose messages are delayed', { queueId: '2' }),
  pull('queue 3', { queueId: '3' }),
  pull('one message', { maxMsgNums: '1', queueOffset: '2' }),
  pull('TagA', { subscription: 'TagA' }),
  pull('TagA or the Chinese tag', { subscription: 'TagA || 标签' }),
  pull('a tag nobody has', { subscription: 'TagZ' }),
  pull('at the end', { queueOffset: '10' }),
  pull('behind the end', { queueOffset: '1000' }),
  pull('before the begin', { queueOffset: '-1' }),
  pull('no such queue', { queueId: '9' }),
  pull('no such topic', { topic: 'NoTopic' }),
  pull('no messages asked', { maxMsgNums: '0' }),
  pull('at most 100 bytes', { maxMsgBytes: '100' }),
  pull('group that is new', { consumerGroup: 'DialogueGroup2' }),
  pull('without a subscription of the group', { sysFlag: '0' }),
  pull('the retry topic', { topic: `%RETRY%${group}` }),
  pull('the new topic', { topic: 'DialogueNew' }),
  pull('delay level 3', { topic: 'SCHEDULE_TOPIC_XXXX', queueId: '2' }),
  pull('delay level 18', { topic: 'SCHEDULE_TOPIC_XXXX', queueId: '17' }),
  pull('with a commit', { sysFlag: '5', commitOffset: '4' }),
]

const queue0: Fields = { topic, queueId: '0' }
const offsets: Step[] = [
  broker('max offset', 30, queue0),
  broker('max offset of an unused queue', 30, { topic, queueId: '2' }),
  broker('max offset of an unknown topic', 30, { topic: 'NoTopic', queueId: '0' }),
  broker('min offset', 31, queue0),
  broker('min offset of an unknown topic', 31, { topic: 'NoTopic', queueId: '0' }),
  broker('offset at the beginning of time', 29, { ...queue0, timestamp: '0' }),
  broker('offset in the future', 29, { ...queue0, timestamp: '4102444800000' }),
  broker('upper offset in the future', 29, {
    ...queue0,
    timestamp: '4102444800000',
    boundaryType: 'UPPER',
  }),
  broker('offset by time in an unused queue', 29, { topic, queueId: '2', timestamp: '0' }),
  broker('committed offset', 14, { consumerGroup: group, ...queue0 }),
  broker('committed offset of a group that has none', 14, { consumerGroup: 'Other', ...queue0 }),
  broker('committed offset, zero if none', 14, {
    consumerGroup: 'Other',
    ...queue0,
    setZeroIfNotFound: 'false',
  }),
  broker('commit', 15, { consumerGroup: group, ...queue0, commitOffset: '7' }),
  broker('committed offset again', 14, { consumerGroup: group, ...queue0 }),
  broker('commit backwards', 15, { consumerGroup: group, ...queue0, commitOffset: '5' }),
  broker('committed offset, backwards', 14, { consumerGroup: group, ...queue0 }),
  broker('commit for an unknown topic', 15, {
    consumerGroup: group,
    topic: 'NoTopic',
    queueId: '0',
    commitOffset: '1',
  }),
]

const subscription = (name: string): string =>
  `{"classFilterMode":false,"codeSet":[],"expressionType":"TAG","subString":"*","subVersion":1,"tagsSet":[],"topic":"${name}"}`

const heartbeat = `{"clientID":"10.0.0.1@dialogue","consumerDataSet":[{"consumeFromWhere":"CONSUME_FROM_FIRST_OFFSET","consumeType":"CONSUME_PASSIVELY","groupName":"${group}","messageModel":"CLUSTERING","subscriptionDataSet":[${subscription(topic)},${subscription(`%RETRY%${group}`)}],"unitMode":false}],"heartbeatFingerprint":0,"producerDataSet":[{"groupName":"DialogueProducer"}],"withoutSub":false}`

const lockBody = `{"clientId":"10.0.0.1@dialogue","consumerGroup":"${group}","mqSet":[{"brokerName":"interop-broker","queueId":0,"topic":"${topic}"}]}`

const members: Step[] = [
  broker('heartbeat', 34, {}, { body: heartbeat }),
  broker('heartbeat once more', 34, {}, { body: heartbeat }),
  broker('members', 38, { consumerGroup: group }),
  broker('members of an unknown group', 38, { consumerGroup: 'Nobody' }),
  broker('connections of the group', 203, { consumerGroup: group }),
  broker('connections of an unknown group', 203, { consumerGroup: 'Nobody' }),
  pull('by the subscription of the group', { sysFlag: '0' }),
  pull('by a newer subscription', { sysFlag: '0', subVersion: '99' }),
  broker('lock', 41, {}, { body: lockBody }),
  broker('lock by another client', 41, {}, { body: lockBody.replace('10.0.0.1', '10.0.0.2') }),
  broker('unlock', 42, {}, { body: lockBody }),
  broker(
    'lock by the other client again',
    41,
    {},
    { body: lockBody.replace('10.0.0.1', '10.0.0.2') },
  ),
  broker('send back', 36, {
    offset: '0',
    group,
    delayLevel: '1',
    originMsgId: uniqueKey(1),
    originTopic: topic,
    unitMode: 'false',
    maxReconsumeTimes: '16',
  }),
  broker('send back to the dead letters', 36, {
    offset: '0',
    group,
    delayLevel: '-1',
    originMsgId: uniqueKey(1),
    originTopic: topic,
    unitMode: 'false',
    maxReconsumeTimes: '16',
  }),
  broker('send back of nothing', 36, {
    offset: '99999999',
    group,
    delayLevel: '1',
    originTopic: topic,
  }),
  { ...pull('the dead letters', { topic: `%DLQ%${group}` }), settleMs: 500 },
  { ...pull('the retry topic, a second later', { topic: `%RETRY%${group}` }), settleMs: 2500 },
  broker('leave', 35, {
    clientID: '10.0.0.1@dialogue',
    consumerGroup: group,
    producerGroup: 'DialogueProducer',
  }),
  broker('members after leaving', 38, { consumerGroup: group }),
]

const administration: Step[] = [
  broker('topic statistics', 202, { topic }),
  broker('topic statistics of an unknown topic', 202, { topic: 'NoTopic' }),
  broker('topic configuration', 351, { topic, lo: 'true' }),
  broker('topic configuration of the new topic', 351, { topic: 'DialogueNew', lo: 'true' }),
  broker('topic configuration of the wide topic', 351, { topic: 'DialogueWide', lo: 'true' }),
  broker('topic configuration of the retry topic', 351, { topic: `%RETRY%${group}`, lo: 'true' }),
  broker('topic configuration of the dead letters', 351, { topic: `%DLQ%${group}`, lo: 'true' }),
  broker('topic configuration of an unknown topic', 351, { topic: 'NoTopic', lo: 'true' }),
  broker('consume statistics', 208, { consumerGroup: group }),
  broker('consume statistics of a topic', 208, { consumerGroup: group, topic }),
  broker('message by offset', 33, { offset: '0', topic }),
  broker('message by offset where there is none', 33, { offset: '1', topic }),
  broker('earliest store time of an unused queue', 32, { topic, queueId: '2' }),
  broker('runtime', 28, {}, { keysOnly: true }),
  broker('all offsets', 43, {}),
  broker('set a configuration key', 25, {}, { body: 'maxTransferCountOnMessageInMemory=2\n' }),
  pull('two messages by configuration', {}),
  broker('set a black-listed key', 25, {}, { body: 'configBlackList=x\n' }),
  broker('delete the topic', 215, { topic }),
  { ...broker('max offset of the deleted topic', 30, queue0), settleMs: 300 },
  pull('the deleted topic', {}),
  send('topic that may not be written', { ...key(50), topic: 'ReadOnly' }),
  {
    name: 'route of the new topic',
    target: 'namesrv',
    code: 105,
    fields: { topic: 'DialogueNew', acceptStandardJsonOnly: 'true' },
    settleMs: 500,
  },
  { name: 'cluster', target: 'namesrv', code: 106 },
]

/** Last: where the sizes of records differ, so does every log offset after them. */
const lengths: Step[] = [
  send('a property given twice', {
    properties: `a\u00011\u0002a\u00012\u0002UNIQ_KEY\u0001${uniqueKey(11)}`,
    topic: 'DialogueNew',
  }),
  { ...pull('what had one twice', { topic: 'DialogueNew', queueOffset: '1' }), settleMs: 300 },
  { ...send('without properties', { properties: '', topic: 'DialogueNew' }), ownKey: true },
  {
    ...pull('what had no properties', { topic: 'DialogueNew', queueOffset: '2' }),
    settleMs: 300,
    ownKey: true,
  },
]

function topicFields(name: string, perm: number): Fields {
  return {
    topic: name,
    defaultTopic: 'TBW102',
    readQueueNums: '4',
    writeQueueNums: '4',
    perm: String(perm),
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: '0',
    order: 'false',
    attributes: '',
  }
}

const groupConfig = `{"attributes":{},"brokerId":0,"consumeBroadcastEnable":true,"consumeEnable":true,"consumeFromMinEnable":true,"consumeMessageOrderly":false,"groupName":"${group}","groupRetryPolicy":{"type":"CUSTOMIZED"},"groupSysFlag":0,"notifyConsumerIdsChangedEnable":true,"retryMaxTimes":16,"retryQueueNums":1,"whichBrokerWhenConsumeSlowly":1}`

const preparation: Step[] = [
  broker('create the topic', 17, topicFields(topic, 6)),
  broker('create a topic for reading only', 17, topicFields('ReadOnly', 4)),
  broker('create a topic with a bad name', 17, topicFields('bad name', 6)),
  broker('create the group', 200, {}, { body: groupConfig }),
]

export const dialogueSteps: readonly Step[] = [
  ...preparation,
  ...sends,
  ...pulls,
  ...offsets,
  ...members,
  ...administration,
  ...lengths,
]
