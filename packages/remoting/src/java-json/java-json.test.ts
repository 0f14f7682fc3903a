// SPDX-License-Identifier: Apache-2.0
// Java's JSON dialect: what is read, what is refused, and how values are written.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  JavaArray,
  JavaDouble,
  JavaMap,
  parseJavaJson,
  prettyJavaJson,
  writeJavaJson,
} from './index.ts'

const refused = expect.objectContaining({ code: 'RMQ_PROTOCOL' }) as unknown as Error

describe('reading', () => {
  const accepted: [string, unknown][] = [
    ['{"a":1}', { a: 1 }],
    [' { "a" : [ 1 , 2.5 , -3e2 ] } ', { a: [1, 2.5, -300] }],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9223372036854775808', -9223372036854775808n],
    [
      '{0:"a",10:"b"}',
      new JavaMap([
        [0, 'a'],
        [10, 'b'],
      ]),
    ],
    ['{-1:1}', new JavaMap([[-1, 1]])],
    ['{9007199254740993:1}', new JavaMap([[9007199254740993n, 1]])],
    [
      '{{"q":0}:{"x":1},{"q":1}:{}}',
      new JavaMap([
        [{ q: 0 }, { x: 1 }],
        [{ q: 1 }, {}],
      ]),
    ],
    ['{"a":"\\u4e2d\\n\\"\\\\\\/\\x41\\v\\0"}', { a: '中\n"\\/A\v\0' }],
    ["{'a':'b\"'}", { a: 'b"' }],
    ['{"a":"raw\nline"}', { a: 'raw\nline' }],
    ['{"a":[1,],}', { a: [1] }],
    ['{"a":null,"b":true,"c":false}', { a: null, b: true, c: false }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['[]', []],
    ['{}', {}],
  ]
  test.each(accepted)('%s', (text, value) => {
    expect(parseJavaJson(text)).toEqual(value)
    expect(parseJavaJson(Buffer.from(text))).toEqual(value)
  })

  const rejected = [
    '',
    ' ',
    '{',
    '}',
    '[',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{a:1}',
    '{,}',
    '[,]',
    '{"a":1}x',
    '1 2',
    'nul',
    'NaN',
    'Infinity',
    'undefined',
    '"a',
    '"\\',
    '"\\u12',
    '"\\u12"',
    '"\\q"',
    '-',
    '+',
    '{"a":1 "b":2}',
    '9223372036854775808',
    '-9223372036854775809',
    '123456789012345678901234567890',
    '/* */1',
    "'",
  ]
  test.each(rejected)('refuses %j', (text) => {
    expect(() => parseJavaJson(text)).toThrow(refused)
  })

  test('refuses nesting and length beyond the limits', () => {
    expect(() => parseJavaJson('['.repeat(1e6))).toThrow(/nesting/)
    expect(parseJavaJson('[[[]]]', { maxDepth: 3 })).toEqual([[[]]])
    expect(() => parseJavaJson('[[[]]]', { maxDepth: 2 })).toThrow(/nesting is deeper than 2/)
    expect(() => parseJavaJson('[1,2]', { maxLength: 4 })).toThrow(/longer than 4/)
  })

  test('a name like __proto__ is a name like others', () => {
    const value = parseJavaJson('{"__proto__":{"x":1}}') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('takes time in proportion to the text, with and without escapes', () => {
    const items = Array.from({ length: 300_000 }, (_, index) => `"k${index}":"v"`)
    expect(Object.keys(parseJavaJson(`{${items.join(',')}}`) as object)).toHaveLength(300_000)
  }, 15_000)
})

describe('writing', () => {
  const cases: [unknown, string][] = [
    [{ b: 1, a: null, c: undefined, d: [null] }, '{"b":1,"d":[null]}'],
    [
      new Map<unknown, unknown>([
        [0, 'a'],
        [9007199254740993n, 'b'],
        ['c', 1],
        ['n', null],
      ]),
      '{0:"a",9007199254740993:"b","c":1}',
    ],
    [new JavaMap([[{ q: 0 }, 1]]), '{{"q":0}:1}'],
    [[3.0, -0, 1.5, 1e21], '[3,0,1.5,1000000000000000000000]'],
    ['\u0000\u001f\u007f"\\/é\u2028🚀\ud83d', '"\\u0000\\u001f\u007f\\"\\\\/é\u2028🚀?"'],
    [new JavaArray([1, 2n]), '[1,2]'],
  ]
  test.each(cases)('%#', (value, text) => {
    expect(writeJavaJson(value)).toBe(text)
  })

  /** Recorded from Java's Double.toString. */
  const doubles: [number, string][] = [
    [3, '3.0'],
    [1e10, '1.0E10'],
    [1.5e-7, '1.5E-7'],
    [123456789.125, '1.23456789125E8'],
    [1e7, '1.0E7'],
    [1e-3, '0.001'],
    [9999999, '9999999.0'],
    [0.1, '0.1'],
    [Number.MAX_VALUE, '1.7976931348623157E308'],
    [1e-5, '1.0E-5'],
    [-0, '-0.0'],
    [0, '0.0'],
    [1.2345678901234567e19, '1.2345678901234567E19'],
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
    [-2.5, '-2.5'],
  ]
  test.each(doubles)('the double %d', (value, text) => {
    expect(writeJavaJson(new JavaDouble(value))).toBe(text)
  })

  test('the standard form has text keys in order', () => {
    const map = new Map([
      [10, 'b'],
      [0, 'a'],
      [9, 'c'],
    ])
    expect(writeJavaJson({ z: map, a: 1 }, 'standard')).toBe(
      '{"z":{"0":"a","10":"b","9":"c"},"a":1}',
    )
  })

  /** Recorded from Java's RemotingSerializable.toJson(…, true). */
  test('the pretty form opens empty lists of records, not empty objects nor lists in lists', () => {
    const value = {
      l: [],
      m: new Map<unknown, unknown>([
        [2, [1, []]],
        ['s', {}],
        [{ q: 0 }, [{ k: 1 }]],
      ]),
      n: new JavaArray([1, 2]),
    }
    expect(prettyJavaJson(value)).toBe(
      '{\n\t"l":[\n\t\t\n\t],\n\t"m":{\n\t\t2:[\n\t\t\t1,\n\t\t\t[]\n\t\t],\n\t\t"s":{},\n\t\t{\n\t\t\t"q":0\n\t\t}:[\n\t\t\t{\n\t\t\t\t"k":1\n\t\t\t}\n\t\t]\n\t},\n\t"n":[1,2]\n}',
    )
  })

  const nastyText = fc
    .array(
      fc.constantFrom(
        'a',
        '"',
        '\\',
        '/',
        '\n',
        '\u0000',
        '\u007f',
        '中',
        '🚀',
        '\u2028',
        '{',
        ':',
      ),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(''))

  test('what is written is read again, in every form', () => {
    const key = fc.oneof(
      nastyText,
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    )
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        nastyText,
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
        fc.array(tie('any'), { maxLength: 5 }),
        fc.array(fc.tuple(key, tie('any')), { maxLength: 5 }).map((entries) => new Map(entries)),
      ),
    })).any
    fc.assert(
      fc.property(value, (one) => {
        const compact = writeJavaJson(one)
        expect(writeJavaJson(asMaps(parseJavaJson(compact)))).toBe(compact)
        expect(writeJavaJson(asMaps(parseJavaJson(prettyJavaJson(one))))).toBe(compact)
      }),
      { seed: 4, numRuns: 100 },
    )
  })
})

/** Records become maps, so that text keys that look like numbers keep their place. */
function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps)
  if (value instanceof JavaMap) {
    return new JavaMap(value.entries.map(([key, one]) => [key, asMaps(one)]))
  }
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, one]) => [key, asMaps(one)]))
}
