// SPDX-License-Identifier: Apache-2.0
import { signRequest } from '@rocketmq-ts/acl'
import { RemotingClient } from '@rocketmq-ts/remoting'
import { getBrokerConfig, sendMessageV2 } from '@rocketmq-ts/remoting/requests'
import { expect, test } from 'vitest'
import { ADDRESS, BrokerWorld, sendHeader } from '../../test/broker-world.ts'

const on = {
  authenticationEnabled: 'true',
  initAuthenticationUser: '{"username":"admin","password":"admin-secret"}',
}
const admin = { accessKey: 'admin', secretKey: 'admin-secret' }

function clientOf(world: BrokerWorld, ip: string, isSigned: boolean): RemotingClient {
  return new RemotingClient({
    runtime: world.machine.machine(ip),
    ...(isSigned ? { sign: (fields, body) => ({ ...signRequest(admin, fields, body) }) } : {}),
  })
}

function sendBytes(world: BrokerWorld, client: RemotingClient, bytes: number): Promise<number> {
  const body = Buffer.alloc(bytes, 7)
  return world.settle(
    client.request(ADDRESS, sendMessageV2, sendHeader, { body }).then(
      ({ code }) => code,
      () => -1,
    ),
  )
}

test('a long frame is taken only after a first request has passed', async () => {
  const world = await BrokerWorld.start({ properties: { ...on, newcomerMaxFrameBytes: '4096' } })
  expect(await sendBytes(world, clientOf(world, '10.3.0.1', true), 8192)).toBe(-1)
  const client = clientOf(world, '10.3.0.2', true)
  expect(await sendBytes(world, client, 100)).toBe(0)
  expect(await sendBytes(world, client, 8192)).toBe(0)
})

test('connections without an accepted request are counted per address', async () => {
  const properties = { ...on, newcomerMaxConnectionsPerAddress: '2' }
  const world = await BrokerWorld.start({ properties })
  const machine = world.machine.machine('10.3.0.1')
  const newcomer = () => new RemotingClient({ runtime: machine })
  const codes: number[] = []
  for (let i = 0; i < 3; i++) codes.push(await sendBytes(world, newcomer(), 1))
  expect(codes).toEqual([16, 16, -1])
  expect(await sendBytes(world, clientOf(world, '10.3.0.2', true), 1)).toBe(0)
})

test('a connection that is refused too often is closed', async () => {
  const properties = { ...on, maxRefusedRequestsPerMinute: '3' }
  const world = await BrokerWorld.start({ properties })
  const client = clientOf(world, '10.3.0.1', false)
  const connection = await world.connectionOf(client)
  for (let i = 0; i < 3; i++) await sendBytes(world, client, 1)
  await world.advance(1)
  expect(connection.closed).toBe(false)
  await sendBytes(world, client, 1)
  await world.advance(1)
  expect(connection.closed).toBe(true)
})

test('without limits nobody is turned away, as in Java', async () => {
  const world = await BrokerWorld.start({ properties: on })
  const client = clientOf(world, '10.3.0.1', false)
  const connection = await world.connectionOf(client)
  for (let i = 0; i < 50; i++) {
    await world.settle(client.request(ADDRESS, getBrokerConfig, {}))
  }
  expect(connection.closed).toBe(false)
})

test('limits mean nothing where nothing is checked', async () => {
  const world = await BrokerWorld.start({ properties: { newcomerMaxFrameBytes: '4096' } })
  expect(await sendBytes(world, clientOf(world, '10.3.0.1', false), 8192)).toBe(0)
})
