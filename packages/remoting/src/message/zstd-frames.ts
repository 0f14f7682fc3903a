// SPDX-License-Identifier: Apache-2.0
// Where the frames of a Zstandard stream begin and end, told from their headers without decompressing (RFC 8878).
//
//   frame    magic 28 B5 2F FD | descriptor 1 | window 0–1 | dictionary 0–4 | content size 0–8 | blocks | checksum 0–4
//   block    3 bytes, little endian: bit 0 last, bits 1–2 type, bits 3–23 size | data: 1 byte for type 1, else size
//   skipped  magic 5? 2A 4D 18 | size 4, little endian | data

const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0
const RUN_LENGTH_BLOCK = 1
const RESERVED_BLOCK = 3
const CHECKSUM_BYTES = 4

/** Bytes of the dictionary id and of the content size, by their two-bit codes. */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const

/**
 * The frames that hold data, as views.
 * @throws {RangeError} when the stream is empty, cut, or not Zstandard.
 */
export function zstdFrames(stream: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength)
  const frames: Uint8Array[] = []
  let at = 0
  do {
    const magic = bytes.readUInt32LE(at)
    const isSkippable = (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC
    if (!isSkippable && magic !== FRAME_MAGIC) throw new RangeError('not a Zstandard frame')
    const end = isSkippable ? at + 8 + bytes.readUInt32LE(at + 4) : frameEnd(bytes, at + 4)
    if (end > bytes.length) throw new RangeError('the Zstandard frame is cut')
    if (!isSkippable) frames.push(bytes.subarray(at, end))
    at = end
  } while (at < bytes.length)
  return frames
}

function frameEnd(bytes: Buffer, descriptorAt: number): number {
  const descriptor = bytes.readUInt8(descriptorAt)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const sizeCode = descriptor >> 6
  const sizeBytes =
    sizeCode === 0 && isSingleSegment ? 1 : CONTENT_SIZE_BYTES[sizeCode as 0 | 1 | 2 | 3]
  const windowBytes = isSingleSegment ? 0 : 1
  const dictionaryBytes = DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3]
  let at = descriptorAt + 1 + windowBytes + dictionaryBytes + sizeBytes
  for (let isLast = false; !isLast;) {
    const header = bytes.readUIntLE(at, 3)
    isLast = (header & 1) !== 0
    const type = (header >> 1) & 3
    if (type === RESERVED_BLOCK) throw new RangeError('a Zstandard block has an unknown type')
    at += 3 + (type === RUN_LENGTH_BLOCK ? 1 : header >> 3)
  }
  return (descriptor & 4) === 0 ? at : at + CHECKSUM_BYTES
}
