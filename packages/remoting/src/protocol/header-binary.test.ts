// SPDX-License-Identifier: Apache-2.0
// Binary headers whose lengths lie, each put to a Java server first.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, readFrame, type ReadFrame } from '../testing/frames.ts'

function read(hex: string): ReadFrame {
  return readFrame(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

const head = '000f 00 0201 00000007 00000000'

describe('read as Java reads them', () => {
  test('neither remark nor ext fields', () => {
    const frame = read(`00000019 01000015 ${head} 00000000 00000000`)
    expect(frame).toMatchObject({ code: 15, language: 0, version: 513, opaque: 7, flag: 0 })
    expect(frame.remark).toBeUndefined()
    expect(frame.ext.size).toBe(0)
    expect(frame.body).toHaveLength(0)
  })

  test('a body after the header', () => {
    expect([...read(`0000001b 01000015 ${head} 00000000 00000000 6162`).body]).toEqual([0x61, 0x62])
  })

  test('bytes after the ext fields are ignored', () => {
    expect(read(`0000001b 01000017 ${head} 00000000 00000000 0000`).code).toBe(15)
  })

  test('a negative length of the ext fields is none', () => {
    expect(read(`00000019 01000015 ${head} 00000000 ffffffff`).ext.size).toBe(0)
  })

  test('a negative code and an unknown language', () => {
    const frame = read(`00000019 01000015 ffff 63 0201 00000007 00000000 00000000 00000000`)
    expect(frame).toMatchObject({ code: -1, language: 0x63 })
  })

  test('the last of two fields', () => {
    const ext = '00000010 0001 61 00000001 31 0001 61 00000001 32'
    expect(read(`00000029 01000025 ${head} 00000000 ${ext}`).ext.get('a')).toBe('2')
  })

  test('a key without bytes is skipped over', () => {
    const ext = '0000000f 0000 00000001 61 0001 61 00000001 32'
    expect(read(`00000028 01000024 ${head} 00000000 ${ext}`).ext.get('a')).toBe('2')
  })

  test('a code above 32,767 wraps', () => {
    expect(readFrame(encodeFrame('rocketmq', { code: 200_050 }, { table: {} })).code).toBe(3442)
  })
})

describe('refused', () => {
  test.each([
    ['no header word', '00000003 010000'],
    ['a header longer than the frame', `00000019 01000016 ${head} 00000000 00000000`],
    ['a header of 4 bytes', '00000008 01000004 000f0002'],
    ['an unknown encoding', '00000006 02000002 7b7d'],
    ['a remark longer than the header', `00000019 01000015 ${head} 00000100 00000000`],
    [
      'a remark that takes the place of the next length',
      `00000019 01000015 ${head} 00000001 00000000`,
    ],
    ['a remark of negative length', `00000019 01000015 ${head} ffffffff 00000000`],
    ['ext fields longer than the header', `00000019 01000015 ${head} 00000000 00000100`],
    ['a cut key length', `0000001a 01000016 ${head} 00000000 00000001 00`],
    ['a cut key', `0000001c 01000018 ${head} 00000000 00000003 0005 61`],
    ['a key of negative length', `00000020 0100001c ${head} 00000000 00000007 ffff 00000001 61`],
    ['a cut value', `00000020 0100001c ${head} 00000000 00000007 0001 61 00000005`],
    [
      'a value that reaches into the body',
      `00000025 0100001c ${head} 00000000 00000007 0001 61 00000005 6162636465`,
    ],
    ['a value of negative length', `00000020 0100001c ${head} 00000000 00000007 0001 61 ffffffff`],
  ])('%s', (_, hex) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'RMQ_PROTOCOL' }))
  })
})

test('any fields survive', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 60 })
  fc.assert(
    fc.property(texts, fc.dictionary(texts, texts), (remark, fields) => {
      const frame = readFrame(
        encodeFrame('rocketmq', { code: 1, remark }, { table: {}, ext: fields }),
      )
      expect(frame.remark).toBe(remark === '' ? undefined : remark)
      // A value without bytes is null.
      const kept = Object.entries(fields).filter(([, value]) => value !== '')
      expect([...frame.ext]).toEqual(kept)
    }),
  )
})

test('random bytes are refused or read, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 21, maxLength: 60 }), fc.nat(20), (bytes, small) => {
      const length = Buffer.alloc(8)
      length.writeInt32BE(4 + bytes.length)
      length.writeInt32BE(0x0100_0000 | bytes.length, 4)
      bytes.set([0, 0, 0, small], 13)
      try {
        readFrame(Buffer.concat([length, bytes]))
      } catch (error) {
        expect(error).toMatchObject({ code: 'RMQ_PROTOCOL' })
      }
    }),
  )
})
