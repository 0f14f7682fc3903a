// SPDX-License-Identifier: Apache-2.0
// The file that says how far the index is on disk: after a crash the last index file is cut to it instead of being thrown away.
//
//  0       4      8                 16                 40                80          84
//  ├ magic ┼ CRC ─┼ log offset ─────┼ index file name ─┼ its header ─────┼ keys done ┤   name in ASCII, zeros behind it; big-endian
//
// Java has no such file and passes over it. It lies in one disk sector, so it is never half new.
import { bodyCrc, int32At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import type { Files } from '@rocketmq-ts/runtime'
import { decodeHeader, encodeHeader, HEADER_BYTES, type IndexHeader } from './index-format.ts'
import { flush, writeAt } from './index-io.ts'

const MAGIC = 0x52_4d_49_58
const NAME_AT = 16
const HEADER_AT = 40
const KEYS_AT = HEADER_AT + HEADER_BYTES
const PROGRESS_BYTES = KEYS_AT + 4

/** How far the index is on disk. */
export interface IndexProgress {
  /** Every record of the log below is in the index. */
  readonly offset: number
  /** The last index file, empty when there is none. */
  readonly name: string
  /** The header that file has when nothing behind `offset` is in it. */
  readonly header: IndexHeader
  /** Keys of the record at `offset` which are in the index too. */
  readonly keysDone: number
}

const EMPTY_HEADER: IndexHeader = {
  beginTimestampMs: 0,
  endTimestampMs: 0,
  beginOffset: 0,
  endOffset: 0,
  usedSlots: 0,
  count: 1,
}

/** Where indexing goes on behind a last file. */
export function progressOf(
  last: { readonly name: string; readonly header: IndexHeader } | undefined,
  resume: { readonly offset: number; readonly keysDone: number },
): IndexProgress {
  const { offset, keysDone } = resume
  return { offset, keysDone, name: last?.name ?? '', header: last?.header ?? EMPTY_HEADER }
}

/** Undefined when there is none or it is damaged. */
export function readIndexProgress(files: Files, path: string): IndexProgress | undefined {
  const bytes = files.readFile(path)
  if (bytes?.length !== PROGRESS_BYTES || int32At(bytes, 0) !== MAGIC) return undefined
  if (int32At(bytes, 4) !== bodyCrc(bytes, 8, PROGRESS_BYTES)) return undefined
  return {
    offset: int64At(bytes, 8),
    name: Buffer.from(bytes.subarray(NAME_AT, HEADER_AT)).toString('latin1').replaceAll('\0', ''),
    header: decodeHeader(bytes, HEADER_AT),
    keysDone: int32At(bytes, KEYS_AT),
  }
}

/** Writes the file in place and flushes it, off the event loop. */
export async function writeIndexProgress(
  files: Files,
  path: string,
  progress: IndexProgress,
): Promise<void> {
  const bytes = new Uint8Array(PROGRESS_BYTES)
  putInt32(bytes, 0, MAGIC)
  putInt64(bytes, 8, progress.offset)
  bytes.set(Buffer.from(progress.name, 'latin1'), NAME_AT)
  encodeHeader(bytes, HEADER_AT, progress.header)
  putInt32(bytes, KEYS_AT, progress.keysDone)
  putInt32(bytes, 4, bodyCrc(bytes, 8, PROGRESS_BYTES))
  const isNew = files.stat(path) === undefined
  const file = files.open(path, 'create')
  try {
    await writeAt(file, [bytes], 0)
    await flush(file)
  } finally {
    file.close()
  }
  if (isNew) files.flushDirectory(path.slice(0, path.lastIndexOf('/')))
}
