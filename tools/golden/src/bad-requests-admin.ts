// SPDX-License-Identifier: Apache-2.0
// Bad requests to the broker about topics, groups, clients and locks.

import { bodies, cases, withoutEach, type Fields, type RequestCase } from './bad-request-cases.ts'

/** Bad requests about topics, groups and clients. */
export function adminCases(): RequestCase[] {
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
export function bodyCases(): RequestCase[] {
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
