// SPDX-License-Identifier: Apache-2.0
// A record passes only when all of it is there; each way of being torn is told.
import {
  BLANK_MAGIC,
  bodyCrc,
  messageVersionOf,
  putInt32,
  RecordLocation,
  storedRecordBytes,
  writeStoredRecord,
} from '@rocketmq-ts/remoting/message'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRecord, type Found, isTellableFromTorn } from './record-check.ts'

const OFFSET = 3 * 4096 + 100
const ROOM = 100_000

function record(body: Uint8Array, topic: Uint8Array, properties: Uint8Array): Buffer {
  const version = messageVersionOf(topic.length)
  const size = storedRecordBytes(body.length, topic.length, properties.length, 0, version)
  const bytes = Buffer.alloc(size)
  writeStoredRecord(bytes, 0, {
    version,
    bodyCrc: bodyCrc(body, 0, body.length),
    queueId: 1,
    flag: 2,
    queueOffset: 3,
    physicalOffset: OFFSET,
    sysFlag: 0,
    bornTimestampMs: 1,
    bornHost: Buffer.alloc(8, 1),
    storeTimestampMs: 2,
    storeHost: Buffer.alloc(8, 1),
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    body,
    topic,
    properties,
  })
  return bytes
}

function check(bytes: Uint8Array, offset: number = OFFSET, roomBytes: number = ROOM): Found {
  const place = { bytes, at: 0, limit: bytes.length, offset, roomBytes }
  return checkRecord(place, new RecordLocation())
}

const usual = (): Buffer =>
  record(Buffer.from('some body'), Buffer.from('Topic'), Buffer.from('TAGS\u0001A\u0002'))

describe('checkRecord', () => {
  it('takes whole records, with and without body and properties, in both layouts', () => {
    expect(check(usual())).toBe('record')
    expect(check(record(Buffer.alloc(0), Buffer.from('T'), Buffer.alloc(0)))).toBe('record')
    expect(check(record(Buffer.alloc(5), Buffer.alloc(300, 't'), Buffer.from('a\u0001b')))).toBe(
      'record',
    )
  })

  const damages: readonly (readonly [string, (bytes: Buffer) => void, Found])[] = [
    ['zero size', (bytes) => bytes.writeInt32BE(0, 0), 'nothing'],
    ['a size below the least', (bytes) => bytes.writeInt32BE(90, 0), 'damaged'],
    ['a negative size', (bytes) => bytes.writeInt32BE(-1, 0), 'damaged'],
    ['a size beyond the segment', (bytes) => bytes.writeInt32BE(ROOM + 1, 0), 'damaged'],
    ['another magic', (bytes) => bytes.writeInt32BE(1, 4), 'damaged'],
    ['another checksum', (bytes) => bytes.writeInt32BE(7, 8), 'damaged'],
    ['the offset of another place', (bytes) => bytes.writeInt32BE(7, 32), 'damaged'],
    ['a body byte flipped', (bytes) => bytes.writeUInt8(bytes.readUInt8(90) ^ 1, 90), 'damaged'],
    ['a negative body length', (bytes) => bytes.writeInt32BE(-5, 84), 'damaged'],
    ['a body length beyond the record', (bytes) => bytes.writeInt32BE(5000, 84), 'damaged'],
    ['no topic', (bytes) => bytes.writeUInt8(0, 97), 'damaged'],
    ['the last byte not written', (bytes) => bytes.writeUInt8(0, bytes.length - 1), 'damaged'],
    ['the end of the topic not written', (bytes) => bytes.fill(0, 102, 103), 'damaged'],
  ]

  it.each(damages)('does not take a record with %s', (_name, damage, expected) => {
    const bytes = usual()
    damage(bytes)
    expect(check(bytes)).toBe(expected)
  })

  it('asks for more when not all of a record is there, at every length', () => {
    const bytes = usual()
    for (let length = 0; length < bytes.length; length++) {
      expect(check(bytes.subarray(0, length))).toBe('incomplete')
    }
  })

  it('takes a blank only when it fills its segment', () => {
    const bytes = new Uint8Array(8)
    putInt32(bytes, 0, 500)
    putInt32(bytes, 4, BLANK_MAGIC)
    expect(check(bytes, OFFSET, 500)).toBe('blank')
    expect(check(bytes, OFFSET, 501)).toBe('damaged')
  })

  it('sees the end of a segment with no room for a blank', () => {
    expect(check(new Uint8Array(0), OFFSET, 7)).toBe('nothing')
  })

  it('does not take a record of which any sector was lost or any end was not written', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 2000 })
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1500 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }),
        text,
        fc.nat(),
        (body, topic, properties, at) => {
          const whole = record(body, Buffer.from(topic), Buffer.from(properties))
          const cut = Buffer.from(whole)
          cut.fill(0, at % whole.length)
          if (Buffer.compare(cut, whole) !== 0) expect(check(cut)).not.toBe('record')
          const first = 512 - (OFFSET % 512)
          for (let start = first - 512; start < whole.length; start += 512) {
            const lost = Buffer.from(whole)
            lost.fill(0, Math.max(0, start), Math.min(start + 512, whole.length))
            if (Buffer.compare(lost, whole) !== 0) expect(check(lost)).not.toBe('record')
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('isTellableFromTorn', () => {
  it('refuses exactly the texts that look as if a part of them had not been written', () => {
    expect(isTellableFromTorn(new Uint8Array(0))).toBe(true)
    expect(isTellableFromTorn(Buffer.from('a\u0001b\u0002'))).toBe(true)
    expect(isTellableFromTorn(Buffer.from('a\u0001\0b\u0002'))).toBe(true)
    expect(isTellableFromTorn(Buffer.from('a\u0001b\0'))).toBe(false)
    const long = Buffer.alloc(512, 'x')
    expect(isTellableFromTorn(long)).toBe(true)
    long[100] = 0
    expect(isTellableFromTorn(long)).toBe(false)
  })
})
