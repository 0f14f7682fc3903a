// SPDX-License-Identifier: Apache-2.0
// Bad requests to the name server.

import { deflateSync } from 'node:zlib'
import { bodies, cases, withoutEach, type Fields, type RequestCase } from './bad-request-cases.ts'
import { binaryRequest } from './frames.ts'

const registerBroker: Fields = {
  brokerName: 'broker-x',
  brokerAddr: '10.0.0.9:10911',
  clusterName: 'GoldenCluster',
  haServerAddr: '10.0.0.9:10912',
  brokerId: '0',
}

const registerBody =
  '{"filterServerList":[],"topicConfigSerializeWrapper":{"dataVersion":{"counter":1,"stateVersion":0,"timestamp":1700000000000},"topicConfigTable":{}}}'

/** Bad requests to the name server. */
export function namesrvCases(): RequestCase[] {
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
