// SPDX-License-Identifier: Apache-2.0
// Reads the word in front of a header and scans the header in the encoding it names.
//
//   0            4          4+H         N
//   +------+-----+----------+-----------+
//   | type | H   | header   | body      |   type: uint8, H: uint24, big endian
//   +------+-----+----------+-----------+
import { RocketMQError } from '../errors.ts'
import { int32At } from './big-endian.ts'
import type { CommandScan } from './command-scan.ts'
import { scanBinaryHeader } from './header-binary.ts'
import { scanJsonHeader } from './header-json.ts'
import { SERIALIZE_BINARY, SERIALIZE_JSON } from './serialize-type.ts'

/** Bytes of the word in front of a header: its encoding and its length. */
export const HEADER_WORD_BYTES = 4

/**
 * Scans the frame at `bytes[start … end)`, given without its length.
 * @throws {RMQ_PROTOCOL} when it is not a command; Java closes the connection then, and so should the caller.
 */
export function scanCommand(scan: CommandScan, bytes: Buffer, start: number, end: number): void {
  if (end - start < HEADER_WORD_BYTES) {
    throw new RocketMQError(
      'RMQ_PROTOCOL',
      `cannot read a frame of ${end - start} bytes: no header word`,
    )
  }
  const word = int32At(bytes, start)
  const headerStart = start + HEADER_WORD_BYTES
  const headerEnd = headerStart + (word & 0xff_ffff)
  if (headerEnd > end) {
    throw new RocketMQError(
      'RMQ_PROTOCOL',
      `cannot read a header of ${word & 0xff_ffff} bytes in a frame of ${end - start}`,
    )
  }
  scan.reset()
  scan.bytes = bytes
  scan.serializeType = word >>> 24
  scan.frameStart = start
  scan.headerEnd = headerEnd
  scan.bodyEnd = end
  if (scan.serializeType === SERIALIZE_JSON) scanJsonHeader(scan, bytes, headerStart, headerEnd)
  else if (scan.serializeType === SERIALIZE_BINARY) {
    scanBinaryHeader(scan, bytes, headerStart, headerEnd)
  } else {
    throw new RocketMQError(
      'RMQ_PROTOCOL',
      `cannot read a header of serialize type ${scan.serializeType}`,
    )
  }
}
