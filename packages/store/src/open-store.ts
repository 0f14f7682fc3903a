// SPDX-License-Identifier: Apache-2.0
// Opens the files of a store and brings them into order: what a running store is then made of.
import type { Files, Logger, Runtime } from '@rocketmq-ts/runtime'
import { type Checkpoint, lowerCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { isSummable, LogChecksums } from './checksums/log-checksums.ts'
import type { StoreConfig } from './config.ts'
import { ConsumeQueues, type QueueLayout, type QueueType } from './consume-queues.ts'
import { deepScan } from './deep-scan.ts'
import { recoverIndex } from './index-file/index-recovery.ts'
import type { RecoveredIndex } from './index-file/message-index.ts'
import { LogDirectories } from './log-directories.ts'
import type { BitMapOf, OpenProgress } from './messages.ts'
import { MultiDispatch } from './multi-dispatch.ts'
import { OpenFiles } from './open-files.ts'
import type { StorePaths } from './paths.ts'
import { type QueueTableOptions, takeQueueTable } from './queue-table-file.ts'
import { QueueWriter } from './queue-writer.ts'
import { type Recovered, recover, type RecoveryOptions } from './recovery.ts'
import type { RetentionSettings } from './retention/retention.ts'
import { SegmentFiles } from './segment-files.ts'
import type { StoreDirectory } from './store-directory.ts'
import { parseDelayLevels } from './tags-code.ts'

/** What a store needs of the outside world. */
export interface StoreOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files' | 'host'>
  readonly logger?: Logger
  readonly config: StoreConfig
  /** How a topic's queues are laid out; SimpleCQ when left out. Asked once for each topic. (Java: topic attribute `queue.type`) */
  readonly queueTypeOf?: (topic: string) => QueueType
  /** Whether a topic keeps the newest message of each key only; none when left out. Asked once for each topic. (Java: topic attribute `cleanup.policy`) */
  readonly isCompacted?: (topic: string) => boolean
  /** Asked for each message when entries have units. (Java: CommitLogDispatcherCalcBitMap) */
  readonly bitMapOf?: BitMapOf
  /** Hears how far opening has come. */
  readonly progress?: (progress: OpenProgress) => void
  /** Settings of retention that may change while the store is open; asked in each round, before those of `config`. */
  readonly retention?: () => Partial<RetentionSettings>
}

/** Files that are open and agree with each other, and who works on them. */
export interface StoreParts {
  readonly directory: StoreDirectory
  readonly open: OpenFiles
  readonly queues: ConsumeQueues
  readonly segments: SegmentFiles
  readonly queueWriter: QueueWriter
  readonly checkpoint: Checkpoint
  readonly recovered: Recovered
  readonly checksums: LogChecksums | undefined
  readonly multiDispatch: MultiDispatch | undefined
  readonly recovery: RecoveryOptions
  readonly tableOptions: QueueTableOptions
  readonly index: RecoveredIndex
  /** Topics of which the newest message of each key is kept only; more come with their first queue. */
  readonly compactedTopics: Set<string>
}

/**
 * Runs recovery in a directory that has been taken.
 * @throws {StoreError} RMQ_STORE_LAYOUT, RMQ_STORE_IO, RMQ_STORE_DAMAGED. All files are closed then.
 */
