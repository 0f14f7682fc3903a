// SPDX-License-Identifier: Apache-2.0
// Shows what is in one file of a store, line by line; the path tells what kind of file it is.
import { int16At, int32At, int64At } from '@rocketmq-ts/remoting/message'
import type { Files, Turn } from '@rocketmq-ts/runtime'
import { readCheckpoint } from '../checkpoint.ts'
import { UNIT_BYTES } from '../compaction/compaction-format.ts'
import { StoreError } from '../errors.ts'
import {
  decodeHeader,
  entryPosition,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  type IndexShape,
} from '../index-file/index-format.ts'
import { OpenFiles } from '../open-files.ts'
import { FileRow } from './file-row.ts'
import { walkLog } from './log-walk.ts'
import { EntryBlocks, QueueEntries } from './queue-entries.ts'
import { recordName } from './record-text.ts'
import { StoreFolder } from './store-folder.ts'

/** Options of {@link dumpFile}. */
export interface DumpOptions {
  readonly files: Files
  readonly turn: Turn
  readonly path: string
  readonly indexShape?: IndexShape | undefined
  /** Hears each line. */
  readonly line: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Shows a file of the commit log, a queue, its units, the index, the checkpoint, or a table.
 * @throws {StoreError} RMQ_STORE_LAYOUT when there is no such file or its path does not say what it is.
 */
export async function dumpFile(options: DumpOptions): Promise<void> {
  const { files, path, line } = options
  if (files.stat(path)?.kind !== 'file') {
    throw new StoreError('RMQ_STORE_LAYOUT', `${path} is no file`)
  }
  const kind = kindOf(path)
  if (kind === 'log') await dumpLog(options, true)
  else if (kind === 'compactionLog') await dumpLog(options, false)
  else if (kind === 'units') dumpCompactionUnits(options)
  else if (kind === 'SimpleCQ' || kind === 'BatchCQ') dumpQueue(options, kind)
  else if (kind === 'ext') dumpUnits(options)
  else if (kind === 'index') dumpIndex(options)
  else if (kind === 'checkpoint') line(JSON.stringify(readCheckpoint(files, path)))
  else if (kind === 'table')
    line(
      Buffer.from(files.readFile(path) ?? [])
        .toString()
        .trimEnd(),
    )
  else {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `${path} is none of the files of a store that can be shown: those below commitlog, consumequeue, consumequeue_ext, batchconsumequeue, compaction, index and config, and checkpoint`,
    )
  }
}

type Kind =
  | 'units'
  | 'compactionLog'
  | 'log'
  | 'SimpleCQ'
  | 'BatchCQ'
  | 'ext'
  | 'index'
  | 'checkpoint'
  | 'table'

function kindOf(path: string): Kind | undefined {
  const parts = path.split('/')
  const name = parts.at(-1) ?? ''
  if (name === 'checkpoint') return 'checkpoint'
  if (parts.at(-2) === 'config' || name.endsWith('.json') || name === 'position-checkpoint')
    return 'table'
  const isOffset = /^\d{20}$/.test(name)
  // Below a queue's directory compactions lie that were not finished.
  const above = parts.at(-2) === 'compacting' ? parts.at(-5) : parts.at(-4)
  if (isOffset && above === 'compactionLog') return 'compactionLog'
  if (isOffset && above === 'compactionCq') return 'units'
  if (isOffset && above === 'consumequeue') return 'SimpleCQ'
  if (isOffset && above === 'batchconsumequeue') return 'BatchCQ'
  if (isOffset && above === 'consumequeue_ext') return 'ext'
  if (parts.at(-2) === 'index' && /^\d{1,18}$/.test(name)) return 'index'
  return isOffset ? 'log' : undefined
}

/** A row that is this one file. */
function rowOf({ files, path }: DumpOptions): { row: FileRow; open: OpenFiles } {
  const at = path.lastIndexOf('/')
  const directory = at < 0 ? '.' : path.slice(0, at)
  const name = path.slice(at + 1)
  const open = new OpenFiles(files, 4)
  return { row: new FileRow({ directories: [directory], files, open, only: name }), open }
}

