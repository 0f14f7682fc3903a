// SPDX-License-Identifier: Apache-2.0
// Well-framed requests whose fields or bodies are bad.

import { deflateSync } from 'node:zlib'
import type { BadCase, Target } from './bad-input.ts'
import { binaryRequest, jsonRequest } from './frames.ts'

type Fields = Readonly<Record<string, string | undefined>>

/** All cases, each for the server that has a processor for its code. */
export function badRequests(): BadCase[] {
  const all = [namesrvCases, sendCases, pullCases, offsetCases, adminCases, bodyCases]
  return all.flatMap((make) => make()).map((bad) => ({ ...bad, connection: 'fresh' }))
}

type RequestCase = Omit<BadCase, 'connection'>

function cases(
  target: Target,
  code: number,
  usual: Fields,
  changes: Readonly<Record<string, Fields>>,
  body?: string | Uint8Array,
): RequestCase[] {
  return Object.entries(changes).map(([name, fields]) => ({
    name: `${code}: ${name}`,
    target,
    bytes: jsonRequest(code, { ...usual, ...fields }, body),
  }))
}

/** One case per field of `usual`, each without that field. */
function withoutEach(target: Target, code: number, usual: Fields, body?: string): RequestCase[] {
  const changes = Object.keys(usual).map((name) => [`${name} missing`, { [name]: undefined }])
  return [
    { name: `${code}: all fields missing`, target, bytes: jsonRequest(code, {}, body) },
    ...cases(target, code, usual, Object.fromEntries(changes) as Record<string, Fields>, body),
  ]
}

function bodies(
  target: Target,
  code: number,
  fields: Fields,
  contents: Readonly<Record<string, string | Uint8Array | undefined>>,
): RequestCase[] {
  return Object.entries(contents).map(([name, body]) => ({
    name: `${code}: ${name}`,
    target,
    bytes: jsonRequest(code, fields, body),
  }))
}

const registerBroker: Fields = {
  brokerName: 'broker-x',
  brokerAddr: '10.0.0.9:10911',
  clusterName: 'GoldenCluster',
  haServerAddr: '10.0.0.9:10912',
  brokerId: '0',
}

const registerBody =
  '{"filterServerList":[],"topicConfigSerializeWrapper":{"dataVersion":{"counter":1,"stateVersion":0,"timestamp":1700000000000},"topicConfigTable":{}}}'

function namesrvCases(): RequestCase[] {
  const broker: Fields = { ...registerBroker, haServerAddr: undefined }
  return [
    ...withoutEach('namesrv', 105, { topic: 'TopicTest' }),
    ...cases(
      'namesrv',
      105,
      { topic: 'TopicTest' },
      {
        'topic empty': { topic: '' },
        'topic unknown': { topic: 'Nowhere' },
        'topic of 1,000 characters': { topic: 't'.repeat(1000) },
        'topic with unicode': { topic: '订单' },
        'boolean that is not one': { acceptStandardJsonOnly: 'maybe' },
        'boolean in capitals': { acceptStandardJsonOnly: 'TRUE' },
      },
    ),
    { name: '105: topic missing, binary', target: 'namesrv', bytes: binaryRequest(105, {}) },
    ...withoutEach('namesrv', 103, registerBroker, registerBody),
    ...cases(
      'namesrv',
      103,
      registerBroker,
      {
        'brokerId not a number': { brokerId: 'abc' },
        'brokerId empty': { brokerId: '' },
        'brokerId beyond 64 bits': { brokerId: '99999999999999999999' },
        'brokerId with a plus sign': { brokerId: '+1' },
        'brokerId with blanks': { brokerId: ' 1 ' },
        'brokerId in full-width digits': { brokerId: '１' },
        'brokerId negative': { brokerId: '-5' },
        'bodyCrc32 wrong': { bodyCrc32: '12345' },
        'bodyCrc32 not a number': { bodyCrc32: 'x' },
        'bodyCrc32 zero': { bodyCrc32: '0' },
        'compressed but the body is plain': { compressed: 'true' },
        'heartbeatTimeoutMillis negative': { heartbeatTimeoutMillis: '-1' },
      },
      registerBody,
    ),
    ...bodies('namesrv', 103, registerBroker, {
      'body missing': undefined,
      'body not JSON': 'no JSON',
      'body an array': '[]',
      'body null': 'null',
      'body an empty object': '{}',
      'body cut in the middle': registerBody.slice(0, 60),
      'body with a wrapper that is null': '{"topicConfigSerializeWrapper":null}',
      'body with wrong types':
        '{"topicConfigSerializeWrapper":{"dataVersion":5,"topicConfigTable":[]}}',
    }),
    ...bodies(
      'namesrv',
      103,
      { ...registerBroker, compressed: 'true' },
      {
        'compressed, body missing': undefined,
        'compressed, body not deflated': 'no deflate stream',
        'compressed, body of nothing': deflateSync(new Uint8Array()),
        'compressed, body cut': deflateSync(registerBody).subarray(0, 10),
        'compressed, lengths beyond the body': deflateSync(Buffer.from('7fffffff41', 'hex')),
      },
    ),
    ...withoutEach('namesrv', 104, broker),
    ...cases('namesrv', 104, broker, {
      'brokerId not a number': { brokerId: 'abc' },
      'broker unknown': { brokerName: 'nobody' },
    }),
    ...withoutEach('namesrv', 322, broker),
    ...bodies('namesrv', 322, broker, { 'body not JSON': 'no JSON', 'body an empty object': '{}' }),
    ...withoutEach('namesrv', 904, { brokerName: 'b', brokerAddr: 'a', clusterName: 'c' }),
    ...cases(
      'namesrv',
      904,
      {},
      { 'broker unknown': { brokerName: 'b', brokerAddr: 'a', clusterName: 'c' } },
    ),
    ...withoutEach('namesrv', 224, { cluster: 'GoldenCluster' }),
    ...cases('namesrv', 224, {}, { 'cluster unknown': { cluster: 'nowhere' } }),
    ...withoutEach('namesrv', 216, { topic: 'Gone' }),
    ...cases('namesrv', 216, {}, { 'topic unknown': { topic: 'Gone' } }),
    ...cases('namesrv', 10, {}, { 'a broker code': {} }),
    ...cases('namesrv', 34, {}, { 'a broker code': {} }),
  ]
}

