// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AuthMetadata,
  authenticate,
  decodeAuthData,
  encodeAuthData,
  parsePlainAcl,
  parseRemoteAddress,
  PlainAclError,
  plainFault,
  plainRequestOf,
  plainRulesOf,
  signRequest,
} from './index.ts'
import { requestAccess } from './request-access.ts'
import { annotatedRequests } from './annotated-requests.ts'

const fieldsOf = fc.dictionary(fc.string(), fc.string(), { maxKeys: 12 })
const bytes = fc.uint8Array({ maxLength: 200 })

function metadataOf(): AuthMetadata {
  const metadata = new AuthMetadata()
  metadata.createUser({ username: 'alice', password: 'secret-of-alice' })
  return metadata
}

describe('signatures', () => {
  const metadata = metadataOf()

  test('made of anything are refused', () => {
    fc.assert(
      fc.property(fieldsOf, fc.string(), bytes, fc.integer(), (given, Signature, body, version) => {
        const fields = new Map(Object.entries({ ...given, AccessKey: 'alice', Signature }))
        const refusal = authenticate(metadata, { fields, body, version })
        expect(refusal).toMatchObject({ code: 16, remark: 'check signature failed.' })
      }),
      { numRuns: 300 },
    )
  })

  test('hold for what was signed, and for nothing that differs in one field or byte', () => {
    fc.assert(
      fc.property(fieldsOf, bytes, fc.string({ minLength: 1 }), (given, body, more) => {
        const signed = new Map(Object.entries(given))
        for (const name of ['Signature', 'SecurityToken', 'AccessKey']) signed.delete(name)
        const credentials = { accessKey: 'alice', secretKey: 'secret-of-alice' }
        const fields = new Map([
          ...signed,
          ...Object.entries(signRequest(credentials, signed, body)),
        ])
        const version = 513
        expect(authenticate(metadata, { fields, body, version })).toBeUndefined()
        const longer = Buffer.concat([body, Buffer.from(more)])
        expect(authenticate(metadata, { fields, body: longer, version })).toBeDefined()
        const changed = new Map(fields).set('added', more)
        expect(authenticate(metadata, { fields: changed, body, version })).toBeDefined()
        const flipped = (fields.get('Signature') ?? '').replace(/^./, (c: string) =>
          c === 'A' ? 'B' : 'A',
        )
        const forged = new Map(fields).set('Signature', flipped)
        expect(authenticate(metadata, { fields: forged, body, version })).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})

describe('policy input', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('Topic:*', 'Topic:a*', '*', 'Group:', 'x:y'))
  const entry = fc.record(
    {
      resource: name,
      actions: fc.array(fc.oneof(fc.string(), fc.constantFrom('Pub', 'all', 'ANY', 'Sub'))),
      sourceIps: fc.array(fc.oneof(fc.string(), fc.constantFrom('1.2.3.4', '10.0.0.0/8', '::1'))),
      decision: fc.oneof(fc.string(), fc.constantFrom('Allow', 'deny')),
    },
    { requiredKeys: [] },
  )
  const policy = fc.record(
    { policyType: fc.oneof(fc.string(), fc.constant('Default')), entries: fc.array(entry) },
    { requiredKeys: [] },
  )

  test('is refused with a text, or reads back from the file as it was taken', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), fc.string(), (policies, subject) => {
        let kept: ReturnType<typeof decodeAuthData> | undefined
        const metadata = new AuthMetadata(undefined, (data) => {
          kept = data
        })
        metadata.createUser({ username: 'alice', password: 'secret-of-alice' })
        const refusal = metadata.putAcl({ policies, subject: 'User:alice' }, subject)
        if (refusal === undefined) {
          expect(kept).toBeDefined()
          if (kept !== undefined) expect(decodeAuthData(encodeAuthData(kept))).toEqual(kept)
        } else {
          expect(refusal.remark.length).toBeGreaterThan(5)
          expect(metadata.aclOf('alice')).toBeUndefined()
        }
      }),
      { numRuns: 500 },
    )
  })

  test('in a file is taken whole or not at all, and no message quotes a password', () => {
    const good = Buffer.from(
      encodeAuthData({
        users: metadataOf()
          .listUsers()
          .reduce((map, user) => map.set(user.username, user), new Map()),
        acls: new Map(),
      }),
    )
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        const damaged = Buffer.from(good)
        damaged[at] = byte
        for (const content of [damaged, good.subarray(0, cut)]) {
          try {
            const { users } = decodeAuthData(content)
            expect(users.size).toBeLessThanOrEqual(1)
          } catch (error) {
            expect(String(error)).toContain('users and policies')
            expect(String(error)).not.toContain('secret-of')
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('asks never crash, whatever a request holds', () => {
    const codes = [
      ...annotatedRequests.keys(),
      10,
      11,
      12,
      14,
      15,
      17,
      34,
      35,
      36,
      37,
      38,
      41,
      42,
      105,
      310,
    ]
    fc.assert(
      fc.property(fc.constantFrom(...codes), fieldsOf, bytes, (code, fields, body) => {
        const needed = requestAccess(
          {
            code,
            body,
            ext: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
          },
          'C',
        )
        expect(needed === undefined || Array.isArray(needed)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('accounts of 1.0', () => {
  test('of any form are taken whole or refused with a text', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), (value) => {
        for (const content of [value, { accounts: value }, { accounts: [value] }]) {
          try {
            const rules = plainRulesOf(new Map([['f', parsePlainAcl(content)]]))
            for (const account of rules.accounts.values()) {
              expect(account.secretKey.length).toBeGreaterThan(6)
            }
          } catch (error) {
            expect(error).toBeInstanceOf(PlainAclError)
            expect((error as Error).message).not.toBe('')
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('have patterns of addresses that match or are refused, but never crash', () => {
    const parts = fc.array(
      fc.constantFrom('1', '*', '-', '.', ':', '::', '{', '}', ',', 'ff', '256'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((all) => all.join('')),
        ),
        (pattern) => {
          try {
            const isWhite = parseRemoteAddress(pattern)
            for (const ip of ['1.1.1.1', '::1', 'fe80::1%eth0', '', 'x']) {
              expect(typeof isWhite(ip)).toBe('boolean')
            }
          } catch (error) {
            expect(error).toBeInstanceOf(PlainAclError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('let nothing pass that they did not sign', () => {
    const account = { accessKey: 'account1', secretKey: 'secret-of-1', defaultTopicPerm: 'PUB|SUB' }
    const rules = plainRulesOf(new Map([['f', parsePlainAcl({ accounts: [account] })]]))
    fc.assert(
      fc.property(fieldsOf, bytes, fc.nat(400), (given, body, code) => {
        const fields = new Map(Object.entries({ ...given, AccessKey: 'account1' }))
        const request = plainRequestOf({ code, body, fields, sourceIp: '1.1.1.1' })
        if (request !== undefined) expect(plainFault(rules, request)).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })
})
