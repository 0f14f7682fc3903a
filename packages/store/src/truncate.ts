// SPDX-License-Identifier: Apache-2.0
// Takes the end off a log that is in use: records, queue entries and the checkpoint's word for them.
import type { Files } from '@rocketmq-ts/runtime'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import type { ColdBlocks } from './cold-blocks.ts'
import type { CommitLog } from './commit-log.ts'
import type { Dispatch } from './dispatch.ts'
import { StoreError } from './errors.ts'
import { cutQueuesBehind, type RecoveryOptions } from './recovery.ts'
import { eachSoundRecord } from './scan.ts'

/** What is cut. Nothing may be appended, written or flushed meanwhile, and everything appended is written. */
export interface Truncated {
  readonly log: CommitLog
  readonly dispatch: Dispatch
  readonly blocks: ColdBlocks
  readonly recovery: RecoveryOptions
  readonly checkpoint: Checkpoint
  readonly checkpointPath: string
  readonly files: Files
}

/**
 * Cuts everything at and behind `offset`.
 * @throws {StoreError} RMQ_STORE_LAYOUT when no record starts at `offset`; RMQ_STORE_IO when the queues cannot be written.
 */
export async function truncate(parts: Truncated, offset: number): Promise<void> {
  const { log, recovery, checkpoint } = parts
  if (offset === log.end) return
  const isInLog = offset >= log.start && offset < log.end
  if (!isInLog || eachSoundRecord(log.segments, offset, offset + 1, () => {}) === offset) {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `cannot cut the log at ${offset}: neither a record nor a blank starts there`,
    )
  }
  if (offset > parts.dispatch.offset) {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `cannot cut the log at ${offset}: it is confirmed up to ${parts.dispatch.offset} only`,
    )
  }
  await recovery.writer.writeAll()
  if (recovery.writer.failed) {
    throw new StoreError(
      'RMQ_STORE_IO',
      `cannot cut the log at ${offset}: queue entries cannot be written`,
    )
  }
  // First of all: if the process dies from here on, recovery looks at everything that is cut.
  checkpoint.logicsPhysicalOffset = Math.min(checkpoint.logicsPhysicalOffset, offset)
  checkpoint.logicsMsgTimestampMs = 0
  await writeCheckpoint(parts.files, parts.checkpointPath, checkpoint)
  log.cut(offset)
  parts.blocks.forgetAll()
  parts.dispatch.restart(offset)
  await cutQueuesBehind(recovery, offset)
}
