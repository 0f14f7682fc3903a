// SPDX-License-Identifier: Apache-2.0
// Every body against the text Java writes for it, and hostile texts against every body.
import { readdirSync, readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as bodies from './index.ts'
import type { JsonForm } from './index.ts'

interface GoldenBody {
  cases: {
    name: string
    text?: string
    hex: string
    form?: string
    compressed?: boolean
    bodyCrc32?: number
    inflatedHex?: string
  }[]
  javaReads?: { text: string; rewritten?: string; error?: string }[]
}

interface Codec {
  decode(bytes: Uint8Array): unknown
  encode(body: never, form?: JsonForm): Uint8Array
}

const codecs: Readonly<Record<string, Codec>> = {
  ClusterInfo: { decode: bodies.decodeClusterInfo, encode: bodies.encodeClusterInfo },
  ConsumeStats: { decode: bodies.decodeConsumeStats, encode: bodies.encodeConsumeStats },
  ConsumerConnection: {
    decode: bodies.decodeConsumerConnection,
    encode: bodies.encodeConsumerConnection,
  },
  ConsumerOffsetSerializeWrapper: {
    decode: bodies.decodeConsumerOffsetTable,
    encode: bodies.encodeConsumerOffsetTable,
  },
  DataVersion: { decode: bodies.decodeDataVersion, encode: bodies.encodeDataVersion },
  GetConsumerListByGroupResponseBody: {
    decode: bodies.decodeGetConsumerListBody,
    encode: bodies.encodeGetConsumerListBody,
  },
  HeartbeatData: { decode: bodies.decodeHeartbeatData, encode: bodies.encodeHeartbeatData },
  KVTable: { decode: bodies.decodeKvTable, encode: bodies.encodeKvTable },
  LockBatchRequestBody: { decode: bodies.decodeLockBatchBody, encode: bodies.encodeLockBatchBody },
  LockBatchResponseBody: {
    decode: bodies.decodeLockBatchResult,
    encode: bodies.encodeLockBatchResult,
  },
  RegisterBrokerResultKVTable: { decode: bodies.decodeKvTable, encode: bodies.encodeKvTable },
  SubscriptionData: {
    decode: bodies.decodeSubscriptionData,
    encode: bodies.encodeSubscriptionData,
  },
  SubscriptionGroupConfig: {
    decode: bodies.decodeSubscriptionGroupConfig,
    encode: bodies.encodeSubscriptionGroupConfig,
  },
  SubscriptionGroupWrapper: {
    decode: bodies.decodeSubscriptionGroupWrapper,
    encode: bodies.encodeSubscriptionGroupWrapper,
  },
  TopicConfigAndMappingSerializeWrapper: {
    decode: bodies.decodeTopicConfigAndMappingSerializeWrapper,
    encode: bodies.encodeTopicConfigAndMappingSerializeWrapper,
  },
  TopicConfigSerializeWrapper: {
    decode: bodies.decodeTopicConfigSerializeWrapper,
    encode: bodies.encodeTopicConfigSerializeWrapper,
  },
  TopicList: { decode: bodies.decodeTopicList, encode: bodies.encodeTopicList },
  TopicRouteData: { decode: bodies.decodeTopicRouteData, encode: bodies.encodeTopicRouteData },
  TopicStatsTable: { decode: bodies.decodeTopicStatsTable, encode: bodies.encodeTopicStatsTable },
  UnlockBatchRequestBody: {
    decode: bodies.decodeLockBatchBody,
    encode: bodies.encodeLockBatchBody,
  },
  AclInfo: { decode: bodies.decodeAclInfo, encode: bodies.encodeAclInfo },
  BatchAckMessageRequestBody: {
    decode: bodies.decodeBatchAckMessageBody,
    encode: bodies.encodeBatchAckMessageBody,
  },
  BrokerReplicasInfo: {
    decode: bodies.decodeBrokerReplicasInfo,
    encode: bodies.encodeBrokerReplicasInfo,
  },
  BrokerStatsData: { decode: bodies.decodeBrokerStatsData, encode: bodies.encodeBrokerStatsData },
  CheckClientRequestBody: {
    decode: bodies.decodeCheckClientBody,
    encode: bodies.encodeCheckClientBody,
  },
  CheckRocksdbCqWriteResult: {
    decode: bodies.decodeCheckRocksdbCqWriteResult,
    encode: bodies.encodeCheckRocksdbCqWriteResult,
  },
  ConsumeMessageDirectlyResult: {
    decode: bodies.decodeConsumeMessageDirectlyResult,
    encode: bodies.encodeConsumeMessageDirectlyResult,
  },
  ConsumerRunningInfo: {
    decode: bodies.decodeConsumerRunningInfo,
    encode: bodies.encodeConsumerRunningInfo,
  },
  ConsumeStatsList: {
    decode: bodies.decodeConsumeStatsList,
    encode: bodies.encodeConsumeStatsList,
  },
  CreateTopicListRequestBody: {
    decode: bodies.decodeCreateTopicListBody,
    encode: bodies.encodeCreateTopicListBody,
  },
  DelayOffsetSerializeWrapper: {
    decode: bodies.decodeDelayOffsetTable,
    encode: bodies.encodeDelayOffsetTable,
  },
  ElectMasterResponseBody: {
    decode: bodies.decodeElectMasterBody,
    encode: bodies.encodeElectMasterBody,
  },
  EpochEntryCache: { decode: bodies.decodeEpochEntryCache, encode: bodies.encodeEpochEntryCache },
  GetBrokerLiteInfoResponseBody: {
    decode: bodies.decodeGetBrokerLiteInfoBody,
    encode: bodies.encodeGetBrokerLiteInfoBody,
  },
  GetBrokerMemberGroupResponseBody: {
    decode: bodies.decodeGetBrokerMemberGroupBody,
    encode: bodies.encodeGetBrokerMemberGroupBody,
  },
  GetConsumerStatusBody: {
    decode: bodies.decodeGetConsumerStatusBody,
    encode: bodies.encodeGetConsumerStatusBody,
  },
  GetLiteClientInfoResponseBody: {
    decode: bodies.decodeGetLiteClientInfoBody,
    encode: bodies.encodeGetLiteClientInfoBody,
  },
  GetLiteGroupInfoResponseBody: {
    decode: bodies.decodeGetLiteGroupInfoBody,
    encode: bodies.encodeGetLiteGroupInfoBody,
  },
  GetLiteTopicInfoResponseBody: {
    decode: bodies.decodeGetLiteTopicInfoBody,
    encode: bodies.encodeGetLiteTopicInfoBody,
  },
  GetParentTopicInfoResponseBody: {
    decode: bodies.decodeGetParentTopicInfoBody,
    encode: bodies.encodeGetParentTopicInfoBody,
  },
  GroupForbidden: { decode: bodies.decodeGroupForbidden, encode: bodies.encodeGroupForbidden },
  GroupList: { decode: bodies.decodeGroupList, encode: bodies.encodeGroupList },
  HARuntimeInfo: { decode: bodies.decodeHaRuntimeInfo, encode: bodies.encodeHaRuntimeInfo },
  LiteSubscriptionCtlRequestBody: {
    decode: bodies.decodeLiteSubscriptionCtlBody,
    encode: bodies.encodeLiteSubscriptionCtlBody,
  },
  MessageRequestModeSerializeWrapper: {
    decode: bodies.decodeMessageRequestModeSerializeWrapper,
    encode: bodies.encodeMessageRequestModeSerializeWrapper,
  },
  ProducerConnection: {
    decode: bodies.decodeProducerConnection,
    encode: bodies.encodeProducerConnection,
  },
  ProducerTableInfo: {
    decode: bodies.decodeProducerTableInfo,
    encode: bodies.encodeProducerTableInfo,
  },
  QueryAssignmentRequestBody: {
    decode: bodies.decodeQueryAssignmentBody,
    encode: bodies.encodeQueryAssignmentBody,
  },
  QueryAssignmentResponseBody: {
    decode: bodies.decodeQueryAssignmentResult,
    encode: bodies.encodeQueryAssignmentResult,
  },
  QueryConsumeQueueResponseBody: {
    decode: bodies.decodeQueryConsumeQueueBody,
    encode: bodies.encodeQueryConsumeQueueBody,
  },
  QueryConsumeTimeSpanBody: {
    decode: bodies.decodeQueryConsumeTimeSpanBody,
    encode: bodies.encodeQueryConsumeTimeSpanBody,
  },
  QueryCorrectionOffsetBody: {
    decode: bodies.decodeQueryCorrectionOffsetBody,
    encode: bodies.encodeQueryCorrectionOffsetBody,
  },
  QuerySubscriptionResponseBody: {
    decode: bodies.decodeQuerySubscriptionBody,
    encode: bodies.encodeQuerySubscriptionBody,
  },
  ResetOffsetBody: { decode: bodies.decodeResetOffsetBody, encode: bodies.encodeResetOffsetBody },
  ResetOffsetBodyForC: {
    decode: bodies.decodeResetOffsetBodyForC,
    encode: bodies.encodeResetOffsetBodyForC,
  },
  SetMessageRequestModeRequestBody: {
    decode: bodies.decodeSetMessageRequestModeBody,
    encode: bodies.encodeSetMessageRequestModeBody,
  },
  SubscriptionGroupList: {
    decode: bodies.decodeSubscriptionGroupList,
    encode: bodies.encodeSubscriptionGroupList,
  },
  SyncStateSet: { decode: bodies.decodeSyncStateSet, encode: bodies.encodeSyncStateSet },
  TimerMetricsSerializeWrapper: {
    decode: bodies.decodeTimerMetrics,
    encode: bodies.encodeTimerMetrics,
  },
  TopicConfigAndQueueMapping: {
    decode: bodies.decodeTopicConfigAndQueueMapping,
    encode: bodies.encodeTopicConfigAndQueueMapping,
  },
  TopicQueueMappingDetail: {
    decode: bodies.decodeTopicQueueMappingDetail,
    encode: bodies.encodeTopicQueueMappingDetail,
  },
  TopicQueueMappingSerializeWrapper: {
    decode: bodies.decodeTopicQueueMappingSerializeWrapper,
    encode: bodies.encodeTopicQueueMappingSerializeWrapper,
  },
  UserInfo: { decode: bodies.decodeUserInfo, encode: bodies.encodeUserInfo },
}

test('every recorded body has its codec', () => {
  const folder = new URL('../../test/golden/bodies/', import.meta.url)
  const recorded = readdirSync(folder).map((file) => file.replace('.json', ''))
  expect(Object.keys(codecs).concat('RegisterBrokerBody').toSorted()).toEqual(recorded.toSorted())
})

function goldenOf(name: string): GoldenBody {
  const file = new URL(`../../test/golden/bodies/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as GoldenBody
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** Beyond 2^53 only versions of subscriptions, tag codes and the end of the last epoch are carried; offsets, versions and ids of that size are refused by name. */
const BEYOND = /9007199254740993|9223372036854775807/g
const carriesBeyond = new Set([
  'CheckClientRequestBody',
  'ConsumerRunningInfo',
  'EpochEntryCache',
  'QueryConsumeQueueResponseBody',
  'QuerySubscriptionResponseBody',
  'SubscriptionData',
  'SubscriptionGroupList',
])

const written = Object.keys(codecs).flatMap((body) =>
  goldenOf(body)
    .cases.filter(({ text }) => text !== undefined)
    .map((one) => ({ body, ...one, text: one.text ?? '' })),
)

/** Java writes NaN as null, an unset list not at all, and for those our record holds what Java's would after reading. */
const readsOtherwise = new Map([
  ['ConsumeStats: not a number', '{"consumeTps":0.0,"offsetTable":{}}'],
  ['ConsumeStats: infinite', '{"consumeTps":0.0,"offsetTable":{}}'],
  ['GetConsumerListByGroupResponseBody: unset', '{"consumerIdList":[]}'],
  ['ClusterInfo: empty', '{"brokerAddrTable":{},"clusterAddrTable":{}}'],
])

describe('what Java writes is read and written again to the byte', () => {
  test.each(written)('$body: $name $form', ({ body, name, text, form }) => {
    const codec = codecs[body]!
    const safe = carriesBeyond.has(body) ? text : text.replace(BEYOND, '900719925474099')
    const expected = readsOtherwise.get(`${body}: ${name}`) ?? safe
    const decoded = codec.decode(utf8(safe)) as never
    // Text order differs once the number has shrunk; the standard form sorts by it.
    if (form === 'standard' && safe !== text) return
    expect(textOf(codec.encode(decoded, form === 'standard' ? 'standard' : 'compact'))).toBe(
      expected,
    )
    if (safe !== text) expect(() => codec.decode(utf8(text))).toThrow(/2\^53/)
  })
})

const rewritten = Object.keys(codecs).flatMap((body) =>
  (goldenOf(body).javaReads ?? []).map((one) => ({ body, ...one })),
)

describe('other spellings', () => {
  test.each(rewritten)('$body: $text', ({ body, text, rewritten: expected, error }) => {
    const codec = codecs[body]!
    if (error !== undefined || text.search(BEYOND) >= 0) {
      expect(() => codec.decode(utf8(text))).toThrow(
        expect.objectContaining({ code: 'RMQ_PROTOCOL' }),
      )
    } else {
      const got = textOf(codec.encode(codec.decode(utf8(text)) as never))
      expect(got.replace('"consumeTps":NaN', '"consumeTps":null')).toBe(expected)
    }
  })
})

test('a figure that is not a number is written as null, as in Java', () => {
  const stats = { consumeTps: Number.NaN, offsetTable: [] }
  expect(textOf(bodies.encodeConsumeStats(stats))).toBe('{"consumeTps":null,"offsetTable":{}}')
})

test('lists of users and of policies are read and written as Java writes them', () => {
  for (const [body, decode, encode] of [
    ['UserInfo', bodies.decodeUserInfoList, bodies.encodeUserInfoList],
    ['AclInfo', bodies.decodeAclInfoList, bodies.encodeAclInfoList],
  ] as const) {
    const texts = goldenOf(body).cases.map((one) => one.text)
    const list = `[${texts.join(',')}]`
    expect(textOf(encode(decode(utf8(list)) as never))).toBe(list)
    expect(() => decode(utf8('{}'))).toThrow(`${body} list: expected a list`)
  }
})

test('base64 that Java would not write is refused', () => {
  for (const text of ['A', 'AQI', 'AQI*', 'AQI=\\n', '=']) {
    expect(() => bodies.decodeBatchAckMessageBody(utf8(`{"acks":[{"b":"${text}"}]}`))).toThrow(
      expect.objectContaining({ code: 'RMQ_PROTOCOL' }),
    )
  }
  expect(bodies.decodeBatchAckMessageBody(utf8('{"acks":[{"b":"AQI="}]}')).acks?.[0]?.b).toEqual(
    Buffer.from([1, 2]),
  )
})

describe('hostile bodies give RMQ_PROTOCOL and nothing else', () => {
  const hostile = ['', ' ', 'null', '[]', '5', '"x"', '{', '{"a":', '[[[', '\u0000', '{}x', 'ÿ']
  test.each(Object.keys(codecs))('%s', (body) => {
    const { decode } = codecs[body]!
    for (const text of hostile) {
      expect(() => decode(utf8(text))).toThrow(expect.objectContaining({ code: 'RMQ_PROTOCOL' }))
    }
    for (const { text } of goldenOf(body).cases) refusesOrReads(decode, text ?? '')
  })

  /** Every value of a good body replaced by every other kind of value, one at a time. */
  function refusesOrReads(decode: Codec['decode'], good: string): void {
    const values = good.matchAll(/:("[^"]*"|\d+|true|false|\{\}|\[\])/g)
    for (const { index, 1: value = '' } of values) {
      for (const other of ['null', '{}', '[]', '"x"', '-1', '1e300', 'true', '[null]', '{{}:{}}']) {
        const text = good.slice(0, index + 1) + other + good.slice(index + 1 + value.length)
        try {
          decode(utf8(text))
        } catch (error) {
          expect(error).toHaveProperty('code', 'RMQ_PROTOCOL')
        }
      }
    }
  }
})

test('the error names the body and the place', () => {
  const bad = utf8(
    '{"brokerDatas":[],"queueDatas":[{"brokerName":"b"},{"brokerName":"c","perm":"x"}]}',
  )
  expect(() => bodies.decodeTopicRouteData(bad)).toThrow(
    'TopicRouteData.queueDatas[1].perm: expected a 64-bit integer, got "x"',
  )
})

describe('RegisterBrokerBody', () => {
  const { cases } = goldenOf('RegisterBrokerBody')

  test.each(cases)('$name', ({ hex, compressed = false, bodyCrc32, inflatedHex }) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(bodies.registerBrokerBodyCrc32(bytes)).toBe(bodyCrc32)
    const body = bodies.decodeRegisterBrokerBody(bytes, { compressed })
    expect([...body.topicConfigSerializeWrapper.topicConfigTable.keys()].toSorted()).toEqual([
      'TopicTest',
      '订单',
    ])
    const encoded = bodies.encodeRegisterBrokerBody(body, { compressed })
    const content = compressed ? inflateSync(encoded) : Buffer.from(encoded)
    expect(content.toString('hex')).toBe(inflatedHex ?? hex)
  })

  test('a compressed body cut or changed anywhere is refused, never read beyond', () => {
    const bytes = Buffer.from(cases.find(({ compressed }) => compressed)!.hex, 'hex')
    const refused = expect.objectContaining({ code: 'RMQ_PROTOCOL' }) as unknown
    for (let at = 0; at < bytes.length; at += 1) {
      const decode = (changed: Buffer) => (): unknown =>
        bodies.decodeRegisterBrokerBody(changed, { compressed: true })
      expect(decode(bytes.subarray(0, at))).toThrow(refused as Error)
      const changed = Buffer.from(bytes)
      changed[at]! ^= 0x55
      expect(decode(changed)).toThrow(refused as Error)
    }
  })
})
