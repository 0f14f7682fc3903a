// SPDX-License-Identifier: Apache-2.0
// Frames are found to the byte whatever they hold, and a stream that is cut anywhere is refused.
import { constants, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decompress } from './compression.ts'
import { zstdFrames } from './zstd-frames.ts'

const contents = [
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.alloc(300_000, 'run length'),
  Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31) >> 5)),
]
const options = [
  {},
  { params: { [constants.ZSTD_c_checksumFlag]: 1 } },
  { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } },
]
const frames = contents.flatMap((content) =>
  options.map((option) => ({ content, frame: zstdCompressSync(content, option) })),
)

test('a frame ends where it ends', () => {
  for (const { frame } of frames) expect(zstdFrames(frame)).toEqual([frame])
})

test('joined frames, also with one to skip between them, restore to all of their contents', () => {
  const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  const stream = Buffer.concat(frames.flatMap(({ frame }) => [frame, skipped]))
  expect(Buffer.from(decompress(stream, 'ZSTD'))).toEqual(
    Buffer.concat(frames.map(({ content }) => content)),
  )
})

test('a stream that is cut or goes on with something else is refused', () => {
  for (const { frame } of frames) {
    const step = Math.max(1, Math.floor(frame.length / 50))
    for (let cut = 0; cut < frame.length; cut += step) {
      expect(() => decompress(frame.subarray(0, cut), 'ZSTD')).toThrow(/ZSTD/)
    }
    expect(() => decompress(Buffer.concat([frame, Buffer.from('tail')]), 'ZSTD')).toThrow(/ZSTD/)
  }
})
