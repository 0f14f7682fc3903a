// SPDX-License-Identifier: Apache-2.0
// JSON headers as peers may write them: each case was put to Java's reader, whose answer is the expectation.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, readFrame, type ReadFrame } from '../testing/frames.ts'
import { int32, optional, string, type FieldTable } from './schema.ts'

function read(header: string | Uint8Array): ReadFrame {
  const text = Buffer.from(header as string)
  const frame = Buffer.alloc(8)
  frame.writeInt32BE(4 + text.length)
  frame.writeInt32BE(text.length, 4)
  return readFrame(Buffer.concat([frame, text]))
}

describe('a code is read from', () => {
  test.each([
    ['plain digits', '310', 310],
    ['digits in quotes', '"310"', 310],
    ['a negative number', '-1', -1],
    ['null, which leaves it 0', 'null', 0],
    ['an empty text', '""', 0],
    ['a fraction', '310.7', 310],
    ['a fraction of nothing', '310.0', 310],
    ['an exponent', '3.1e2', 310],
    ['a fraction in quotes', '"310.0"', 310],
    ['true', 'true', 1],
    ['a plus sign', '+5', 5],
    ['leading zeros', '007', 7],
    ['Java’s suffix L', '10L', 10],
    ['Java’s suffix B', '10B', 10],
    ['the largest int', '2147483647', 2_147_483_647],
    ['the smallest int', '-2147483648', -2_147_483_648],
  ])('%s', (_, text, code) => {
    expect(read(`{"code":${text}}`).code).toBe(code)
    expect(read(`{ "flag" : 0,\n"code" : ${text} , "opaque":1}`).code).toBe(code)
  })
})

describe('a header is refused with', () => {
  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '5'],
    ['no end', '{'],
    ['no end after a member', '{"code":310'],
    ['something after it', '{"code":310}x'],
    ['a second object', '{"code":310} {}'],
    ['a second brace', '{"code":310}}'],
    ['letters for a code', '{"code":"abc"}'],
    ['a code too large', '{"code":2147483648}'],
    ['a code too large in quotes', '{"code":"2147483648"}'],
    ['a code of twenty digits', '{"code":99999999999999999999}'],
    ['a hexadecimal code', '{"code":0x10}'],
    ['an underscore in a code', '{"code":1_0}'],
    ['NaN', '{"code":NaN}'],
    ['a key without quotes', '{code:310}'],
    ['no colon', '{"unknown" 5,"code":5}'],
    ['no value', '{"unknown":,"code":5}'],
    ['no comma', '{"unknown":5 "code":5}'],
    ['a comma first', '{,"code":5}'],
    ['two commas', '{"code":5,,"opaque":1}'],
    ['half a true', '{"unknown":tru,"code":5}'],
    ['undefined', '{"unknown":undefined,"code":5}'],
    ['extFields as list', '{"extFields":[]}'],
    ['extFields as text', '{"extFields":"x"}'],
    ['extFields as number', '{"extFields":5}'],
    ['an ext key that is a number', '{"extFields":{1:"a"}}'],
    ['an ext key without quotes', '{"extFields":{a:"b"}}'],
    ['an unknown escape', '{"extFields":{"a":"\\q"}}'],
    ['a cut escape', '{"extFields":{"a":"\\u12"}}'],
    ['a text without end', '{"extFields":{"a":"x}'],
    ['a text that ends in a backslash', '{"extFields":{"a":"x\\'],
    ['a byte order mark', '\ufeff{"code":5}'],
    ['a space that is not ASCII', '\u00a0{"code":5}'],
    ['a wrong bracket', '{"unknown":[}],"code":5}'],
    ['nesting without end', `{"unknown":${'['.repeat(100_000)}`],
  ])('%s', (_, header) => {
    expect(() => read(header)).toThrow(expect.objectContaining({ code: 'RMQ_PROTOCOL' }))
  })

  test('a byte that is no UTF-8 where a key should be', () => {
    expect(() => read(Buffer.from([0x7b, 0xff, 0x7d, 0x20]))).toThrow('no key')
  })
})

