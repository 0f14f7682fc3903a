// SPDX-License-Identifier: Apache-2.0
// The ROCKETMQ binary header: reading it in place.
//
//   0      2          3         5        9      13           17       17+R          21+R
//   +------+----------+---------+--------+------+------------+--------+-------------+-------------------+
//   | code | language | version | opaque | flag | R: remark  | remark | E: ext      | ext fields        |
//   | int16| int8     | int16   | int32  | int32| int32      | R bytes| int32       | E bytes           |
//   +------+----------+---------+--------+------+------------+--------+-------------+-------------------+
//   ext field: key length int16, key, value length int32, value. A length of zero reads as null.
import { RocketMQError } from '../errors.ts'
import { int16At, int32At } from './big-endian.ts'
import { VALUE_NULL, type CommandScan } from './command-scan.ts'

/** Bytes of a header with neither remark nor ext fields. */
export const BINARY_HEADER_BYTES = 21

function refused(what: string): RocketMQError {
  return new RocketMQError('RMQ_PROTOCOL', `cannot read a binary header: ${what}`)
}

/**
 * Scans `bytes[start … end)` into `scan`.
 * @throws {RMQ_PROTOCOL} when a length points outside the header.
 */
export function scanBinaryHeader(
  scan: CommandScan,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  if (end - start < BINARY_HEADER_BYTES) throw refused(`it has ${end - start} bytes`)
  scan.code = int16At(bytes, start)
  scan.language = bytes[start + 2] as number
  scan.version = int16At(bytes, start + 3)
  scan.opaque = int32At(bytes, start + 5)
  scan.flag = int32At(bytes, start + 9)
  const remarkBytes = int32At(bytes, start + 13)
  const extAt = start + 17 + remarkBytes
  if (remarkBytes < 0 || extAt + 4 > end) throw refused(`its remark has ${remarkBytes} bytes`)
  if (remarkBytes > 0) {
    scan.remarkStart = start + 17
    scan.remarkEnd = extAt
    scan.remarkEscaped = false
  }
  const extBytes = int32At(bytes, extAt)
  // Java takes a negative length as no ext fields.
  if (extBytes <= 0) return
  const extEnd = extAt + 4 + extBytes
  if (extEnd > end) throw refused(`its ext fields have ${extBytes} bytes`)
  let at = extAt + 4
  while (at < extEnd) {
    // Java bounds the fields by the header, so the last one may reach beyond the length given for all.
    if (at + 2 > end) throw refused('an ext field is cut')
    const keyStart = at + 2
    const keyEnd = keyStart + int16At(bytes, at)
    if (keyEnd < keyStart || keyEnd + 4 > end) throw refused('the key of an ext field is cut')
    const valueStart = keyEnd + 4
    const valueEnd = valueStart + int32At(bytes, keyEnd)
    if (valueEnd < valueStart || valueEnd > end) throw refused('the value of an ext field is cut')
    scan.addEntry(keyStart, keyEnd, valueStart, valueEnd, valueEnd === valueStart ? VALUE_NULL : 0)
    at = valueEnd
  }
}
