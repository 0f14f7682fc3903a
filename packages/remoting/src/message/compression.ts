// SPDX-License-Identifier: Apache-2.0
// Compresses and restores message bodies: ZLIB, ZSTD and LZ4 frames.
import {
  constants,
  deflateSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import { decodeLz4Frames, encodeLz4Frame } from './lz4-frame.ts'
import { MessageFormatError } from './message-format-error.ts'
import { SysFlag } from './sys-flag.ts'
import { zstdFrames } from './zstd-frames.ts'

export type CompressionType = 'ZLIB' | 'ZSTD' | 'LZ4'

/** Java's default level. */
const DEFAULT_LEVEL = 5
/** A body that would grow beyond this is refused: no message of that size can have been stored. */
const MAX_BODY_BYTES = 128 * 1024 * 1024

/** The sysFlag bits that say a body is compressed and how. */
export function compressionFlag(type: CompressionType): number {
  return SysFlag.COMPRESSED | TYPE_BITS[type]
}

const TYPE_BITS: Readonly<Record<CompressionType, number>> = {
  LZ4: SysFlag.COMPRESSION_LZ4,
  ZSTD: SysFlag.COMPRESSION_ZSTD,
  ZLIB: SysFlag.COMPRESSION_ZLIB,
}

/** How the body of a record with this flag is compressed; no type bits mean ZLIB, as old clients write. */
export function compressionTypeOf(sysFlag: number): CompressionType {
  const bits = sysFlag & SysFlag.COMPRESSION_MASK
  if (bits === SysFlag.COMPRESSION_ZLIB || bits === 0) return 'ZLIB'
  if (bits === SysFlag.COMPRESSION_ZSTD) return 'ZSTD'
  if (bits === SysFlag.COMPRESSION_LZ4) return 'LZ4'
  throw new MessageFormatError(`the system flag ${sysFlag} names no known compression`)
}

/** Compresses a body. The level is that of zlib (0–9) or Zstandard (1–22); LZ4 has none, as in Java. */
export function compress(
  body: Uint8Array,
  type: CompressionType = 'ZLIB',
  level: number = DEFAULT_LEVEL,
): Uint8Array {
  switch (type) {
    case 'ZLIB':
      return deflateSync(body, { level })
    case 'ZSTD':
      return zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: level } })
    case 'LZ4':
      return encodeLz4Frame(body)
  }
}

/** @throws {MessageFormatError} when the bytes do not restore or grow beyond bounds. */
export function decompress(body: Uint8Array, type: CompressionType): Uint8Array {
  try {
    switch (type) {
      case 'ZLIB':
        return inflateSync(body, { maxOutputLength: MAX_BODY_BYTES })
      case 'ZSTD':
        return restoreZstd(body)
      case 'LZ4':
        return decodeLz4Frames(body, MAX_BODY_BYTES)
    }
  } catch (cause) {
    throw new MessageFormatError(`a body of ${body.length} bytes is not ${type}`, cause)
  }
}

/** Frame by frame: Node 22 and 24 stop after the first of several frames, and take a cut one for whole. */
function restoreZstd(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let room = MAX_BODY_BYTES
  for (const frame of zstdFrames(body)) {
    const part = zstdDecompressSync(frame, { maxOutputLength: Math.max(1, room) })
    parts.push(part)
    room -= part.length
    if (room < 0) throw new RangeError(`more than ${MAX_BODY_BYTES} bytes`)
  }
  const only = parts[0]
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}