describe('taken as Java takes them', () => {
  test.each([
    ['white space everywhere', ' \t\r\n{ "code" : 5 ,\f "extFields" : { "a" : "x" , } } \n', 'x'],
    ['single quotes', `{'code':5,'extFields':{'a':'x"'}}`, 'x"'],
    ['a comma before the brace', '{"code":5,"extFields":{"a":"x",},}', 'x'],
    [
      'unknown members',
      '{"unknown":{"a":[1,{"b":null}],"c":"}\\""},"extFields":{"a":"x"},"code":5}',
      'x',
    ],
    [
      'an unknown number with an open fraction',
      '{"unknown":1.,"extFields":{"a":"x"},"code":5}',
      'x',
    ],
    [
      'nesting 2,000 deep',
      `{"u":${'['.repeat(2000)}${']'.repeat(2000)},"extFields":{"a":"x"},"code":5}`,
      'x',
    ],
    [
      'the last of two members',
      '{"extFields":{"b":"1"},"code":4,"code":5,"extFields":{"a":"x"}}',
      'x',
    ],
    ['the last of two fields', '{"code":5,"extFields":{"a":"1","a":"x"}}', 'x'],
    ['a null after a value', '{"code":5,"extFields":{"a":"1","a":null}}', undefined],
    ['a number', '{"code":5,"extFields":{"a":1}}', '1'],
    ['a fraction as it is written', '{"code":5,"extFields":{"a":1.50}}', '1.50'],
    [
      'a number beyond 64 bits',
      '{"code":5,"extFields":{"a":12345678901234567890}}',
      '12345678901234567890',
    ],
    ['true', '{"code":5,"extFields":{"a":true}}', 'true'],
    ['an object as its text', '{"code":5,"extFields":{"a":{"x":[1]}}}', '{"x":[1]}'],
    ['an empty text', '{"code":5,"extFields":{"a":""}}', ''],
    ['null', '{"code":5,"extFields":{"a":null}}', undefined],
    ['extFields null', '{"code":5,"extFields":null}', undefined],
    ['extFields an empty text', '{"code":5,"extFields":""}', undefined],
    ['raw control characters', '{"code":5,"extFields":{"a":"1\n\t\u00012"}}', '1\n\t\u00012'],
    [
      'escapes',
      '{"code":5,"extFields":{"\\u0061":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u4e2d\\ud83d\\ude80"}}',
      '"\\/\b\f\n\r\t中🚀',
    ],
    [
      'a lone surrogate as a question mark',
      '{"code":5,"extFields":{"a":"\\ud83d x \\ude80"}}',
      '? x ?',
    ],
    ['escaped member names', '{"co\\u0064e":5,"extFields":{"a":"x"}}', 'x'],
  ])('%s', (_, header, value) => {
    const frame = read(header)
    expect(frame.code).toBe(5)
    expect(frame.ext.get('a')).toBe(value)
    const table: FieldTable<{ a: string | undefined }> = { a: optional(string('a')) }
    expect(frame.record(table)).toEqual({ a: value })
  })

  test.each([
    ['digits behind escapes', '"\\u0031\\u0032"', 12],
    ['letters behind escapes, which read as absent', '"\\u0078"', undefined],
    ['a bare number', '12', 12],
    ['a bare fraction, which reads as absent', '1.5', undefined],
    ['an empty text, which reads as absent', '""', undefined],
  ])('a number as %s', (_, text, value) => {
    const table: FieldTable<{ a: number | undefined }> = { a: optional(int32('a')) }
    expect(read(`{"extFields":{"a":${text}},"code":5}`).record(table)).toEqual({ a: value })
  })

  test.each(['Code', 'CODE', 'c_ode', 'cod', 'flaq'])('a member named %s is unknown', (name) => {
    const frame = read(`{"${name}":310}`)
    expect([frame.code, frame.flag]).toEqual([0, 0])
  })

  test.each([
    ['"JAVA"', 0],
    ['"java"', 0],
    ['"GO"', 9],
    ['"NODE_JS"', 13],
    ['"9"', 9],
    ['9', 9],
    ['"NOPE"', -1],
    ['""', -1],
    ['null', -1],
    ['"JAVA" ', 0],
    ['"JAVAX"', -1],
  ])('language %s is %i', (text, language) => {
    expect(read(`{"code":5,"language":${text}}`).language).toBe(language)
  })

  test.each([
    ['null', undefined],
    ['""', ''],
    ['5', '5'],
    ['true', 'true'],
    ['"a\\nb\\u4e2d"', 'a\nb中'],
    ['"不行"', '不行'],
    ['[1,2]', '[1,2]'],
  ])('remark %s', (text, remark) => {
    expect(read(`{"remark":${text},"code":5}`).remark).toBe(remark)
  })
})

// Whatever takes more than one form in JSON or in UTF-8.
const units = ['a', '0', ' ', '"', "'", '\\', '/', '\0', '\u0001', '\n', '\u001f', '\u007f']
const texts = fc
  .array(fc.constantFrom(...units, 'é', '中', '\u2028', '\uffff', '🚀'), { maxLength: 40 })
  .map((parts) => parts.join(''))

test('any text survives as remark, as key and as value', () => {
  fc.assert(
    fc.property(texts, texts, texts, (remark, key, value) => {
      const frame = readFrame(
        encodeFrame('json', { code: 1, remark }, { table: {}, ext: { [`k${key}`]: value } }),
      )
      expect(frame.remark).toBe(remark)
      expect(frame.ext.get(`k${key}`)).toBe(value)
    }),
  )
})

test('what JSON.parse reads of an object of texts is what we read', () => {
  fc.assert(
    fc.property(fc.dictionary(texts, texts), (fields) => {
      const frame = read(JSON.stringify({ extFields: fields, code: 7 }))
      expect(frame.code).toBe(7)
      expect([...frame.ext]).toEqual(
        Object.entries(JSON.parse(JSON.stringify(fields)) as Record<string, string>),
      )
    }),
  )
})

test('random bytes are refused or read, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(3), (bytes, keep) => {
      const header = Buffer.concat([Buffer.from('{"a"').subarray(0, keep + 1), bytes])
      try {
        read(header)
      } catch (error) {
        expect(error).toMatchObject({ code: 'RMQ_PROTOCOL' })
      }
    }),
  )
})
