// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { parseNameServerConfig } from './index.ts'

test('defaults are those of Java', () => {
  expect(parseNameServerConfig({})).toEqual({
    listenPort: 9876,
    bindAddress: '0.0.0.0',
    kvConfigPath: undefined,
    scanNotActiveBrokerIntervalMs: 5_000,
    serverChannelMaxIdleTimeSeconds: 120,
    gracefulShutdownMs: undefined,
    orderMessageEnable: false,
    returnOrderTopicConfigToBroker: true,
    supportActingMaster: false,
    notifyMinBrokerIdChanged: false,
    enableAllTopicList: true,
    enableTopicList: true,
    needWaitForService: false,
    waitSecondsForService: 45,
    deleteTopicWithBrokerRegistration: false,
    configBlackList: ['configBlackList', 'configStorePath', 'kvConfigPath'],
    given: new Map(),
  })
})

test('text values and Java’s names are taken', () => {
  const config = parseNameServerConfig({
    listenPort: '9999',
    scanNotActiveBrokerInterval: '1000',
    supportActingMaster: 'true',
    enableTopicList: 'false',
    kvConfigPath: '/data/kv.json',
    serverWorkerThreads: '8',
    clusterTest: 'false',
  })
  expect(config).toMatchObject({
    listenPort: 9999,
    scanNotActiveBrokerIntervalMs: 1000,
    supportActingMaster: true,
    enableTopicList: false,
    kvConfigPath: '/data/kv.json',
  })
  expect(config).not.toHaveProperty('serverWorkerThreads')
})

test('a stop asks clients to go away only when told so', () => {
  expect(parseNameServerConfig({ shutdownWaitTimeSeconds: '3' }).gracefulShutdownMs).toBeUndefined()
  const config = { enableShutdownGracefully: 'true', shutdownWaitTimeSeconds: '3' }
  expect(parseNameServerConfig(config).gracefulShutdownMs).toBe(3_000)
})

test.each([
  [{ listenPrt: '1' }, 'unknown key listenPrt, did you mean listenPort?'],
  [{ LISTENPORT: '1' }, 'unknown key LISTENPORT, did you mean listenPort?'],
  [{ somethingElse: 1 }, 'unknown key somethingElse'],
  [{ listenPort: 'x' }, 'listenPort: '],
  [{ listenPort: '70000' }, 'listenPort: '],
  [{ supportActingMaster: 'yes' }, 'supportActingMaster: '],
  [{ enableControllerInNamesrv: 'true' }, 'enableControllerInNamesrv=true: the controller is not'],
  [{ clusterTest: 'true' }, 'clusterTest=true: '],
  [{ waitSecondsForService: '2147483648' }, "does not fit Java's int"],
  [{ scanNotActiveBrokerInterval: '0' }, 'must be between 1 and'],
  [undefined, 'expected an object'],
  [[], 'expected an object'],
])('refuses %j', (input, message) => {
  expect(() => parseNameServerConfig(input)).toThrow(message)
})
