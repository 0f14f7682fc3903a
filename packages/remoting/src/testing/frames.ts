// SPDX-License-Identifier: Apache-2.0
// Whole frames for tests: written from a record, read back into plain values.
import { CommandScan } from '../protocol/command-scan.ts'
import { compiledTable } from '../protocol/compiled-table.ts'
import { encodeHeader, serializeTypeNumber, type HeaderRecord } from '../protocol/encode-command.ts'
import { FrameWriter } from '../protocol/frame-writer.ts'
import { MQ_VERSION } from '../protocol/mq-version.ts'
import { decodeRecord } from '../protocol/record.ts'
import { scanCommand } from '../protocol/scan-command.ts'
import type { FieldTable } from '../protocol/schema.ts'
import { SegmentPool } from '../protocol/segment-pool.ts'
import type { SerializeType } from '../protocol/serialize-type.ts'

/** A command's own fields; what is left out is 0. */
export interface FrameHead {
  readonly code: number
  readonly language?: number
  readonly version?: number
  readonly opaque?: number
  readonly flag?: number
  readonly remark?: string
}

/** What of a frame is not its head. */
export interface FrameContent<T> {
  readonly table: FieldTable<T>
  /** Left out: the header has no ext fields at all. */
  readonly record?: T
  readonly ext?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** The bytes of one frame, its length included. */
export function encodeFrame<T>(
  serializeType: SerializeType,
  head: FrameHead,
  content: FrameContent<T>,
): Buffer {
  const writer = new FrameWriter(new SegmentPool())
  const type = serializeTypeNumber(serializeType)
  writer.beginFrame()
  encodeHeader(
    writer,
    type,
    { language: 0, version: MQ_VERSION, opaque: 0, flag: 0, remark: undefined, ...head },
    compiledTable(content.table),
    content.record as HeaderRecord | undefined,
    content.ext,
  )
  writer.endFrame(type, content.body === undefined ? [] : [content.body])
  return Buffer.concat(writer.take().chunks)
}

/** What a frame holds. */
export interface ReadFrame {
  readonly serializeType: SerializeType
  readonly code: number
  readonly language: number
  readonly version: number
  readonly opaque: number
  readonly flag: number
  readonly remark: string | undefined
  readonly ext: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** @throws {BadField} when a required field is missing. */
  record<T>(table: FieldTable<T>): T
}

/**
 * Reads one frame given with its length.
 * @throws {RMQ_PROTOCOL} when it is none.
 */
export function readFrame(bytes: Buffer): ReadFrame {
  const scan = new CommandScan()
  scanCommand(scan, bytes, 4, bytes.length)
  return {
    serializeType: scan.serializeType === 0 ? 'json' : 'rocketmq',
    code: scan.code,
    language: scan.language,
    version: scan.version,
    opaque: scan.opaque,
    flag: scan.flag,
    remark: scan.remark(),
    ext: scan.extFields(),
    body: scan.body(),
    record: (table) => decodeRecord(scan, table),
  }
}
