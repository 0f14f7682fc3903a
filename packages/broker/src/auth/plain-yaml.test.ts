// SPDX-License-Identifier: Apache-2.0
import { parsePlainAcl, PlainAclError, plainRulesOf } from '@rocketmq-ts/acl'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseYaml, writeYaml } from './plain-yaml.ts'

const GOOD = `accounts:
- accessKey: account1
  secretKey: hush-hush-1
  whiteRemoteAddress: 192.168.0.*
  admin: false
  topicPerms: [topicA=DENY, "topicB=PUB|SUB"]
dataVersion:
- {counter: 1, timestamp: 1700000000000}
`

function readOrFault(bytes: Uint8Array): string | undefined {
  try {
    plainRulesOf(new Map([['f', parsePlainAcl(parseYaml(bytes))]]))
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(PlainAclError)
    return (error as Error).message
  }
}

test('what was written reads back', () => {
  const content = parseYaml(Buffer.from(GOOD))
  expect(parseYaml(writeYaml(content))).toEqual(content)
  expect(readOrFault(Buffer.from(GOOD))).toBeUndefined()
})

test('damaged files are taken or refused with a text that holds no secret', () => {
  const good = Buffer.from(GOOD)
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 4 }), (at, bytes) => {
      const damaged = Buffer.concat([good.subarray(0, at), bytes, good.subarray(at + 1)])
      const fault = readOrFault(damaged)
      if (fault !== undefined) expect(fault).not.toMatch(/hush-hush/)
    }),
    { numRuns: 500 },
  )
})

test('any text is taken or refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      readOrFault(Buffer.from(text))
    }),
    { numRuns: 100 },
  )
})

test.each([
  [
    'a list that refers to itself again and again',
    'a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n',
    /refers to parts of itself/,
  ],
  ['a type of Java', 'accounts: !!javax.script.ScriptEngineManager []\n', /YAML|expected/],
  ['a name twice', 'accounts: []\naccounts: []\n', /DUPLICATE_KEY.*line 2/],
  ['bytes that are no UTF-8', '\u0000', undefined],
])('%s', (_, text, reason) => {
  const bytes = reason === undefined ? Uint8Array.of(0xff, 0xfe, 0xfd) : Buffer.from(text)
  const fault = readOrFault(bytes)
  if (_ !== 'a type of Java') expect(fault).toMatch(reason ?? /no UTF-8/)
})
