// SPDX-License-Identifier: Apache-2.0
// The assembled name server: start, gate, waiting for brokers, stop.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createAuthenticationGate, signRequest, UserTable } from '@rocketmq-ts/acl'
import { RemotingClient, ResponseCode, type ClientOptions } from '@rocketmq-ts/remoting'
import { encodeRegisterBrokerBody, registerBrokerBodyCrc32 } from '@rocketmq-ts/remoting/bodies'
import {
  getBrokerClusterInfo,
  getRouteinfoByTopic,
  registerBroker,
} from '@rocketmq-ts/remoting/requests'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { NameServer, parseNameServerConfig, type NameServerOptions } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'namesrv-'))
afterAll(() => rmSync(folder, { recursive: true }))
const runtime = nodeRuntime()

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close()
})

async function start(
  config: object = {},
  options: Partial<NameServerOptions> = {},
): Promise<NameServer> {
  const fixed = { listenPort: 0, bindAddress: '127.0.0.1', kvConfigPath: join(folder, 'kv.json') }
  const parsed = parseNameServerConfig({ ...fixed, ...config })
  const server = await NameServer.start({ runtime, config: parsed, ...options })
  opened.push(server)
  return server
}

function newClient(options: Partial<ClientOptions> = {}): RemotingClient {
  const client = new RemotingClient({ runtime, ...options })
  opened.push(client)
  return client
}

const addressOf = (server: NameServer): string => `127.0.0.1:${server.port}`
const route = { topic: 'T', acceptStandardJsonOnly: undefined }

test('answers our own client', async () => {
  const server = await start()
  const client = newClient()
  const answer = await client.request(addressOf(server), getRouteinfoByTopic, route)
  expect(answer.code).toBe(ResponseCode.TOPIC_NOT_EXIST)
})

test('gives no routes until the brokers have had time to register, when told so', async () => {
  let nowMs = 0
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
  const config = { needWaitForService: 'true', waitSecondsForService: '10' }
  const server = await start(config, { runtime: { ...runtime, clock } })
  const client = newClient()
  const ask = async (): Promise<[number, string | undefined]> => {
    const { code, remark } = await client.request(addressOf(server), getRouteinfoByTopic, route)
    return [code, remark]
  }
  expect(await ask()).toEqual([ResponseCode.SYSTEM_ERROR, 'name server not ready'])
  nowMs = 9_999
  expect((await ask())[0]).toBe(ResponseCode.SYSTEM_ERROR)
  nowMs = 10_000
  expect((await ask())[0]).toBe(ResponseCode.TOPIC_NOT_EXIST)
})

test('a deflated registration that says it is plain is taken', async () => {
  const server = await start()
  const client = newClient()
  const body = encodeRegisterBrokerBody(
    {
      filterServerList: [],
      topicConfigSerializeWrapper: {
        dataVersion: { counter: 1, stateVersion: 0, timestamp: 1 },
        mappingDataVersion: { counter: 0, stateVersion: 0, timestamp: 0 },
        topicConfigTable: new Map(),
      },
    },
    { compressed: true },
  )
  const header = {
    brokerName: 'b',
    brokerAddr: '10.0.0.1:10911',
    clusterName: 'c',
    haServerAddr: '10.0.0.1:10912',
    brokerId: 0,
    heartbeatTimeoutMillis: undefined,
    enableActingMaster: false,
    compressed: false,
    bodyCrc32: registerBrokerBodyCrc32(body),
  }
  const answer = await client.request(addressOf(server), registerBroker, header, { body })
  expect(answer.code).toBe(ResponseCode.SUCCESS)
})

describe('behind a gate', () => {
  test.each([
    ['a signed request', 'key', ResponseCode.SUCCESS],
    ['a request signed otherwise', 'other', ResponseCode.NO_PERMISSION],
  ])('%s', async (_, secretKey, code) => {
    const users = new UserTable([{ accessKey: 'alice', secretKey: 'key' }])
    const server = await start({}, { gate: createAuthenticationGate({ users }) })
    const client = newClient({
      sign: (fields, body) => ({ ...signRequest({ accessKey: 'alice', secretKey }, fields, body) }),
    })
    const answer = await client.request(addressOf(server), getBrokerClusterInfo, {})
    expect(answer.code).toBe(code)
  })
})

test('a port that is taken is an error, and leaves nothing behind', async () => {
  const server = await start()
  await expect(start({ listenPort: server.port })).rejects.toThrow(/EADDRINUSE/)
})

test('a closed server is gone', async () => {
  const server = await start()
  const address = addressOf(server)
  await server.close()
  const client = newClient()
  await expect(client.request(address, getBrokerClusterInfo, {})).rejects.toMatchObject({
    code: 'RMQ_CONNECT_FAILED',
  })
})
