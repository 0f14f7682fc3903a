// SPDX-License-Identifier: Apache-2.0
// Bad requests to the broker that send or pull messages or ask for offsets.

import { bodies, cases, withoutEach, type Fields, type RequestCase } from './bad-request-cases.ts'
import { binaryRequest } from './frames.ts'

// With its own id, so that the broker does not make one out of its address.
const goodProperties = 'TAGS\u0001TagA\u0002UNIQ_KEY\u00010A0102030FA2070DEA4E000000000001\u0002'

const sendFields: Fields = {
  producerGroup: 'PG',
  topic: 'TopicTest',
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: '4',
  queueId: '0',
  sysFlag: '0',
  bornTimestamp: '1700000000000',
  flag: '0',
  properties: goodProperties,
}

const shortSendFields: Fields = {
  a: 'PG',
  b: 'TopicTest',
  c: 'TBW102',
  d: '4',
  e: '0',
  f: '0',
  g: '1700000000000',
  h: '0',
  i: goodProperties,
}

/** Bad requests of the three send codes. */
export function sendCases(): RequestCase[] {
  return [
    ...withoutEach('broker', 10, sendFields, 'body'),
    ...cases(
      'broker',
      10,
      sendFields,
      {
        good: {},
        'queueId not a number': { queueId: 'abc' },
        'queueId empty': { queueId: '' },
        'queueId beyond 32 bits': { queueId: '4294967296' },
        'queueId with a fraction': { queueId: '1.5' },
        'queueId -1': { queueId: '-1' },
        'queueId -2': { queueId: '-2' },
        'queueId beyond the topic': { queueId: '100' },
        'sysFlag not a number': { sysFlag: 'x' },
        'sysFlag all bits': { sysFlag: '-1' },
        'sysFlag says compressed though the body is not': { sysFlag: '1' },
        'bornTimestamp not a number': { bornTimestamp: 'now' },
        'bornTimestamp negative': { bornTimestamp: '-1' },
        'topic empty': { topic: '' },
        'topic of 127 characters': { topic: 't'.repeat(127) },
        'topic of 128 characters': { topic: 't'.repeat(128) },
        'topic of 1,000 characters': { topic: 't'.repeat(1000) },
        'topic with a blank': { topic: 'a b' },
        'topic with unicode': { topic: '订单' },
        'topic with a slash': { topic: '../x' },
        'topic TBW102': { topic: 'TBW102' },
        'topic of the schedule': { topic: 'SCHEDULE_TOPIC_XXXX' },
        'topic of half messages': { topic: 'RMQ_SYS_TRANS_HALF_TOPIC' },
        'topic of the self test': { topic: 'SELF_TEST_TOPIC' },
        'topic unknown, default topic unknown': { topic: 'New1', defaultTopic: 'nowhere' },
        'topic unknown, default topic TBW102': { topic: 'New2' },
        'topic unknown, 0 queues asked': { topic: 'New3', defaultTopicQueueNums: '0' },
        'topic unknown, negative queues asked': { topic: 'New4', defaultTopicQueueNums: '-3' },
        'retry topic of an unknown group': { topic: '%RETRY%nobody' },
        'producer group empty': { producerGroup: '' },
        'properties empty': { properties: '' },
        'properties without separators': { properties: 'nonsense' },
        'properties with a bad delay level': { properties: 'DELAY\u0001x\u0002' },
        'properties with a negative delay level': { properties: 'DELAY\u0001-1\u0002' },
        'properties with delay level 99': { properties: 'DELAY\u000199\u0002' },
        'properties of 32,767 bytes': { properties: 'k\u0001' + 'v'.repeat(32_767 - 3) + '\u0002' },
        'properties of 32,768 bytes': { properties: 'k\u0001' + 'v'.repeat(32_768 - 3) + '\u0002' },
        'properties with prepared transaction': {
          properties: 'TRAN_MSG\u0001true\u0002',
          sysFlag: '4',
        },
        'boolean that is not one': { unitMode: 'perhaps' },
        'reconsumeTimes negative': { reconsumeTimes: '-1' },
        'bname of another broker': { bname: 'other' },
        'batch flag though the body is one message': { batch: 'true' },
      },
      'body',
    ),
    ...bodies('broker', 10, sendFields, { 'body missing': undefined, 'body empty': '' }),
    ...cases('broker', 10, sendFields, { 'good, for the pulls': { topic: 'PullTest' } }, 'body'),
    ...withoutEach('broker', 310, shortSendFields, 'body'),
    ...cases(
      'broker',
      310,
      shortSendFields,
      {
        good: {},
        'queueId not a number': { e: 'abc' },
        'queueId empty': { e: '' },
        'queueId beyond the topic': { e: '100' },
        'topic of 128 characters': { b: 't'.repeat(128) },
        'boolean that is not one': { m: 'perhaps' },
      },
      'body',
    ),
    { name: '310: all fields missing, binary', target: 'broker', bytes: binaryRequest(310, {}) },
    {
      name: '310: queueId not a number, binary',
      target: 'broker',
      bytes: binaryRequest(310, { ...(shortSendFields as Record<string, string>), e: 'abc' }),
    },
    ...bodies(
      'broker',
      320,
      { ...shortSendFields, m: 'true' },
      {
        'body missing': undefined,
        'body of 3 bytes': 'abc',
        'body of text': 'this is not a batch of messages',
        'body with a negative length': Buffer.from('ffffffff'.repeat(8), 'hex'),
        'body of zeros': Buffer.alloc(64),
        'body with one message cut': Buffer.from(
          '00000061000000000000000000000000000000056669',
          'hex',
        ),
        'good batch of one': Buffer.from(
          '0000001800000000000000000000000000000002686900000000'.slice(0, 48),
          'hex',
        ),
      },
    ),
    ...bodies(
      'broker',
      320,
      { ...shortSendFields, m: 'true', b: '%RETRY%G' },
      { 'batch to a retry topic': Buffer.alloc(24) },
    ),
  ]
}