async function dumpLog(options: DumpOptions, checksWhole: boolean): Promise<void> {
  const { row, open } = rowOf(options)
  const { end } = await walkLog({
    row,
    knownEnd: row.end,
    checksWhole,
    turn: options.turn,
    signal: options.signal,
    visitor: {
      record: ({ bytes, at, offset }, location) => {
        const { recordBytes, sysFlag, bodyStart, bodyEnd, version } = location
        const storedMs = int64At(bytes, location.storeTimestampAt)
        const head = `${offset}  ${recordBytes} bytes  V${version}  ${recordName(bytes, at, location)}`
        options.line(
          `${head}, stored ${storedMs}, system flag ${sysFlag}, body ${bodyEnd - bodyStart} bytes`,
        )
      },
      damaged: ({ from, to }) => options.line(`${from}  ${to - from} bytes are no sound record`),
    },
  })
  options.line(`${end}  end`)
  open.closeAll()
}

function dumpQueue(options: DumpOptions, kind: 'SimpleCQ' | 'BatchCQ'): void {
  const { row, open } = rowOf(options)
  const entries = new QueueEntries(row, kind, new EntryBlocks())
  for (let index = entries.start; index < entries.limit; index++) {
    const entry = entries.at(index)
    if (entry === undefined) continue
    const { offset, recordBytes, tagsCode, extPosition, batch } = entry
    if (entry.isFiller) {
      options.line(`${index}  points nowhere`)
      continue
    }
    const tag = extPosition >= 0 ? `unit at ${extPosition}` : `tags code ${tagsCode}`
    const more =
      batch === undefined
        ? ''
        : `, ${batch.count} messages from queue offset ${batch.baseOffset}, stored ${batch.storeTimestampMs}`
    options.line(`${index}  log offset ${offset}, ${recordBytes} bytes, ${tag}${more}`)
  }
  open.closeAll()
}

function dumpCompactionUnits(options: DumpOptions): void {
  const { row, open } = rowOf(options)
  const bytes = new Uint8Array(UNIT_BYTES)
  const isEnd = (): boolean => bytes.every((byte) => byte === 0)
  for (let index = 0; (index + 1) * UNIT_BYTES <= row.fileBytes; index++) {
    if (row.read(row.start + index * UNIT_BYTES, bytes) < UNIT_BYTES || isEnd()) break
    const [position, recordBytes] = [int64At(bytes, 0), int32At(bytes, 8)]
    const [storedMs, queueOffset] = [int64At(bytes, 20), int64At(bytes, 28)]
    if (position === -1) {
      options.line(`${index}  end`)
      break
    }
    options.line(
      `${index}  position ${position}, ${recordBytes} bytes, tags code ${int64At(bytes, 12)}, stored ${storedMs}, queue offset ${queueOffset}`,
    )
  }
  open.closeAll()
}

function dumpUnits(options: DumpOptions): void {
  const { row, open } = rowOf(options)
  const head = new Uint8Array(20)
  for (let at = row.start; at < row.end;) {
    if (row.read(at, head) < head.length) break
    const size = int16At(head, 0)
    if (size < head.length || size > 0x7fff || size !== head.length + int16At(head, 18)) break
    options.line(
      `${at}  tags code ${int64At(head, 2)}, stored ${int64At(head, 10)}, bit map ${size - 20} bytes`,
    )
    at += size
  }
  open.closeAll()
}

function dumpIndex(options: DumpOptions): void {
  const { files, path, line } = options
  const file = files.open(path, 'read')
  try {
    const bytes = new Uint8Array(HEADER_BYTES)
    file.readSync(bytes, 0)
    const header = decodeHeader(bytes)
    line(JSON.stringify(header))
    const shape = StoreFolder.shapeOfFile(file.byteLength(), options.indexShape)
    if (shape === undefined) {
      throw new StoreError(
        'RMQ_STORE_LAYOUT',
        `${path} has not four entries for each slot: tell how many it has`,
      )
    }
    const entry = new Uint8Array(INDEX_ENTRY_BYTES)
    for (let number = 1; number < Math.min(header.count, shape.entries); number++) {
      file.readSync(entry, entryPosition(shape, number))
      const [hash, seconds, before] = [int32At(entry, 0), int32At(entry, 12), int32At(entry, 16)]
      line(
        `${number}  hash ${hash}, log offset ${int64At(entry, 4)}, second ${seconds}, before it ${before}`,
      )
    }
  } finally {
    file.close()
  }
}
