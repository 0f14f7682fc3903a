// SPDX-License-Identifier: Apache-2.0
// The checkpoint file: how far the derived files can be trusted after a crash.
//
//  0                 8                 16                24                32                40
//  ├ log time ───────┼ queue time ─────┼ index time ─────┼ master flushed ─┼ confirmed ──────┼ queues durable … zeros to 4096
//
// Times are store timestamps in milliseconds, the others log offsets; int64 big-endian. (Java: StoreCheckpoint)
import type { Files } from '@rocketmq-ts/runtime'
import { int64At, putInt64 } from '@rocketmq-ts/remoting/message'

const FILE_BYTES = 4096
const USED_BYTES = 48

/** The content of the file; all zero when there is none. */
export interface Checkpoint {
  /** Store time of the newest message known to be flushed. */
  physicMsgTimestampMs: number
  /** Store time of the newest message whose queue entry is flushed. */
  logicsMsgTimestampMs: number
  indexMsgTimestampMs: number
  masterFlushedOffset: number
  confirmPhyOffset: number
  /** Everything below is on disk in the log and in the consume queues. */
  logicsPhysicalOffset: number
}

export function readCheckpoint(files: Files, path: string): Checkpoint {
  const bytes = files.readFile(path) ?? new Uint8Array(0)
  const padded = new Uint8Array(USED_BYTES)
  padded.set(bytes.subarray(0, USED_BYTES))
  return {
    physicMsgTimestampMs: int64At(padded, 0),
    logicsMsgTimestampMs: int64At(padded, 8),
    indexMsgTimestampMs: int64At(padded, 16),
    masterFlushedOffset: int64At(padded, 24),
    confirmPhyOffset: int64At(padded, 32),
    logicsPhysicalOffset: int64At(padded, 40),
  }
}

/** Writes the file in place and flushes it, off the event loop. The used part lies in one disk sector, so it is never half new. */
export function writeCheckpoint(files: Files, path: string, checkpoint: Checkpoint): Promise<void> {
  const bytes = bytesOf(checkpoint)
  const isNew = files.stat(path) === undefined
  const file = files.open(path, 'create')
  if (file.byteLength() !== FILE_BYTES) file.truncate(FILE_BYTES)
  return new Promise((resolve, reject) => {
    const finish = (error: Error | undefined): void => {
      file.close()
      if (error === undefined && isNew) files.flushDirectory(path.slice(0, path.lastIndexOf('/')))
      if (error === undefined) resolve()
      else reject(error)
    }
    file.write([bytes], 0, (error) => {
      if (error === undefined) file.flush(finish)
      else finish(error)
    })
  })
}

/**
 * Makes the checkpoint vouch for no queue entry of a record at or behind `offset`, on disk as in `checkpoint`. Only recovery does that:
 * it holds the event loop until the disk has it, so that nothing else can come before.
 */
export function lowerCheckpoint(
  files: Files,
  path: string,
  checkpoint: Checkpoint,
  offset: number,
): void {
  checkpoint.logicsPhysicalOffset = offset
  checkpoint.logicsMsgTimestampMs = 0
  const file = files.open(path, 'create')
  try {
    file.writeSync([bytesOf(checkpoint)], 0)
    file.flushSync()
  } finally {
    file.close()
  }
}

function bytesOf(checkpoint: Checkpoint): Uint8Array {
  const bytes = new Uint8Array(USED_BYTES)
  putInt64(bytes, 0, checkpoint.physicMsgTimestampMs)
  putInt64(bytes, 8, checkpoint.logicsMsgTimestampMs)
  putInt64(bytes, 16, checkpoint.indexMsgTimestampMs)
  putInt64(bytes, 24, checkpoint.masterFlushedOffset)
  putInt64(bytes, 32, checkpoint.confirmPhyOffset)
  putInt64(bytes, 40, checkpoint.logicsPhysicalOffset)
  return bytes
}