const pullFields: Fields = {
  consumerGroup: 'G',
  // A topic of its own: the sends above put messages into queues of TopicTest, one by chance.
  topic: 'PullTest',
  queueId: '1',
  queueOffset: '0',
  maxMsgNums: '32',
  sysFlag: '4',
  commitOffset: '0',
  suspendTimeoutMillis: '0',
  subscription: '*',
  subVersion: '1700000000000',
  expressionType: 'TAG',
}

/** Bad pull requests. */
export function pullCases(): RequestCase[] {
  return [
    ...withoutEach('broker', 11, pullFields),
    ...cases('broker', 11, pullFields, {
      'good, nothing there': {},
      'queueId not a number': { queueId: 'abc' },
      'queueId negative': { queueId: '-1' },
      'queueId beyond the topic': { queueId: '100' },
      'queueOffset not a number': { queueOffset: 'x' },
      'queueOffset negative': { queueOffset: '-1' },
      'queueOffset beyond the end': { queueOffset: '1000000' },
      'queueOffset beyond 64 bits': { queueOffset: '9223372036854775808' },
      'queueOffset far beyond double precision': { queueOffset: '9223372036854775807' },
      'maxMsgNums 0': { maxMsgNums: '0' },
      'maxMsgNums negative': { maxMsgNums: '-1' },
      'topic unknown': { topic: 'Nowhere' },
      'topic empty': { topic: '' },
      'group empty': { consumerGroup: '' },
      'group with a blank': { consumerGroup: 'a b' },
      'group of 256 characters': { consumerGroup: 'g'.repeat(256) },
      'subscription missing though announced': { subscription: undefined },
      'subscription not announced and consumer unknown': { sysFlag: '0' },
      'subscription of bars': { subscription: '||||' },
      'expression type unknown': { expressionType: 'XYZ' },
      'expression type SQL92': { expressionType: 'SQL92', subscription: 'a > 1' },
      'suspend asked with a negative time': { sysFlag: '6', suspendTimeoutMillis: '-1' },
      'maxMsgBytes negative': { maxMsgBytes: '-1' },
      'boolean that is not one': { lo: 'maybe' },
    }),
    ...cases(
      'broker',
      11,
      { ...pullFields, queueId: '0' },
      {
        'queue of one message: good': {},
        'queue of one message: queueOffset at the end': { queueOffset: '1' },
        'queue of one message: queueOffset negative': { queueOffset: '-1' },
        'queue of one message: queueOffset one beyond the end': { queueOffset: '2' },
        'queue of one message: queueOffset far beyond the end': { queueOffset: '1000000' },
        'queue of one message: queueOffset far beyond double precision': {
          queueOffset: '9223372036854775807',
        },
        'queue of one message: maxMsgNums 0': { maxMsgNums: '0' },
        'queue of one message: maxMsgNums negative': { maxMsgNums: '-1' },
        'queue of one message: maxMsgBytes negative': { maxMsgBytes: '-1' },
        'queue of one message: subscription missing': { subscription: undefined },
        'queue of one message: tag that does not match': { subscription: 'TagZ' },
      },
    ),
    ...cases('broker', 361, pullFields, { 'queueId not a number': { queueId: 'abc' } }),
    {
      name: '11: queueId not a number, binary',
      target: 'broker',
      bytes: binaryRequest(11, { ...(pullFields as Record<string, string>), queueId: 'abc' }),
    },
    { name: '11: all fields missing, binary', target: 'broker', bytes: binaryRequest(11, {}) },
  ]
}

