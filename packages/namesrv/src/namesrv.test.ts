// SPDX-License-Identifier: Apache-2.0
// The assembled name server: start, gate, waiting for brokers, stop.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createAuthenticationGate, signRequest, UserTable } from '@rocketmq-ts/acl'
import {
  handle,
  RemotingClient,
  RemotingServer,
  reply,
  ResponseCode,
  type ClientOptions,
} from '@rocketmq-ts/remoting'
import { encodeRegisterBrokerBody, registerBrokerBodyCrc32 } from '@rocketmq-ts/remoting/bodies'
import {
  getBrokerClusterInfo,
  getRouteinfoByTopic,
  notifyMinBrokerIdChange,
  registerBroker,
  unregisterBroker,
  type NotifyMinBrokerIdChangeRequest,
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

describe('the smallest id of a name', () => {
  /** A broker that only listens. */
  async function listen(told: [string, NotifyMinBrokerIdChangeRequest][]): Promise<string> {
    const onNotice = handle(notifyMinBrokerIdChange, ({ request }) => {
      told.push([address, request])
      return reply({})
    })
    const server = new RemotingServer({ runtime, handlers: [onNotice] })
    opened.push(server)
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
    const address = `127.0.0.1:${port}`
    return address
  }

  const body = encodeRegisterBrokerBody({
    filterServerList: [],
    topicConfigSerializeWrapper: {
      dataVersion: { counter: 1, stateVersion: 0, timestamp: 1 },
      mappingDataVersion: { counter: 0, stateVersion: 0, timestamp: 0 },
      topicConfigTable: new Map(),
    },
  })

  test('is told to its brokers when the smallest leaves and when a smaller one comes', async () => {
    const told: [string, NotifyMinBrokerIdChangeRequest][] = []
    const [first, second, third] = [await listen(told), await listen(told), await listen(told)]
    const server = await start({ notifyMinBrokerIdChanged: 'true' })
    const client = newClient()
    const group = { brokerName: 'b', clusterName: 'c' }
    const register = async (brokerId: number, brokerAddr: string): Promise<void> => {
      const header = {
        ...group,
        brokerAddr,
        brokerId,
        haServerAddr: `ha-${brokerId}`,
        heartbeatTimeoutMillis: undefined,
        enableActingMaster: true,
        compressed: false,
        bodyCrc32: registerBrokerBodyCrc32(body),
      }
      const { code } = await client.request(addressOf(server), registerBroker, header, { body })
      expect(code).toBe(ResponseCode.SUCCESS)
    }
    const leave = (brokerId: number, brokerAddr: string): Promise<unknown> =>
      client.request(addressOf(server), unregisterBroker, { ...group, brokerAddr, brokerId })

    await register(0, first)
    await register(1, second)
    await register(2, third)
    // A slave leaves and comes back: nobody is told.
    await leave(2, third)
    await register(2, third)
    expect(told).toEqual([])

    await leave(0, first)
    await expect.poll(() => told.length).toBe(2)
    const left = {
      minBrokerId: 1,
      brokerName: undefined,
      minBrokerAddr: second,
      offlineBrokerAddr: first,
      haBrokerAddr: undefined,
    }
    expect(new Map(told.splice(0))).toEqual(
      new Map([
        [second, left],
        [third, left],
      ]),
    )

    await register(0, first)
    await expect.poll(() => told.length).toBe(2)
    const back = {
      minBrokerId: 0,
      brokerName: undefined,
      minBrokerAddr: first,
      offlineBrokerAddr: undefined,
      haBrokerAddr: 'ha-0',
    }
    expect(new Map(told.splice(0))).toEqual(
      new Map([
        [second, back],
        [third, back],
      ]),
    )
  })
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
