// SPDX-License-Identifier: Apache-2.0
import { AuthMetadata, encodeAuthData, signRequest, type AuthData } from '@rocketmq-ts/acl'
import type { Gate, GateCall } from '@rocketmq-ts/remoting'
import { silentLogger } from '@rocketmq-ts/runtime'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { openNameServerAccess, splitAccessKeys } from './access.ts'

const PATH = '/copy/auth.json'
const connection = { remoteAddress: '10.0.0.9:1', remote: { host: '10.0.0.9', port: 1 } }

function remarkOf(
  gate: Gate | undefined,
  accessKey: string,
  secretKey: string,
): string | undefined {
  const fields = new Map([['topic', 'T']])
  const body = Buffer.alloc(0)
  const signed = new Map([
    ...fields,
    ...Object.entries(signRequest({ accessKey, secretKey }, fields, body)),
  ])
  const call = {
    code: 105,
    body,
    language: 0,
    version: 513,
    connection,
    ext: (name: string) => signed.get(name),
    extFields: () => signed,
  }
  return gate?.(call as unknown as GateCall)?.remark
}

function fileOf(resource: string): Uint8Array {
  let kept: AuthData = { users: new Map(), acls: new Map() }
  const metadata = new AuthMetadata(kept, (data) => {
    kept = data
  })
  metadata.createUser({ username: 'bob', password: 'bob-secret' })
  const entries = [{ resource, actions: ['Sub'], decision: 'Allow' }]
  metadata.putAcl({ subject: 'User:bob', policies: [{ entries }] }, undefined)
  return encodeAuthData(kept)
}

test('nothing is checked unless asked for', () => {
  const runtime = simulatedRuntime({ seed: 1 })
  const parts = { runtime, logger: silentLogger }
  expect(openNameServerAccess({ ...parts, given: new Map() })).toBeUndefined()
})

test('users and policies of a file hold, follow its changes, and outlive a broken one', async () => {
  const runtime = simulatedRuntime({ seed: 1 })
  runtime.files.makeDirectory('/copy')
  runtime.files.writeFile(PATH, fileOf('Topic:T'))
  const given = new Map([
    ['authenticationEnabled', 'true'],
    ['authorizationEnabled', 'true'],
    ['authConfigPath', PATH],
    ['innerClientAuthenticationCredentials', '{"accessKey":"broker","secretKey":"inner-secret"}'],
  ])
  const gate = openNameServerAccess({ given, runtime, logger: silentLogger })
  expect(remarkOf(gate, 'bob', 'bob-secret')).toBeUndefined()
  expect(remarkOf(gate, 'broker', 'inner-secret')).toBeUndefined()
  expect(remarkOf(gate, 'eve', 'x')).toBe('User:eve is not found.')
  const change = async (bytes: Uint8Array): Promise<void> => {
    await runtime.advance(1)
    runtime.files.writeFile(PATH, bytes)
    await runtime.advance(6000)
  }
  await change(fileOf('Topic:Other'))
  expect(remarkOf(gate, 'bob', 'bob-secret')).toMatch(/no permission to access Topic:T/)
  expect(remarkOf(gate, 'broker', 'inner-secret')).toBeUndefined()
  await change(fileOf('Topic:T'))
  await change(Buffer.from('{'))
  expect(remarkOf(gate, 'bob', 'bob-secret')).toBeUndefined()
})

test('a file that was named must be there', () => {
  const runtime = simulatedRuntime({ seed: 1 })
  const given = new Map([
    ['authenticationEnabled', 'true'],
    ['authConfigPath', PATH],
  ])
  const open = (): unknown => openNameServerAccess({ given, runtime, logger: silentLogger })
  expect(open).toThrow(`there is no file ${PATH}`)
})

test('keys of access control are not the name server’s own', () => {
  const { access, others } = splitAccessKeys(
    new Map([
      ['listenPort', '1'],
      ['authenticationEnabled', 'true'],
    ]),
  )
  expect([[...access.keys()], [...others.keys()]]).toEqual([
    ['authenticationEnabled'],
    ['listenPort'],
  ])
})
