// SPDX-License-Identifier: Apache-2.0
// Decides at start which index files can be relied on and where in the log indexing goes on.
//
// After a clean stop all of them can. After a crash the files before the one that the progress file names can, and that one up to what
// the progress file says; without a progress file, or when a Java broker has used the directory since, those that are not newer than the
// checkpoint's index time, as in Java. What is given up is indexed again from the log; Java leaves it out.
import { int64At } from '@rocketmq-ts/remoting/message'
import type { Files, Logger } from '@rocketmq-ts/runtime'
import { recordAt } from '../scan.ts'
import type { SegmentFiles } from '../segment-files.ts'
import { IndexFile } from './index-file.ts'
import { indexFileBytes, type IndexHeader } from './index-format.ts'
import type { IndexFilesOptions } from './index-files.ts'
import {
  type IndexProgress,
  progressOf,
  readIndexProgress,
  writeIndexProgress,
} from './index-progress.ts'

/** Where indexing goes on. */
export interface IndexResume {
  /** Log offset of the next record. */
  readonly offset: number
  /** Keys of that record which are already entered: it may be spread over two files, of which one is left. */
  readonly keysDone: number
}

/** What recovery needs to know. */
export interface IndexRecoveryOptions extends IndexFilesOptions {
  readonly progressPath: string
  readonly isClean: boolean
  /** The log as it is now. */
  readonly segments: SegmentFiles
  readonly logEnd: number
  /** Java's trust in files after a crash. */
  readonly indexMsgTimestampMs: number
  /** Brings a lower trust onto the disk. */
  readonly lowerIndexTime: (indexMsgTimestampMs: number) => Promise<void>
  readonly logger: Logger
}

/** Loads the files; returns those to be used, oldest first. */
export async function recoverIndex(
  options: IndexRecoveryOptions,
): Promise<{ row: IndexFile[]; resume: IndexResume }> {
  const { files, isClean, logEnd, progressPath } = options
  const logStart = startOf(options)
  const row = loadRow(options)
  const progress = readIndexProgress(files, progressPath)
  let resume = isClean
    ? resumeAfterStop(options, row, progress)
    : await resumeAfterCrash(options, row, progress)
  if (await cutAtLogEnd(options, row)) resume = behind(row, logStart)
  // What was cut must be gone from the disk before the places are used again.
  await row.at(-1)?.flush()
  const offset = Math.min(Math.max(resume.offset, logStart), logEnd)
  const keysDone = offset === resume.offset ? resume.keysDone : 0
  // Now, before the log goes on: the places above may soon hold other records than those that were in the index,
  // and what a Java broker left in order need not be built again after our first crash.
  await writeIndexProgress(files, progressPath, progressOf(row.at(-1), { offset, keysDone }))
  return { row, resume: { offset, keysDone } }
}

function loadRow(options: IndexRecoveryOptions): IndexFile[] {
  const { directory, files, shape, open, isClean, logger } = options
  const row: IndexFile[] = []
  for (const name of files.list(directory).filter((name) => /^\d{1,18}$/.test(name))) {
    const path = `${directory}/${name}`
    if (files.stat(path)?.byteLength !== indexFileBytes(shape)) {
      if (isClean)
        logger.warn({ path }, 'this index file was made with other settings: it is not used')
      // After a crash the length of a file that was just made may not be on disk.
      else files.remove(path)
      continue
    }
    const file = IndexFile.load({ directory, name, shape, open })
    if (file !== undefined) row.push(file)
    else {
      logger.warn({ path }, 'this index file is damaged: it is removed')
      remove(files, path, open)
    }
  }
  return row
}

function resumeAfterStop(
  options: IndexRecoveryOptions,
  row: IndexFile[],
  progress: IndexProgress | undefined,
): IndexResume {
  const last = row.at(-1)
  if (last === undefined) {
    return progress?.name === '' ? progress : { offset: startOf(options), keysDone: 0 }
  }
  const isOurs = progress?.name === last.name && isSame(progress.header, last.header)
  // A Java broker that stopped in order has indexed what it appended.
  return isOurs ? progress : { offset: options.logEnd, keysDone: 0 }
}

