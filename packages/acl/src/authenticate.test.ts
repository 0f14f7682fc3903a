// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import type { GateCall } from '@rocketmq-ts/remoting'
import { createAuthenticationGate, signRequest, UserTable } from './index.ts'

const users = new UserTable([
  { accessKey: 'alice', secretKey: 'key-a' },
  { accessKey: 'bob', secretKey: 'key-b', enabled: false },
])
const body = Buffer.from('body')

function callOf(fields: Map<string, string>, code = 10): GateCall {
  return {
    code,
    body,
    language: 0,
    version: 513,
    connection: {} as GateCall['connection'],
    ext: (name) => fields.get(name),
    extFields: () => fields,
  }
}

function signedBy(accessKey: string, secretKey: string): Map<string, string> {
  const fields = new Map([['topic', 'T']])
  const added = signRequest({ accessKey, secretKey }, fields, body)
  return new Map([...fields, ...Object.entries(added)])
}

describe('the gate', () => {
  const gate = createAuthenticationGate({ users, openCodes: [105] })

  test('lets a signed request of a known user pass', () => {
    expect(gate(callOf(signedBy('alice', 'key-a')))).toBeUndefined()
  })

  test.each([
    ['unsigned', new Map([['topic', 'T']]), 'username cannot be null.'],
    ['with an empty access key', signedBy('', 'key-a'), 'username cannot be null.'],
    ['of an unknown user', signedBy('carol', 'key-a'), 'User:carol is not found.'],
    ['of a disabled user', signedBy('bob', 'key-b'), 'User:bob is disabled.'],
    ['with another key', signedBy('alice', 'key-b'), 'check signature failed.'],
    ['without a signature', new Map([['AccessKey', 'alice']]), 'check signature failed.'],
    ['changed on the way', signedBy('alice', 'key-a').set('topic', 'U'), 'check signature failed.'],
  ])('refuses a request %s', (_, fields, remark) => {
    expect(gate(callOf(fields))).toMatchObject({ kind: 'refusal', code: 16, remark })
  })

  test('lets open codes pass unsigned, and only those', () => {
    expect(gate(callOf(new Map(), 105))).toBeUndefined()
    expect(gate(callOf(new Map(), 106))).toMatchObject({ code: 16 })
  })

  test('sees users come, change and go', () => {
    const table = new UserTable()
    const live = createAuthenticationGate({ users: table })
    const call = callOf(signedBy('dave', 'key-d'))
    expect(live(call)).toMatchObject({ remark: 'User:dave is not found.' })
    table.put({ accessKey: 'dave', secretKey: 'key-d' })
    expect(live(call)).toBeUndefined()
    table.put({ accessKey: 'dave', secretKey: 'changed' })
    expect(live(call)).toMatchObject({ remark: 'check signature failed.' })
    expect(table.delete('dave')).toBe(true)
    expect(live(call)).toMatchObject({ remark: 'User:dave is not found.' })
  })
})
