// SPDX-License-Identifier: Apache-2.0
// Writes bytes of the log over themselves, so that the next flush brings them to the disk for certain.
import type { SegmentFiles } from './segment-files.ts'

const BLOCK_BYTES = 1024 * 1024
/** Far more than a store leaves unflushed. */
const MOST_BYTES = 1024 * 1024 * 1024

/**
 * The process before may have died after a flush that failed: the kernel then takes bytes for clean that the disk does not have,
 * and no later flush would write them. Call it for bytes that have been checked and are not known to be on disk.
 */
export function rewrite(segments: SegmentFiles, from: number, end: number): void {
  const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, segments.segmentBytes))
  let at = Math.max(from, end - MOST_BYTES)
  while (at < end) {
    const position = at - segments.startOf(at)
    const byteLength = Math.min(block.length, end - at, segments.segmentBytes - position)
    if (segments.isReadOnly(at)) {
      at += byteLength
      continue
    }
    const file = segments.fileAt(at)
    const bytes = block.subarray(0, file.readSync(block.subarray(0, byteLength), position))
    file.writeSync([bytes], position)
    at += byteLength
  }
}
