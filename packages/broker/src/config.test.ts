// SPDX-License-Identifier: Apache-2.0
// Java's broker.conf: what is taken, what is refused, and in which words.
import { describe, expect, test } from 'vitest'
import {
  BrokerConfigError,
  defaultOf,
  keysWithoutEffect,
  parseBrokerConfig,
  printedKeys,
} from './config.ts'

test('without a file everything has Java’s default', () => {
  expect(parseBrokerConfig({})).toMatchObject({
    clusterName: 'DefaultCluster',
    brokerId: 0,
    listenPort: 10911,
    replicationPort: 10912,
    permission: 6,
    commitLogSegmentBytes: 1024 * 1024 * 1024,
    consumeQueueSegmentBytes: 6_000_000,
    flushDiskType: 'ASYNC_FLUSH',
    maxMessageBytes: 4 * 1024 * 1024,
    autoCreateTopics: true,
    defaultTopicQueueCount: 8,
    registerPeriodMs: 30_000,
    offsetPersistIntervalMs: 5_000,
    nameServers: [],
  })
})

test('what is given is taken in our units', () => {
  const config = parseBrokerConfig({
    brokerName: 'b',
    listenPort: '20911',
    namesrvAddr: 'a:9876; b:9876;',
    flushDiskType: 'SYNC_FLUSH',
    autoCreateTopicEnable: 'FALSE',
    mappedFileSizeCommitLog: '1048576',
  })
  expect(config).toMatchObject({
    brokerName: 'b',
    listenPort: 20911,
    replicationPort: 20912,
    nameServers: ['a:9876', 'b:9876'],
    flushDiskType: 'SYNC_FLUSH',
    autoCreateTopics: false,
    commitLogSegmentBytes: 1_048_576,
  })
})

test('every key of Java is accepted with its own default', () => {
  for (const [key] of printedKeys) {
    const fallback = defaultOf(key)
    if (fallback !== undefined) expect(() => parseBrokerConfig({ [key]: fallback })).not.toThrow()
  }
})

test.each([
  ['a misspelt key', { brokerNmae: 'b' }, 'did you mean brokerName?'],
  ['a key in another case', { listenport: '1' }, 'did you mean listenPort?'],
  ['text for a number', { listenPort: 'x' }, 'listenPort = x: must be a whole number'],
  ['a number that is no int', { maxMessageSize: '4294967296' }, 'does not fit Java’s int'],
  ['a port beyond the last', { listenPort: '70000' }, 'must be between 0 and 65535'],
  ['text for a switch', { traceOn: 'yes' }, 'traceOn = yes: must be one of true, false'],
  [
    'a name that is no choice',
    { flushDiskType: 'LATER' },
    'must be one of ASYNC_FLUSH, SYNC_FLUSH',
  ],
  ['a replica', { brokerId: '1' }, 'brokerId = 1: must be between 0 and 0'],
  ['a role we do not have', { brokerRole: 'SLAVE' }, 'must be ASYNC_MASTER in this version'],
  [
    'several names to look up',
    { fetchNameSrvAddrByDnsLookup: 'true', namesrvAddr: 'a:1;b:1' },
    'namesrvAddr must be one name with its port',
  ],
  ['a controller', { enableControllerMode: 'true' }, 'does not have controller mode yet'],
])('%s is refused', (_, properties, text) => {
  const parse = (): unknown => parseBrokerConfig(properties as Record<string, string>)
  expect(parse).toThrow(BrokerConfigError)
  expect(parse).toThrow(text.replace('’', "'"))
})

test('all faults are told at once', () => {
  expect(() => parseBrokerConfig({ listenPort: 'x', brokerNmae: 'b' })).toThrow(
    /listenPort = x.*brokerNmae is no broker setting/,
  )
})

describe('settings without effect', () => {
  test('are those we do not follow, unless they say what holds anyway', () => {
    const given = new Map([
      ['listenPort', '1'],
      ['popPollingSize', '7'],
      ['reviveInterval', '1000'],
    ])
    expect(keysWithoutEffect(given)).toEqual(['popPollingSize'])
  })
})