const sendFields: Fields = {
  producerGroup: 'PG',
  topic: 'TopicTest',
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: '4',
  queueId: '0',
  sysFlag: '0',
  bornTimestamp: '1700000000000',
  flag: '0',
  properties: 'TAGS\u0001TagA\u0002',
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
  i: 'TAGS\u0001TagA\u0002',
}

function sendCases(): RequestCase[] {
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
  topic: 'TopicTest',
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

function pullCases(): RequestCase[] {
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
    ...cases('broker', 361, pullFields, { 'queueId not a number': { queueId: 'abc' } }),
    {
      name: '11: queueId not a number, binary',
      target: 'broker',
      bytes: binaryRequest(11, { ...(pullFields as Record<string, string>), queueId: 'abc' }),
    },
    { name: '11: all fields missing, binary', target: 'broker', bytes: binaryRequest(11, {}) },
  ]
}

function offsetCases(): RequestCase[] {
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

function adminCases(): RequestCase[] {
  const topic: Fields = {
    topic: 'Made',
    defaultTopic: 'TBW102',
    readQueueNums: '4',
    writeQueueNums: '4',
    perm: '6',
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: '0',
    order: 'false',
  }
  const back: Fields = {
    offset: '0',
    group: 'G',
    delayLevel: '0',
    originMsgId: 'x',
    originTopic: 'TopicTest',
  }
  return [
    ...withoutEach('broker', 17, topic),
    ...cases('broker', 17, topic, {
      'topic empty': { topic: '' },
      'topic with a blank': { topic: 'a b' },
      'topic with unicode': { topic: '订单' },
      'topic of 127 characters': { topic: 'u'.repeat(127) },
      'topic of 128 characters': { topic: 'u'.repeat(128) },
      'topic of the system': { topic: 'TBW102' },
      'filter type unknown': { topicFilterType: 'NO_TAG' },
      'perm 0': { perm: '0' },
      'perm negative': { perm: '-1' },
      'perm 99': { perm: '99' },
      'queue counts negative': { readQueueNums: '-1', writeQueueNums: '-1' },
      'queue counts 0': { readQueueNums: '0', writeQueueNums: '0' },
      'queue count not a number': { readQueueNums: 'x' },
      'boolean that is not one': { order: 'x' },
      'attributes unknown': { attributes: '+no.such=1' },
      'attributes malformed': { attributes: 'nonsense' },
      'attributes with a bad value': { attributes: '+message.type=NOPE' },
    }),
    ...bodies(
      'broker',
      25,
      {},
      {
        'body missing': undefined,
        'body not properties': '\u0000\u0001',
        'key unknown': 'no.such.key=1\n',
        'key on the black list': 'configBlackList=x\n',
        'value of the wrong type': 'flushDiskType=NOPE\n',
      },
    ),
    ...withoutEach('broker', 35, { clientID: 'c', producerGroup: 'P', consumerGroup: 'G' }),
    ...withoutEach('broker', 36, back),
    ...cases('broker', 36, back, {
      'offset negative': { offset: '-1' },
      'offset beyond the log': { offset: '1000000000' },
      'group unknown': { group: 'nobody' },
      'delayLevel not a number': { delayLevel: 'x' },
    }),
    ...withoutEach('broker', 38, { consumerGroup: 'nobody' }),
    ...cases('broker', 38, {}, { 'group unknown': { consumerGroup: 'nobody' } }),
    ...cases('broker', 40, {}, { 'a code for clients': { consumerGroup: 'G' } }),
    ...cases('broker', 39, {}, { 'a code for clients': {} }),
    ...withoutEach('broker', 21, { topicSeq: '0' }),
    ...cases(
      'broker',
      21,
      {},
      { 'topicSeq negative': { topicSeq: '-1' }, 'topicSeq not a number': { topicSeq: 'x' } },
    ),
    ...withoutEach('broker', 201, { groupSeq: '0' }),
    ...withoutEach('broker', 202, { topic: 'TopicTest' }),
    ...cases('broker', 202, {}, { 'topic unknown': { topic: 'Nowhere' } }),
    ...withoutEach('broker', 203, { consumerGroup: 'nobody' }),
    ...cases('broker', 203, {}, { 'group unknown': { consumerGroup: 'nobody' } }),
    ...withoutEach('broker', 215, { topic: 'Gone' }),
    ...cases(
      'broker',
      215,
      {},
      {
        'topic unknown': { topic: 'Gone' },
        'topic empty': { topic: '' },
        'topic of the system': { topic: 'TBW102' },
      },
    ),
  ]
}

/** Requests whose JSON body is what matters. */
function bodyCases(): RequestCase[] {
  const notJson = {
    'body missing': undefined,
    'body not JSON': 'no JSON',
    'body cut in the middle': '{"clientID":"c","consumerGro',
    'body cut inside a UTF-8 sequence': Buffer.from('{"clientID":"消').subarray(0, 15),
    'body an array': '[]',
    'body a string': '"x"',
    'body a number': '5',
    'body null': 'null',
    'body an empty object': '{}',
    'body nested 5,000 deep': '{"other":' + '['.repeat(5000) + ']'.repeat(5000) + '}',
  }
  return [
    ...bodies(
      'broker',
      34,
      {},
      {
        ...notJson,
        'clientID null': '{"clientID":null,"producerDataSet":[],"consumerDataSet":[]}',
        'sets null': '{"clientID":"c","producerDataSet":null,"consumerDataSet":null}',
        'sets with null': '{"clientID":"c","producerDataSet":[null],"consumerDataSet":[null]}',
        'consumer without a name':
          '{"clientID":"c","consumerDataSet":[{"consumeType":"CONSUME_PASSIVELY"}]}',
        'enum unknown':
          '{"clientID":"c","consumerDataSet":[{"groupName":"G","consumeType":"NOPE","messageModel":"NOPE","consumeFromWhere":"NOPE","subscriptionDataSet":[]}]}',
        'subscriptions missing':
          '{"clientID":"c","consumerDataSet":[{"groupName":"G2","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET"}]}',
        'clientID a number': '{"clientID":5,"producerDataSet":[]}',
      },
    ),
    ...bodies(
      'broker',
      41,
      {},
      {
        ...notJson,
        'queues null': '{"consumerGroup":"G","clientId":"c","mqSet":null}',
        'queues with null': '{"consumerGroup":"G","clientId":"c","mqSet":[null]}',
        'group missing':
          '{"clientId":"c","mqSet":[{"brokerName":"broker-golden","queueId":0,"topic":"TopicTest"}]}',
        'client missing':
          '{"consumerGroup":"G","mqSet":[{"brokerName":"broker-golden","queueId":0,"topic":"TopicTest"}]}',
        'queue of another broker':
          '{"consumerGroup":"G","clientId":"c","mqSet":[{"brokerName":"other","queueId":0,"topic":"TopicTest"}]}',
        'queue unknown':
          '{"consumerGroup":"G","clientId":"c","mqSet":[{"brokerName":"broker-golden","queueId":-7,"topic":"Nowhere"}]}',
      },
    ),
    ...bodies(
      'broker',
      42,
      {},
      {
        ...notJson,
        'queue nobody locked':
          '{"consumerGroup":"G","clientId":"c","mqSet":[{"brokerName":"broker-golden","queueId":3,"topic":"TopicTest"}]}',
      },
    ),
    ...bodies(
      'broker',
      200,
      {},
      {
        ...notJson,
        'group name with a blank': '{"groupName":"a b"}',
        'group name with unicode': '{"groupName":"组"}',
        'group name of 256 characters': JSON.stringify({ groupName: 'g'.repeat(256) }),
        'retry policy unknown': '{"groupName":"G3","groupRetryPolicy":{"type":"NOPE"}}',
        'retryMaxTimes as text': '{"groupName":"G4","retryMaxTimes":"x"}',
      },
    ),
    ...bodies('broker', 43, {}, { 'body that is not used': 'x' }),
    ...bodies('broker', 28, {}, { 'body that is not used': 'x' }),
  ]
}
