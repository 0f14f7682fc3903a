// SPDX-License-Identifier: Apache-2.0
// Frames out of a stream, however it is cut, and what ends the stream.
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { fragment } from '../testing/fragment.ts'
import { FrameDecoder, MAX_FRAME_BYTES } from './frame.ts'

function framed(...bodies: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      return [length, body]
    }),
  )
}

function decoded(pieces: readonly Uint8Array[], maxFrameBytes?: number): string[] {
  const frames: string[] = []
  const decoder = new FrameDecoder(
    {
      frame(bytes, start, end) {
        frames.push(bytes.toString('hex', start, end))
        return true
      },
    },
    maxFrameBytes,
  )
  for (const piece of pieces) decoder.push(piece)
  return frames
}

const bodies = [
  Buffer.from('a'),
  Buffer.alloc(0),
  Buffer.from('0123456789abcdef'),
  Buffer.alloc(3, 7),
]
const stream = framed(...bodies)
const expected = bodies.map((body) => body.toString('hex'))

test('every pair of cuts gives the same frames', () => {
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      expect(decoded(fragment(stream, first, second))).toEqual(expected)
    }
  }
})

test('byte by byte gives the same frames', () => {
  expect(decoded([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
})

test('any frames under any fragmentation come out as they went in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
      fc.array(fc.nat(2000), { maxLength: 10 }),
      (parts, cuts) => {
        const bytes = framed(...parts)
        const positions = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)
        const hex = parts.map((part) => Buffer.from(part).toString('hex'))
        expect(decoded(fragment(bytes, ...positions))).toEqual(hex)
      },
    ),
  )
})

test('frames that lie whole in a chunk are handed over in place', () => {
  const chunk = Buffer.from(stream)
  const seen: Buffer[] = []
  const decoder = new FrameDecoder({
    frame(bytes) {
      seen.push(bytes)
      return true
    },
  })
  decoder.push(chunk)
  expect(seen).toHaveLength(4)
  for (const bytes of seen) expect(bytes).toBe(chunk)
})

test('a chunk that is no Buffer is read in place too', () => {
  const memory = new Uint8Array(stream.length + 10)
  memory.set(stream, 10)
  expect(decoded([memory.subarray(10)])).toEqual(expected)
})

test('the largest frame passes, in pieces', () => {
  const body = Buffer.alloc(MAX_FRAME_BYTES - 4, 1)
  const bytes = framed(body)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 65_536) pieces.push(bytes.subarray(at, at + 65_536))
  let length = 0
  const decoder = new FrameDecoder({
    frame(_, start, end) {
      length = end - start
      return true
    },
  })
  for (const piece of pieces) decoder.push(piece)
  expect(length).toBe(body.length)
})

test('a length reserves no more memory than twice what has arrived', () => {
  const stream = Buffer.alloc(100_000)
  stream.writeInt32BE(MAX_FRAME_BYTES - 4)
  const decoder = new FrameDecoder({ frame: () => true })
  const allocate = vi.spyOn(Buffer, 'allocUnsafe')
  let arrived = 0
  for (const piece of fragment(stream, 3, 4, 500, 1000, 40_000)) {
    decoder.push(piece)
    arrived += piece.length
    expect(decoder.pendingBytes).toBe(arrived)
    const largest = Math.max(...allocate.mock.calls.map(([bytes]) => bytes))
    expect(largest).toBeLessThanOrEqual(2 * arrived)
  }
  allocate.mockRestore()
})

describe.each([
  ['one above the limit', MAX_FRAME_BYTES - 3],
  ['2 GiB', 0x7fff_ffff],
  ['negative', -1],
  ['most negative', -0x8000_0000],
])('a length that is %s', (_, length) => {
  const bytes = Buffer.alloc(16)
  bytes.writeInt32BE(length)

  test.each([0, 1, 3, 4, 16])('is refused when cut at %i', (cut) => {
    expect(() => decoded(fragment(bytes, cut))).toThrow(
      expect.objectContaining({ code: 'RMQ_PROTOCOL' }),
    )
  })
})

test('the limit can be lower', () => {
  expect(decoded([framed(Buffer.alloc(96))], 100)).toHaveLength(1)
  expect(() => decoded([framed(Buffer.alloc(97))], 100)).toThrow('101 bytes, the limit is 100')
})

test('after a refused length, and after the sink has had enough, nothing more is handed over', () => {
  let frames = 0
  const decoder = new FrameDecoder({ frame: () => ++frames < 2 })
  decoder.push(stream)
  decoder.push(stream)
  expect(frames).toBe(2)
  const broken = new FrameDecoder({ frame: () => ++frames > 0 })
  expect(() => broken.push(Buffer.alloc(4, 0xff))).toThrow('cannot read a frame')
  broken.push(stream)
  expect(frames).toBe(2)
})
