// SPDX-License-Identifier: Apache-2.0
// Opens the message store with the broker's settings.
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import {
  MessageStore,
  parseStoreConfig,
  type QueueType,
  type RetentionSettings,
} from '@rocketmq-ts/store'
import type { BrokerConfig } from './config.ts'

const HOUR_MS = 3_600_000

/** Recovers the store first when its last stop was not in order. */
export function openStore(
  config: BrokerConfig,
  outside: {
    readonly runtime: Runtime
    readonly logger: Logger
    readonly current: () => BrokerConfig
    readonly queueTypeOf: (topic: string) => QueueType
    readonly isCompacted: (topic: string) => boolean
  },
): Promise<MessageStore> {
  const { runtime, logger, current, queueTypeOf, isCompacted } = outside
  const { storeDirectory, commitLogSegmentBytes } = config
  return MessageStore.open({
    runtime,
    logger,
    retention: () => retentionOf(current()),
    queueTypeOf,
    isCompacted,
    config: parseStoreConfig({
      rootDirectory: storeDirectory,
      commitLogDirectories: pathsOf(config.commitLogDirectory),
      readOnlyCommitLogDirectories: pathsOf(config.readOnlyCommitLogDirectories),
      fullDiskRatio: clamp(config.fullDiskRatio / 100, 0.3, 0.85),
      commitLogSegmentBytes,
      consumeQueueSegmentBytes: config.consumeQueueSegmentBytes,
      consumeQueueExtEnabled: config.consumeQueueExtEnabled,
      consumeQueueExtSegmentBytes: config.consumeQueueExtSegmentBytes,
      batchConsumeQueueSegmentBytes: config.batchConsumeQueueSegmentBytes,
      flushDiskType: config.flushDiskType,
      flushIntervalMs: config.flushIntervalMs,
      flushLeastPages: config.flushLeastPages,
      flushThoroughIntervalMs: config.flushThoroughIntervalMs,
      flushOnWrite: !config.flushTimed && config.wakeFlush,
      syncFlushTimeoutMs: config.flushTimeoutMs,
      acknowledgeFromMemory: config.transientPool,
      commitIntervalMs: Math.max(config.commitIntervalMs, config.commitThoroughIntervalMs),
      commitLeastPages: config.commitLeastPages,
      warmUpSegments: config.warmUpSegments,
      appendPropertyCrc: config.appendPropertyCrc,
      verifyPropertyCrc: config.verifyPropertyCrc,
      // Segments may be set smaller than the largest message: such a message then does not fit, as in Java.
      maxMessageBytes: Math.min(config.maxMessageBytes, commitLogSegmentBytes - 1),
      maxTransferCountInMemory: config.pullCountInMemory,
      maxTransferBytesInMemory: config.pullBytesInMemory,
      maxTransferCountOnDisk: config.pullCountOnDisk,
      maxTransferBytesOnDisk: config.pullBytesOnDisk,
      maxFilterBytes: config.maxFilterBytes,
      maxQueueFilesPerRead: config.maxQueueFilesPerRead,
      messageDelayLevel: config.delayLevels,
      ...retentionOf(config),
      cleanIntervalMs: config.cleanIntervalMs,
      indexEnabled: config.indexEnabled,
      indexSlots: config.indexSlots,
      indexEntries: config.indexEntries,
      maxQueryCount: config.maxQueryCount,
      compactionEnabled: config.compactionEnabled,
      compactionLogSegmentBytes: config.compactionLogSegmentBytes,
      compactionQueueSegmentBytes: config.compactionQueueSegmentBytes,
      compactionIntervalMs: config.compactionIntervalMs,
      compactionMapBytes: config.compactionMapBytes,
    }),
  })
}

/** A setting that may name several directories. @see MixAll.MULTI_PATH_SPLITTER */
export function pathsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
}

function retentionOf(config: BrokerConfig): RetentionSettings {
  return {
    deleteWhen: config.deleteWhen,
    fileReservedMs: config.fileReservedHours * HOUR_MS,
    deleteLogFileIntervalMs: config.deleteLogFileIntervalMs,
    deleteFileBatchMax: config.deleteFileBatchMax,
    cleanFilesForcibly: config.cleanFilesForcibly,
    diskMaxUsedPercent: clamp(config.diskMaxUsedPercent, 10, 95),
    diskCleanForciblyPercent: config.fullDiskRatio,
    diskWarningPercent: config.diskWarningPercent,
  }
}

// Java takes no other values either.
function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
