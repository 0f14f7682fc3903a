// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJavaProperties, writeJavaProperties } from './java-properties.ts'

/** What Java's Properties.load gives for each text. */
const read: [string, Record<string, string>][] = [
  [
    'brokerClusterName = DefaultCluster\nbrokerId=0\n',
    { brokerClusterName: 'DefaultCluster', brokerId: '0' },
  ],
  ['a:b\r\nc d\re\tf', { a: 'b', c: 'd', e: 'f' }],
  ['# comment\n! too\n  \n\t#indented\na=1', { a: '1' }],
  ['a = one \\\n   two\\\n\\\n three', { a: 'one twothree' }],
  ['a=b\\\\\nc=d', { a: 'b\\', c: 'd' }],
  ['a\\ b\\=c\\:d = e=f:g', { 'a b=c:d': 'e=f:g' }],
  ['a=\\u4e2d\\t\\n\\q\\"', { a: '中\t\nq"' }],
  ['a==b', { a: '=b' }],
  ['a =: b', { a: ': b' }],
  ['a  b=c', { a: 'b=c' }],
  ['=x', { '': 'x' }],
  ['a', { a: '' }],
  ['a=', { a: '' }],
  ['a=1\na=2', { a: '2' }],
  ['a=trailing  ', { a: 'trailing  ' }],
  ['a=1\\', { a: '1' }],
  ['# comment \\\na=1', { a: '1' }],
  ['namesrvAddr=10.0.0.1:9876;10.0.0.2:9876', { namesrvAddr: '10.0.0.1:9876;10.0.0.2:9876' }],
]

test.each(read)('%j', (text, properties) => {
  expect(Object.fromEntries(parseJavaProperties(text))).toEqual(properties)
})

test('refuses a unicode escape without its digits', () => {
  expect(() => parseJavaProperties('a=\\u12')).toThrow(SyntaxError)
})

test('escapes what Java escapes', () => {
  const properties = new Map([[' a b:c', '  x y=#!\\\té🚀']])
  expect(writeJavaProperties(properties)).toBe(
    '\\ a\\ b\\:c=\\  x y\\=\\#\\!\\\\\\t\\u00E9\\uD83D\\uDE80\n',
  )
})

const nastyText = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '=',
      ':',
      '#',
      '!',
      '\\',
      '\n',
      '\r',
      '\t',
      '\f',
      'é',
      '中',
      '🚀',
      '\0',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(nastyText, nastyText), { maxLength: 5 }), (entries) => {
      const properties = new Map(entries)
      expect(parseJavaProperties(writeJavaProperties(properties))).toEqual(properties)
    }),
    { seed: 5, numRuns: 300 },
  )
})