/** Bad requests about offsets. */
export function offsetCases(): RequestCase[] {
  const query: Fields = { consumerGroup: 'G', topic: 'TopicTest', queueId: '0' }
  const queue: Fields = { topic: 'TopicTest', queueId: '0' }
  return [
    ...withoutEach('broker', 14, query),
    ...cases('broker', 14, query, {
      'group unknown': { consumerGroup: 'nobody' },
      'topic unknown': { topic: 'Nowhere' },
      'queueId negative': { queueId: '-1' },
      'queueId not a number': { queueId: 'abc' },
      'queueId beyond the topic': { queueId: '100' },
      'boolean that is not one': { setZeroIfNotFound: 'x' },
      'zero refused': { consumerGroup: 'nobody', setZeroIfNotFound: 'false' },
    }),
    ...withoutEach('broker', 15, { ...query, commitOffset: '5' }),
    ...cases(
      'broker',
      15,
      { ...query, commitOffset: '5' },
      {
        'commitOffset negative': { commitOffset: '-1' },
        'commitOffset not a number': { commitOffset: 'x' },
        'commitOffset beyond the end': { commitOffset: '1000000' },
        'topic unknown': { topic: 'Nowhere' },
        'group unknown': { consumerGroup: 'nobody' },
        'queueId beyond the topic': { queueId: '100' },
        'queueId negative': { queueId: '-1' },
      },
    ),
    ...withoutEach('broker', 29, { ...queue, timestamp: '1700000000000' }),
    ...cases(
      'broker',
      29,
      { ...queue, timestamp: '1700000000000' },
      {
        'boundary type unknown': { boundaryType: 'MIDDLE' },
        'boundary type in lower case': { boundaryType: 'lower' },
        'boundary type UPPER': { boundaryType: 'UPPER' },
        'timestamp negative': { timestamp: '-1' },
        'timestamp not a number': { timestamp: 'x' },
        'topic unknown': { topic: 'Nowhere' },
        'queueId negative': { queueId: '-1' },
      },
    ),
    ...[30, 31, 32].flatMap((code) => [
      ...withoutEach('broker', code, queue),
      ...cases('broker', code, queue, {
        'topic unknown': { topic: 'Nowhere' },
        'topic empty': { topic: '' },
        'queueId negative': { queueId: '-1' },
        'queueId beyond the topic': { queueId: '100' },
        'queueId not a number': { queueId: 'abc' },
      }),
    ]),
    ...withoutEach('broker', 33, { topic: 'TopicTest', offset: '0' }),
    ...cases(
      'broker',
      33,
      { topic: 'TopicTest' },
      {
        'offset negative': { offset: '-1' },
        'offset beyond the log': { offset: '1000000000' },
        'offset inside a record': { offset: '3' },
        'offset not a number': { offset: 'x' },
      },
    ),
  ]
}