export async function openStore(
  options: StoreOptions & { readonly logger: Logger },
  directory: StoreDirectory,
): Promise<StoreParts> {
  const { config, runtime, logger } = options
  const { files, timers, turn, clock } = runtime
  const startedMs = clock.monotonicMs()
  const open = new OpenFiles(files, config.maxOpenFiles)
  try {
    const compactedTopics = new Set<string>()
    const queues = new ConsumeQueues({
      layout: queueLayout(config, directory.paths),
      typeOf: (topic) => {
        if (isCompacted(options, topic)) compactedTopics.add(topic)
        return options.queueTypeOf?.(topic) ?? 'SimpleCQ'
      },
      cacheBytes: config.consumeQueueCacheBytes,
      files,
      open,
    })
    const segments = new SegmentFiles({
      directory: config.commitLogDirectories[0] ?? '',
      segmentBytes: config.commitLogSegmentBytes,
      files,
      open,
      directories: logDirectories(config, files),
      ordersRemovals: true,
    })
    const { isClean } = directory
    segments.load(isClean)
    const tableOptions = {
      ...{ files, paths: directory.paths, queues, segments, clock, turn, logger },
    }
    const { progress } = options
    const known = await takeQueueTable({ ...tableOptions, isClean, progress })
    if (known === undefined) {
      await queues.load(isClean, clock, turn, (count) => {
        progress?.({ step: 'queues', done: count, of: 0 })
      })
    }
    const multiDispatch = config.lmqEnabled
      ? new MultiDispatch({ queues, maxQueues: config.maxLmqQueues })
      : undefined
    const queueWriter = new QueueWriter({
      timers,
      turn,
      files,
      logger,
      intervalMs: config.consumeQueueWriteIntervalMs,
    })
    const checkpoint = readCheckpoint(files, directory.paths.checkpoint)
    directory.markOpen(runtime.host.processId)
    const recovery: RecoveryOptions = {
      segments,
      queues,
      writer: queueWriter,
      checkpoint,
      lowerCheckpoint: (offset) =>
        lowerCheckpoint(files, directory.paths.checkpoint, checkpoint, offset),
      isClean,
      delaysMs: parseDelayLevels(config.messageDelayLevel),
      verifyPropertyCrc: config.verifyPropertyCrc,
      multiDispatch,
      bitMapOf: options.bitMapOf ?? (() => undefined),
      progress,
      known,
      logger,
      turn,
      clock,
    }
    const recovered = await recover(recovery)
    if (config.deepScan) {
      const { end } = recovered
      const checksWhole = config.verifyPropertyCrc
      const tell = options.progress
      await deepScan({ segments, end, checksWhole, turn, clock, logger, tell })
    }
    const tookMs = Math.round(clock.monotonicMs() - startedMs)
    logger.info({ ...recovered, isClean, queues: queues.count, tookMs }, 'the store is open')
    const indexOptions = {
      directory: directory.paths.index,
      shape: { slots: config.indexSlots, entries: config.indexEntries },
      files,
      open,
      clock,
      host: runtime.host,
      logger,
      progressPath: directory.paths.indexProgress,
      async lowerIndexTime(indexMsgTimestampMs: number) {
        checkpoint.indexMsgTimestampMs = indexMsgTimestampMs
        await writeCheckpoint(files, directory.paths.checkpoint, checkpoint)
      },
    }
    const index = await recoverIndex({
      ...indexOptions,
      isClean,
      segments,
      logEnd: recovered.end,
      indexMsgTimestampMs: checkpoint.indexMsgTimestampMs,
    })
    const checksums = isSummable(config)
      ? new LogChecksums({ directory: directory.paths.checksums, segments, files, open, logger })
      : undefined
    checksums?.resume(recovered.end, recovered.flushed)
    return {
      ...{ directory, open, queues, segments, queueWriter, checkpoint, recovered },
      ...{ checksums, multiDispatch, recovery, tableOptions, compactedTopics },
      index: { ...indexOptions, ...index },
    }
  } catch (error) {
    open.closeAll()
    throw error
  }
}

/** Whether a topic keeps the newest message of each key only, and compaction is enabled. */
export function isCompacted(options: StoreOptions, topic: string): boolean {
  return options.config.compactionEnabled && options.isCompacted?.(topic) === true
}

/** Undefined when there is one directory: then nothing has to be remembered. */
function logDirectories(config: StoreConfig, files: Files): LogDirectories | undefined {
  const { commitLogDirectories: writable, readOnlyCommitLogDirectories: readOnly } = config
  if (writable.length === 1 && readOnly.length === 0) return undefined
  return new LogDirectories(files, { writable, readOnly, fullRatio: config.fullDiskRatio })
}

function queueLayout(config: StoreConfig, paths: StorePaths): QueueLayout {
  const ext = {
    directory: paths.consumeQueueExts,
    segmentBytes: config.consumeQueueExtSegmentBytes,
  }
  return {
    directory: paths.consumeQueues,
    segmentBytes: config.consumeQueueSegmentBytes,
    batchDirectory: paths.batchConsumeQueues,
    batchSegmentBytes: config.batchConsumeQueueSegmentBytes,
    ext: config.consumeQueueExtEnabled ? ext : undefined,
  }
}