async function resumeAfterCrash(
  options: IndexRecoveryOptions,
  row: IndexFile[],
  progress: IndexProgress | undefined,
): Promise<IndexResume> {
  const { indexMsgTimestampMs, logger } = options
  let trusted = 0
  while (isFullUntil(row[trusted], indexMsgTimestampMs)) trusted++
  // Before anything is given up: a Java broker that takes over before it is built again would miss it otherwise.
  const keptUntilMs = row[trusted - 1]?.header.endTimestampMs ?? 0
  if (keptUntilMs < indexMsgTimestampMs) await options.lowerIndexTime(keptUntilMs)
  const named = row.findIndex((file) => file.name === progress?.name)
  if (progress !== undefined && named >= trusted) {
    dropFrom(options, row, named + 1)
    if ((await row[named]?.cutTo(progress.header)) === true) {
      return progress
    }
    logger.warn({ path: row[named]?.path }, 'this index file is damaged: it is built again')
    trusted = named
  }
  dropFrom(options, row, trusted)
  return behind(row, startOf(options))
}

function isFullUntil(file: IndexFile | undefined, timestampMs: number): boolean {
  return file !== undefined && file.isFull && file.header.endTimestampMs <= timestampMs
}

/** Behind the last key in the files, which need not be the last of its record; a record's keys may lie in several files. */
function behind(row: readonly IndexFile[], logStart: number): IndexResume {
  const offset = row.at(-1)?.header.endOffset ?? logStart
  let keysDone = 0
  for (const file of row.toReversed()) {
    const { count } = file.entriesBelow(offset)
    keysDone += file.header.count - count
    if (count > 1) break
  }
  return { offset, keysDone }
}

/** Takes entries back that point at or behind the end of the log. True when there were any. */
async function cutAtLogEnd(options: IndexRecoveryOptions, row: IndexFile[]): Promise<boolean> {
  const { logEnd, logger } = options
  let hasCut = false
  // An empty file carries the last offset of the one before it.
  for (let last = row.at(-1); last !== undefined; last = row.at(-1)) {
    if (last.header.endOffset < logEnd) break
    hasCut = true
    const { count, lastOffset } = last.entriesBelow(logEnd)
    logger.warn({ path: last.path, logEnd }, 'the index reaches over the end of the log: it is cut')
    const endTimestampMs = storeTimestampMs(options.segments, lastOffset)
    const isKept =
      count > 1 &&
      endTimestampMs !== undefined &&
      (await last.cutTo({ ...last.header, count, endOffset: lastOffset, endTimestampMs }))
    if (isKept) break
    dropFrom(options, row, row.length - 1)
  }
  return hasCut
}

function storeTimestampMs(segments: SegmentFiles, offset: number): number | undefined {
  const record = recordAt(segments, offset)
  return record && int64At(record.place.bytes, record.location.storeTimestampAt)
}

function startOf({ segments, logEnd }: IndexRecoveryOptions): number {
  return segments.count === 0 ? logEnd : segments.start
}

function dropFrom({ files, open }: IndexRecoveryOptions, row: IndexFile[], from: number): void {
  for (const file of row.splice(from)) remove(files, file.path, open)
}

function remove(files: Files, path: string, open: IndexFilesOptions['open']): void {
  open.close(path)
  files.remove(path)
}

function isSame(a: IndexHeader, b: IndexHeader): boolean {
  return (
    a.count === b.count &&
    a.usedSlots === b.usedSlots &&
    a.beginOffset === b.beginOffset &&
    a.endOffset === b.endOffset &&
    a.beginTimestampMs === b.beginTimestampMs &&
    a.endTimestampMs === b.endTimestampMs
  )
}
