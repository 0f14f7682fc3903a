// SPDX-License-Identifier: Apache-2.0
// Compares the log with the checksums that lie beside it, and finds a single flipped bit by what it does to them.
import { crc32 } from 'node:zlib'
import { int32At, putInt32 } from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import { SUM_BLOCK_BYTES } from '../checksums/log-checksums.ts'
import { segmentName } from '../segment-files.ts'
import type { StoreFolder } from './store-folder.ts'

const SUM_BYTES = 8
const BLOCKS_PER_READ = 256

/** A block of the log that is not what it was when it was written. */
export interface ChangedBlock {
  readonly offset: number
  /** Number of the bit in the block that makes it right again when it is turned, or −1 when it takes more than one. */
  readonly bit: number
}

/** What the checksums of one file say. */
export interface ChecksumResult {
  readonly checkedBlocks: number
  readonly changed: readonly ChangedBlock[]
  /** So many are wrong that they belong to another log. */
  readonly isForeign: boolean
}

/** Checks the file of the log that starts at `start`; undefined when there are no checksums for it. */
export async function checkSums(
  folder: StoreFolder,
  start: number,
  turn: Turn,
): Promise<ChecksumResult | undefined> {
  const sums = folder.files.readFile(sumPath(folder, start))
  if (sums === undefined || folder.log.fileBytes % SUM_BLOCK_BYTES !== 0) return undefined
  const wrong: { offset: number; block: Uint8Array; sum: number }[] = []
  let checkedBlocks = 0
  const room = new Uint8Array(BLOCKS_PER_READ * SUM_BLOCK_BYTES)
  for (let first = 0; first * SUM_BYTES < sums.length; first += BLOCKS_PER_READ) {
    const offset = start + first * SUM_BLOCK_BYTES
    if (!hasSum(sums, first)) continue
    const bytesRead = folder.log.read(offset, room)
    for (let i = 0; (i + 1) * SUM_BLOCK_BYTES <= bytesRead; i++) {
      const sum = sumAt(sums, first + i)
      if (sum === undefined) continue
      checkedBlocks++
      const block = room.subarray(i * SUM_BLOCK_BYTES, (i + 1) * SUM_BLOCK_BYTES)
      if ((crc32(block) | 0) === sum) continue
      wrong.push({ offset: offset + i * SUM_BLOCK_BYTES, block: block.slice(), sum })
    }
    await new Promise<void>((resolve) => turn.atEnd(resolve))
  }
  const isForeign = checkedBlocks > 4 && wrong.length * 2 > checkedBlocks
  const changed = isForeign
    ? []
    : wrong.map(({ offset, block, sum }) => ({ offset, bit: flippedBit(block, sum) }))
  return { checkedBlocks, changed, isForeign }
}

/** Writes the checksums of the blocks that touch a stretch of the log anew; nothing where there were none. */
export function sumUpAgain(folder: StoreFolder, from: number, to: number): void {
  const start = folder.log.startOf(from)
  const path = sumPath(folder, start)
  const sums = folder.files.readFile(path)
  if (sums === undefined) return
  const file = folder.files.open(path, 'write')
  try {
    const block = new Uint8Array(SUM_BLOCK_BYTES)
    const entry = new Uint8Array(SUM_BYTES)
    for (let at = from - (from % SUM_BLOCK_BYTES); at < to; at += SUM_BLOCK_BYTES) {
      const number = (at - start) / SUM_BLOCK_BYTES
      if (sumAt(sums, number) === undefined) continue
      if (folder.log.read(at, block) < SUM_BLOCK_BYTES) continue
      putInt32(entry, 0, crc32(block) | 0)
      putInt32(entry, 4, ~crc32(block))
      file.writeSync([entry], number * SUM_BYTES)
    }
    file.flushSync()
  } finally {
    file.close()
  }
}

function sumPath(folder: StoreFolder, start: number): string {
  return `${folder.paths.checksums}/${segmentName(start)}`
}

function sumAt(sums: Uint8Array, number: number): number | undefined {
  const at = number * SUM_BYTES
  if (at + SUM_BYTES > sums.length) return undefined
  const sum = int32At(sums, at)
  return sum !== 0 && int32At(sums, at + 4) === ~sum ? sum : undefined
}

function hasSum(sums: Uint8Array, first: number): boolean {
  for (let i = 0; i < BLOCKS_PER_READ; i++) if (sumAt(sums, first + i) !== undefined) return true
  return false
}

/** What each single bit of a block does to its checksum. */
let bits: Map<number, number> | undefined

// CRC-32 tells any three wrong bits in a block of this size apart from none, so one bit that explains the difference is the one,
// unless three or more others were turned.
function flippedBit(block: Uint8Array, sum: number): number {
  bits ??= bitTable(block.length)
  return bits.get((crc32(block) | 0) ^ sum) ?? -1
}

function bitTable(byteLength: number): Map<number, number> {
  const zeros = new Uint8Array(byteLength)
  const none = crc32(zeros)
  const table = new Map<number, number>()
  for (let bit = 0; bit < byteLength * 8; bit++) {
    zeros[bit >> 3] = 1 << (bit & 7)
    table.set((crc32(zeros) ^ none) | 0, bit)
    zeros[bit >> 3] = 0
  }
  return table
}
