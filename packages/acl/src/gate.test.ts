// SPDX-License-Identifier: Apache-2.0
import type { GateCall } from '@rocketmq-ts/remoting'
import { expect, test } from 'vitest'
import { AuthMetadata, createAccessGate, parseAccessConfig, signRequest } from './index.ts'

const STATEFUL = 'org.apache.rocketmq.auth.authentication.strategy.StatefulAuthenticationStrategy'

function world(more: Readonly<Record<string, string>> = {}) {
  const metadata = new AuthMetadata()
  metadata.createUser({ username: 'bob', password: 'bob-secret' })
  metadata.putAcl(
    {
      subject: 'User:bob',
      policies: [
        {
          entries: [
            { resource: 'Topic:T', actions: ['Pub'], decision: 'Allow', sourceIps: ['10.0.0.0/8'] },
          ],
        },
      ],
    },
    undefined,
  )
  const time = { nowMs: 0 }
  const lines: object[] = []
  const given = { authenticationEnabled: 'true', authorizationEnabled: 'true', ...more }
  const gate = createAccessGate({
    metadata,
    config: parseAccessConfig(new Map(Object.entries(given))),
    clusterName: 'C',
    monotonicMs: () => time.nowMs,
    audit: { info: (facts) => lines.push(facts) },
  })
  return { metadata, gate, time, lines }
}

function connectionFrom(ip: string): GateCall['connection'] {
  const connection = { remoteAddress: `${ip}:5`, remote: { host: ip, port: 5 } }
  return connection as GateCall['connection']
}

function callOf(
  connection: GateCall['connection'],
  secretKey = 'bob-secret',
  code = 310,
): GateCall {
  const body = Buffer.from('x')
  const plain = new Map([['b', 'T']])
  const added = signRequest({ accessKey: 'bob', secretKey }, plain, body)
  const fields = new Map([...plain, ...Object.entries(added)])
  return {
    code,
    body,
    connection,
    language: 0,
    version: 513,
    ext: (name) => fields.get(name),
    extFields: () => fields,
  }
}

test('a kept decision ends with each change of policies', () => {
  const { gate, metadata } = world()
  const connection = connectionFrom('10.0.0.1')
  expect(gate(callOf(connection))).toBeUndefined()
  expect(gate(callOf(connection))).toBeUndefined()
  metadata.deleteAcl('User:bob', undefined, undefined)
  expect(gate(callOf(connection))?.remark).toMatch(/no matched policies/)
})

test('a kept decision is one about that address', () => {
  const { gate } = world()
  const connection = connectionFrom('10.0.0.1')
  expect(gate(callOf(connection))).toBeUndefined()
  expect(gate(callOf(connectionFrom('11.0.0.1')))?.remark).toMatch(/from 11\.0\.0\.1/)
  Object.assign(connection, { remoteAddress: '12.0.0.1:5' })
  expect(gate(callOf(connection))?.remark).toMatch(/from 12\.0\.0\.1/)
})

test('every signature is checked, unless the strategy is stateful', () => {
  const { gate } = world()
  const connection = connectionFrom('10.0.0.1')
  expect(gate(callOf(connection))).toBeUndefined()
  expect(gate(callOf(connection, 'wrong'))?.remark).toBe('check signature failed.')
})

test('a checked signature speaks for its connection, for a while, and until users change', () => {
  const { gate, time, metadata } = world({ authenticationStrategy: STATEFUL })
  const connection = connectionFrom('10.0.0.1')
  expect(gate(callOf(connection))).toBeUndefined()
  time.nowMs = 59_999
  expect(gate(callOf(connection, 'wrong'))).toBeUndefined()
  expect(gate(callOf(connectionFrom('10.0.0.1'), 'wrong'))?.code).toBe(16)
  time.nowMs = 60_000
  expect(gate(callOf(connection, 'wrong'))?.remark).toBe('check signature failed.')
  time.nowMs = 120_000
  expect(gate(callOf(connection))).toBeUndefined()
  metadata.updateUser({ username: 'bob', userStatus: 'disable' })
  expect(gate(callOf(connection))?.remark).toBe('User:bob is disabled.')
})

test('white lists let their codes pass, each its own check', () => {
  const connection = connectionFrom('99.0.0.1')
  const unsigned = world({ authenticationWhitelist: '310' }).gate
  expect(unsigned(callOf(connection, 'wrong'))?.remark).toMatch(/no permission/)
  const allowed = world({ authorizationWhitelist: '310' }).gate
  expect(allowed(callOf(connection))).toBeUndefined()
  expect(allowed(callOf(connection, 'wrong'))?.remark).toBe('check signature failed.')
})

test('each refusal is a line with who, whence and why, and without the signature', () => {
  const { gate, lines } = world()
  gate(callOf(connectionFrom('10.0.0.1')))
  const call = callOf(connectionFrom('10.0.0.1'), 'wrong')
  gate(call)
  expect(lines).toEqual([
    {
      event: 'refused',
      code: 310,
      user: 'bob',
      peer: '10.0.0.1:5',
      socket: '10.0.0.1',
      reason: 'check signature failed.',
    },
  ])
})
