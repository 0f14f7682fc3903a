// SPDX-License-Identifier: Apache-2.0
// Decides whether the bytes at a place of the log are a whole, unaltered record.
import {
  BLANK_MAGIC,
  bodyCrc,
  bodyCrcAt,
  magicAt,
  MESSAGE_MAGIC_V1,
  MESSAGE_MAGIC_V2,
  physicalOffsetAt,
  type RecordLocation,
  recordBytesAt,
} from '@rocketmq-ts/remoting/message'
import { matchesPropertyCrc } from './property-crc.ts'
import { BLANK_BYTES, SMALLEST_RECORD_BYTES } from './record-limits.ts'

/** What lies at a place of the log. */
export type Found = 'record' | 'blank' | 'nothing' | 'damaged' | 'incomplete'

const SECTOR_BYTES = 512

/** False for properties that {@link checkRecord} could not tell from properties of which a part was never written. */
export function isTellableFromTorn(properties: Uint8Array): boolean {
  const { length } = properties
  if (length === 0) return true
  return properties[length - 1] !== 0 && (length < SECTOR_BYTES || !properties.includes(0))
}

/** A place of the log in memory. Reused by scans. */
export interface Place {
  bytes: Uint8Array
  /** Position in `bytes` where the record of log offset `offset` should start. */
  at: number
  /** Position behind the last valid byte. */
  limit: number
  offset: number
  /** Bytes from `offset` to the end of its segment. */
  roomBytes: number
  /** Records that carry a checksum over the whole of themselves must match it. (Java: forceVerifyPropCRC) */
  readonly checksWhole?: boolean
}

/** `incomplete` asks for more bytes: as many as the size field says, when that can be read. A `record` leaves its parts in `location`. */
export function checkRecord(place: Place, location: RecordLocation): Found {
  const { bytes, at, limit, roomBytes } = place
  if (roomBytes < BLANK_BYTES) return 'nothing'
  if (limit - at < BLANK_BYTES) return 'incomplete'
  const size = recordBytesAt(bytes, at)
  const magic = magicAt(bytes, at)
  if (magic === BLANK_MAGIC) return size === roomBytes ? 'blank' : 'damaged'
  if (size === 0) return 'nothing'
  if (magic !== MESSAGE_MAGIC_V1 && magic !== MESSAGE_MAGIC_V2) return 'damaged'
  if (size < SMALLEST_RECORD_BYTES || size > roomBytes) return 'damaged'
  if (limit - at < size) return 'incomplete'
  return isSound(place, location, at + size) ? 'record' : 'damaged'
}

function isSound(place: Place, location: RecordLocation, end: number): boolean {
  const { bytes, at, offset } = place
  if (physicalOffsetAt(bytes, at) !== offset) return false
  if (!location.locate(bytes, at, end)) return false
  if (location.topicEnd === location.topicStart) return false
  // Neither a topic nor properties end with zero (the store takes none that do): where they seem to, a part was not written.
  if (bytes[location.topicEnd - 1] === 0) return false
  const hasProperties = location.propertiesEnd > location.propertiesStart
  if (hasProperties && bytes[location.propertiesEnd - 1] === 0) return false
  if (bodyCrc(bytes, location.bodyStart, location.bodyEnd) !== bodyCrcAt(bytes, at)) return false
  if (place.checksWhole === true && !matchesPropertyCrc(bytes, at, location)) return false
  // Without properties the record ends with two bytes that are zero by right.
  const textEnd = hasProperties ? end : location.topicEnd
  return !hasLostSector(bytes, offset - at, location.bodyEnd, textEnd)
}

// The checksum covers the body only. When power fails, single sectors behind it can be missing and then read as zero;
// the store takes no text with that many zeros. A lost sector that begins before the text takes the topic's length with it, which the sizes have shown.
function hasLostSector(bytes: Uint8Array, shift: number, from: number, end: number): boolean {
  let sector = Math.floor((from + shift) / SECTOR_BYTES + 1) * SECTOR_BYTES - shift
  for (; sector < end; sector += SECTOR_BYTES) {
    const sectorEnd = Math.min(sector + SECTOR_BYTES, end)
    let at = sector
    while (at < sectorEnd && bytes[at] === 0) at++
    if (at === sectorEnd) return true
  }
  return false
}
