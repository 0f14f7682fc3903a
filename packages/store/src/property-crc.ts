// SPDX-License-Identifier: Apache-2.0
// The checksum over a whole record that Java appends as its last property.
//
//  ├ __CRC32# ──┼ 01 ┼ ten digits, the lowest first ┼ 02 ┤   20 bytes; the checksum covers everything in the record before them
import { bodyCrc, findProperty, type RecordLocation } from '@rocketmq-ts/remoting/message'

/** Bytes of the property. (Java: CommitLog.CRC32_RESERVED_LEN) */
export const PROPERTY_CRC_BYTES = 20

const NAME = '__CRC32#'
const NAME_BYTES: Uint8Array = Buffer.from(`${NAME}\u0001`, 'latin1')
const DIGITS = 10
const ZERO = 0x30
const PROPERTY_END = 2

/** Writes the property at the end of the record that lies in `bytes` from `at` up to `end`. @see MessageDecoder.createCrc32 */
export function writePropertyCrc(bytes: Uint8Array, at: number, end: number): void {
  const start = end - PROPERTY_CRC_BYTES
  let crc = bodyCrc(bytes, at, start)
  bytes.set(NAME_BYTES, start)
  const digitsAt = start + NAME_BYTES.length
  for (let i = 0; i < DIGITS; i++) {
    bytes[digitsAt + i] = ZERO + (crc % 10)
    crc = Math.floor(crc / 10)
  }
  bytes[end - 1] = PROPERTY_END
}

/** False when the record ends with a checksum that is not its own. A record without one is not judged. */
export function matchesPropertyCrc(
  bytes: Uint8Array,
  at: number,
  location: RecordLocation,
): boolean {
  const { propertiesStart, propertiesEnd } = location
  const start = propertiesEnd - PROPERTY_CRC_BYTES
  if (start < propertiesStart || !beginsWithName(bytes, start)) return true
  let crc = 0
  for (let i = NAME_BYTES.length + DIGITS - 1; i >= NAME_BYTES.length; i--) {
    crc = crc * 10 + ((bytes[start + i] ?? 0) - ZERO)
  }
  return crc === bodyCrc(bytes, at, start)
}

/** `properties` without a checksum that came with the message: it would be read instead of ours. The same object when there is none. */
export function withoutPropertyCrc(properties: Uint8Array): Uint8Array {
  let rest = properties
  for (;;) {
    const value = findProperty(rest, NAME_BYTES.subarray(0, NAME.length))
    if (value < 0) return rest
    const start = value - NAME_BYTES.length
    const found = rest.indexOf(PROPERTY_END, value)
    const end = found < 0 ? rest.length : found + 1
    const without = new Uint8Array(rest.length - (end - start))
    without.set(rest.subarray(0, start))
    without.set(rest.subarray(end), start)
    rest = without
  }
}

/** Room for properties with their checksum, used by one record after another. */
export class PropertyCrcRoom {
  readonly #bytes = new Uint8Array(64 * 1024)

  /**
   * `properties` and room for the checksum behind them; `separated` puts a separator between where one is missing.
   * Valid until the next call; `properties` must fit.
   */
  append(properties: Uint8Array, separated: boolean): Uint8Array {
    const bytes = this.#bytes
    bytes.set(properties)
    let end = properties.length
    if (separated && end > 0 && bytes[end - 1] !== PROPERTY_END) bytes[end++] = PROPERTY_END
    bytes.fill(PROPERTY_END, end, end + PROPERTY_CRC_BYTES)
    return bytes.subarray(0, end + PROPERTY_CRC_BYTES)
  }
}

function beginsWithName(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < NAME_BYTES.length; i++) if (bytes[at + i] !== NAME_BYTES[i]) return false
  return true
}
