// SPDX-License-Identifier: Apache-2.0
import { CommandScan, scanCommand, type GateCall } from '@rocketmq-ts/remoting'
import { encodeFrame } from '@rocketmq-ts/remoting/testing'
import { describe, expect, test } from 'vitest'
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

/** The same with its frame: from the second on it is not read as text. */
function framedCall(
  connection: GateCall['connection'],
  { user = 'bob', secretKey = 'bob-secret', topic = 'T', code = 310 } = {},
): GateCall {
  const body = Buffer.from('x')
  const plain = new Map([[code === 310 ? 'b' : 'topic', topic]])
  const added = signRequest({ accessKey: user, secretKey }, plain, body)
  const ext = { ...Object.fromEntries(plain), ...added }
  const frame = encodeFrame(
    'rocketmq',
    { code, version: 513 },
    { table: {}, record: {}, ext, body },
  )
  const scan = new CommandScan()
  scanCommand(scan, frame, 4, frame.length)
  return {
    code,
    body,
    connection,
    language: 0,
    version: 513,
    scan,
    ext: (name) => scan.ext(name),
    extFields: () => scan.extFields(),
  }
}

/** As a server would ask, but that it may not be read as text. */
const onlyInPlace = (call: GateCall): GateCall => ({
  ...call,
  ext: () => expect.unreachable(),
  extFields: () => expect.unreachable(),
})

describe('a request read in its frame', () => {
  test('is not read as text again once its like has passed', () => {
    const { gate } = world()
    const connection = connectionFrom('10.0.0.1')
    expect(() => gate(onlyInPlace(framedCall(connection)))).toThrow()
    expect(gate(framedCall(connection))).toBeUndefined()
    expect(gate(onlyInPlace(framedCall(connection)))).toBeUndefined()
  })

  test('passes for its connection, code, user and topic, and no other', () => {
    const { gate, metadata } = world()
    metadata.createUser({ username: 'eve', password: 'bob-secret' })
    const connection = connectionFrom('10.0.0.1')
    expect(gate(framedCall(connection))).toBeUndefined()
    for (const other of [{ topic: 'U' }, { topic: 'TT' }, { user: 'eve' }, { code: 370 }]) {
      const isAllowed = other.code === 370
      expect(gate(framedCall(connection, other))?.code).toBe(isAllowed ? undefined : 16)
    }
    expect(gate(framedCall(connectionFrom('11.0.0.1')))?.remark).toMatch(/from 11\.0\.0\.1/)
    expect(gate(framedCall(connection, { code: 11 }))?.code).toBe(16)
    expect(gate(onlyInPlace(framedCall(connection)))).toBeUndefined()
  })

  test('passes no more after a change of users or policies, or of its address', () => {
    const { gate, metadata } = world()
    const connection = connectionFrom('10.0.0.1')
    expect(gate(framedCall(connection))).toBeUndefined()
    metadata.updateUser({ username: 'bob', password: 'new' })
    expect(gate(framedCall(connection))?.remark).toBe('check signature failed.')
    expect(gate(framedCall(connection, { secretKey: 'new' }))).toBeUndefined()
    metadata.deleteAcl('User:bob', undefined, undefined)
    expect(gate(framedCall(connection, { secretKey: 'new' }))?.remark).toMatch(/no matched/)
    const moved = world().gate
    expect(moved(framedCall(connection))).toBeUndefined()
    Object.assign(connection, { remoteAddress: '12.0.0.1:5' })
    expect(moved(framedCall(connection))?.remark).toMatch(/from 12\.0\.0\.1/)
  })

  test('is refused with a wrong signature, and passes after that with the right one', () => {
    const { gate } = world()
    const connection = connectionFrom('10.0.0.1')
    expect(gate(framedCall(connection))).toBeUndefined()
    const refusal = gate(framedCall(connection, { secretKey: 'wrong' }))
    expect(refusal?.remark).toBe('check signature failed.')
    expect(gate(onlyInPlace(framedCall(connection)))).toBeUndefined()
  })

  test('needs no signature where none is asked for, and one again when that has expired', () => {
    const unsigned = world({ authenticationEnabled: 'false' }).gate
    const connection = connectionFrom('10.0.0.1')
    expect(unsigned(framedCall(connection))).toBeUndefined()
    const wrong = framedCall(connection, { secretKey: 'wrong' })
    expect(unsigned(onlyInPlace(wrong))).toBeUndefined()
    const { gate, time } = world({ authenticationStrategy: STATEFUL })
    expect(gate(framedCall(connection))).toBeUndefined()
    time.nowMs = 59_999
    expect(gate(onlyInPlace(wrong))).toBeUndefined()
    time.nowMs = 60_000
    expect(gate(wrong)?.remark).toBe('check signature failed.')
  })

  test('passes whichever of many topics it is about', () => {
    const { gate, metadata } = world()
    const resource = 'Topic:T*'
    const entries = [{ resource, actions: ['Pub'], decision: 'Allow' }]
    metadata.putAcl({ subject: 'User:bob', policies: [{ entries }] }, undefined)
    const connection = connectionFrom('10.0.0.1')
    for (let i = 0; i < 100; i++) {
      const topic = `T${(i * 7) % 40}`
      expect(gate(framedCall(connection, { topic }))).toBeUndefined()
      expect(gate(onlyInPlace(framedCall(connection, { topic })))).toBeUndefined()
      expect(gate(framedCall(connection, { topic: `U${i}` }))?.code).toBe(16)
    }
  })
})

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
