// SPDX-License-Identifier: Apache-2.0
// Frames of one turn in lent segments: whole, in order, and every segment given back.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFrame } from '../testing/frames.ts'
import { compiledTable } from './compiled-table.ts'
import { encodeHeader } from './encode-command.ts'
import { FrameDecoder } from './frame.ts'
import { BODY_BY_REFERENCE_BYTES, FrameWriter, type Outgoing } from './frame-writer.ts'
import { SEGMENT_BYTES, SegmentPool } from './segment-pool.ts'
import { optional, string, type FieldTable } from './schema.ts'

const fields: FieldTable<{ text: string | undefined }> = { text: optional(string('text')) }
const table = compiledTable(fields)

function write(
  writer: FrameWriter,
  opaque: number,
  text: string,
  body: readonly Uint8Array[],
  written?: () => void,
): void {
  const type = opaque % 2
  const head = { code: 1, language: 0, version: 513, opaque, flag: 0, remark: undefined }
  writer.beginFrame()
  encodeHeader(writer, type, head, table, { text }, undefined)
  writer.endFrame(type, body, written)
}

function contents(outgoings: readonly Outgoing[]): [number, string, string][] {
  const got: [number, string, string][] = []
  const decoder = new FrameDecoder({
    frame(bytes, start, end) {
      const frame = readFrame(bytes.subarray(start - 4, end))
      got.push([
        frame.opaque,
        frame.ext.get('text') ?? '',
        Buffer.from(frame.body).toString('latin1'),
      ])
      return true
    },
  })
  for (const { chunks } of outgoings) for (const chunk of chunks) decoder.push(chunk)
  expect(decoder.pendingBytes).toBe(0)
  return got
}

const sizes = fc.oneof(fc.nat(200), fc.nat(5000), fc.constantFrom(4095, 4096, 32_000, 40_000))

test('any frames, some given up halfway, come out whole and in order', () => {
  const frames = fc.array(
    fc.record({
      textLength: sizes,
      unit: fc.constantFrom('x', '中', '"'),
      parts: fc.array(sizes, { maxLength: 3 }),
      isAbandoned: fc.boolean(),
      endsTurn: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  fc.assert(
    fc.property(frames, (plan) => {
      const pool = new SegmentPool()
      const writer = new FrameWriter(pool)
      const expected: [number, string, string][] = []
      const outgoings: Outgoing[] = []
      let writtenCount = 0
      plan.forEach(({ textLength, unit, parts, isAbandoned, endsTurn }, opaque) => {
        const text = unit.repeat(textLength)
        const body = parts.map((length, index) => Buffer.alloc(length, 0x61 + index))
        if (isAbandoned) {
          writer.beginFrame()
          const head = { code: 1, language: 0, version: 1, opaque, flag: 0, remark: text }
          encodeHeader(writer, opaque % 2, head, table, { text }, undefined)
          writer.abandonFrame()
        } else {
          write(writer, opaque, text, body, () => void writtenCount++)
          expected.push([opaque, text, Buffer.concat(body).toString('latin1')])
        }
        if (endsTurn) outgoings.push(writer.take())
      })
      outgoings.push(writer.take())
      expect(contents(outgoings)).toEqual(expected)
      const bytes = outgoings.map(({ chunks }) =>
        chunks.reduce((sum, { length }) => sum + length, 0),
      )
      expect(outgoings.map(({ byteLength }) => byteLength)).toEqual(bytes)
      expect(writtenCount).toBe(0)
      for (const outgoing of outgoings) writer.release(outgoing)
      expect(writtenCount).toBe(expected.length)
      expect(pool.lent).toBe(0)
    }),
    { numRuns: 60 },
  )
})

test('bodies from 4 KiB on are handed over as they are, smaller ones are copied', () => {
  const writer = new FrameWriter(new SegmentPool())
  const large = Buffer.alloc(BODY_BY_REFERENCE_BYTES)
  const small = Buffer.alloc(BODY_BY_REFERENCE_BYTES - 1)
  write(writer, 1, 'a', [large])
  write(writer, 2, 'b', [small])
  write(writer, 3, 'c', [])
  const { chunks } = writer.take()
  expect(chunks).toHaveLength(3)
  expect(chunks[1]).toBe(large)
})

test('a segment is reused once its bytes are written, not before', () => {
  const pool = new SegmentPool()
  const first = new FrameWriter(pool)
  const second = new FrameWriter(pool)
  write(first, 1, 'a', [])
  const outgoing = first.take()
  write(second, 2, 'b', [])
  expect(second.target).not.toBe(outgoing.segments[0])
  first.release(outgoing)
  expect(pool.lent).toBe(1)
  write(first, 3, 'c', [])
  expect(first.target).toBe(outgoing.segments[0])
})

test('the pool keeps no odd sizes and no more than two mebibytes', () => {
  const pool = new SegmentPool()
  const segments = Array.from({ length: 100 }, () => pool.take(1))
  const large = pool.take(SEGMENT_BYTES + 1)
  expect(large.length).toBe(SEGMENT_BYTES + 1)
  for (const segment of [...segments, large]) pool.giveBack(segment)
  expect(pool.lent).toBe(0)
  const again = Array.from({ length: 100 }, () => pool.take(1))
  expect(again.filter((segment) => segments.includes(segment))).toHaveLength(64)
  expect(again).not.toContain(large)
})
