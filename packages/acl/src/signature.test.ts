// SPDX-License-Identifier: Apache-2.0
// Signatures against those of Java's client, and what Java's broker signs for comparison.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SignatureField, signedText, signRequest, verifyRequest } from './index.ts'

interface GoldenSignature {
  name: string
  version: number
  accessKey: string
  secretKey: string
  securityToken: string | null
  given: Record<string, string>
  bodyHex: string | null
  sent: Record<string, string>
  brokerReads: { contentHex: string }
}

const { cases } = JSON.parse(
  readFileSync(new URL('../test/golden/signatures.json', import.meta.url), 'utf8'),
) as { cases: GoldenSignature[] }

const bodyOf = ({ bodyHex }: GoldenSignature): Uint8Array => Buffer.from(bodyHex ?? '', 'hex')
const sentBy = ({ sent }: GoldenSignature): Map<string, string> => new Map(Object.entries(sent))
const signsLikeItsBroker = ({ name }: GoldenSignature): boolean => !name.endsWith('4.9.3')

describe('requests are signed as Java signs them', () => {
  test.each(cases)('$name', (one) => {
    const { accessKey, secretKey, securityToken, given, sent } = one
    const credentials = { accessKey, secretKey, securityToken: securityToken ?? undefined }
    const added = signRequest(credentials, new Map(Object.entries(given)), bodyOf(one))
    expect({ ...given, ...added }).toEqual(sent)
  })
})

describe('requests are verified as Java verifies them', () => {
  test.each(cases)('the signed bytes: $name', (one) => {
    const fields = sentBy(one)
    if (one.version === 399) fields.delete('_UNIQUE_KEY_QUERY')
    const content = Buffer.concat([Buffer.from(signedText(fields), 'utf8'), bodyOf(one)])
    expect(content.toString('hex')).toBe(one.brokerReads.contentHex)
  })

  test.each(cases.filter(signsLikeItsBroker))('$name', (one) => {
    const verify = (fields: Map<string, string>, body = bodyOf(one)): boolean =>
      verifyRequest(one.secretKey, fields, body, one.version)
    expect(verify(sentBy(one))).toBe(true)
    expect(verify(sentBy(one), Buffer.from('another body'))).toBe(false)
    expect(verify(sentBy(one).set('added', 'x'))).toBe(false)
    for (const signature of [
      '',
      'x',
      `${one.sent['Signature']}=`,
      one.sent['Signature']!.toLowerCase(),
    ]) {
      expect(verify(sentBy(one).set(SignatureField.SIGNATURE, signature))).toBe(false)
    }
    expect(verifyRequest('another key', sentBy(one), bodyOf(one), one.version)).toBe(false)
  })

  test('clients up to 4.9.3 are not asked to have signed the unique key query', () => {
    const credentials = { accessKey: 'a', secretKey: 's' }
    const fields = new Map([['topic', 'T']])
    const signed = signRequest(credentials, fields, Buffer.alloc(0))
    const sent = new Map([...fields, ...Object.entries(signed), ['_UNIQUE_KEY_QUERY', 'true']])
    expect(verifyRequest('s', sent, Buffer.alloc(0), 399)).toBe(true)
    expect(verifyRequest('s', sent, Buffer.alloc(0), 400)).toBe(false)
    expect(verifyRequest('s', sent, Buffer.alloc(0))).toBe(false)
  })
})

test('a signature of other characters whose last eight bits fit is none', () => {
  const fields = new Map([['topic', 'T']])
  const body = new Uint8Array()
  const { AccessKey, Signature } = signRequest({ accessKey: 'a', secretKey: 's' }, fields, body)
  const sent = new Map([...fields, ['AccessKey', AccessKey], ['Signature', Signature]])
  expect(verifyRequest('s', sent, body)).toBe(true)
  const shifted = Signature.replaceAll(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x100))
  expect(verifyRequest('s', sent.set('Signature', shifted), body)).toBe(false)
  expect(verifyRequest('s', sent.set('Signature', ''), body)).toBe(false)
})
