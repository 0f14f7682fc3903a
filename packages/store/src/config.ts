// SPDX-License-Identifier: Apache-2.0
// The store's settings, with their defaults and limits.
import { z } from 'zod'
import { StoreError } from './errors.ts'

/** Settings of a store. All durations in milliseconds, all sizes in bytes. */
export interface StoreConfig {
  /** Holds `consumequeue/`, `config/`, `checkpoint`, `abort` and `lock`. (Java: storePathRootDir) */
  readonly rootDirectory: string
  /** Commit log files are made here in turn. Default: only `<rootDirectory>/commitlog`. (Java: storePathCommitLog, separated by commas) */
  readonly commitLogDirectories: readonly string[]
  /** Commit log files here are read and never written. (Java: readOnlyCommitLogStorePaths) */
  readonly readOnlyCommitLogDirectories: readonly string[]
  /** A commit log directory on a disk used beyond this part gets no new file while another has room. (Java: diskSpaceCleanForciblyRatio) */
  readonly fullDiskRatio: number
  /** Length of each commit log file. (Java: mappedFileSizeCommitLog) */
  readonly commitLogSegmentBytes: number
  /** Length of each consume queue file, a multiple of 20. (Java: mappedFileSizeConsumeQueue) */
  readonly consumeQueueSegmentBytes: number
  /** Length of each file of units. (Java: mappedFileSizeConsumeQueueExt) */
  readonly consumeQueueExtSegmentBytes: number
  /** Entries refer to units with tags code, store time and bit map. (Java: enableConsumeQueueExt) */
  readonly consumeQueueExtEnabled: boolean
  /** Length of each file of a queue of batches, a multiple of 46. (Java: mapperFileSizeBatchConsumeQueue) */
  readonly batchConsumeQueueSegmentBytes: number
  /** Messages go to the light queues that INNER_MULTI_DISPATCH names. (Java: enableLmq and enableMultiDispatch) */
  readonly lmqEnabled: boolean
  /** Light queues that may exist. (Java: maxLmqConsumeQueueNum, with enableLmqQuota) */
  readonly maxLmqQueues: number
  /** SYNC_FLUSH acknowledges when the disk has the message, ASYNC_FLUSH when the kernel has it. */
  readonly flushDiskType: 'ASYNC_FLUSH' | 'SYNC_FLUSH'
  /** How often the log is flushed under ASYNC_FLUSH. (Java: flushIntervalCommitLog) */
  readonly flushIntervalMs: number
  /** Under ASYNC_FLUSH less than so many pages of 4 KiB wait for more. (Java: flushCommitLogLeastPages) */
  readonly flushLeastPages: number
  /** But not longer than this. (Java: flushCommitLogThoroughInterval) */
  readonly flushThoroughIntervalMs: number
  /** Flush as soon as so many pages are written. (Java: flushCommitLogTimed=false with wakeFlushWhenPutMessage=true) */
  readonly flushOnWrite: boolean
  /** The flush for a single waiter runs on the event loop while flushes take less than this and writes run there as well, which spares it two thread switches; 0: never. */
  readonly loopFlushMaxMs: number
  /** Under ASYNC_FLUSH acknowledge from memory, before the kernel has the message: the death of the process loses it. (Java: transientStorePoolEnable) */
  readonly acknowledgeFromMemory: boolean
  /** How long what was acknowledged from memory may wait to be written. (Java: commitIntervalCommitLog) */
  readonly commitIntervalMs: number
  /** So many pages of 4 KiB are written at once. (Java: commitCommitLogLeastPages) */
  readonly commitLeastPages: number
  /** Commit log files made ahead are written over with zeros, in small steps: they have their room on the disk before they are needed. (Java: warmMapedFileEnable) */
  readonly warmUpSegments: boolean
  /** Each record ends with a checksum over all of it. (Java: enabledAppendPropCRC) */
  readonly appendPropertyCrc: boolean
  /** Opening checks every record of the log, not only those that may have been lost. Takes about a second for each GB. */
  readonly deepScan: boolean
  /** Recovery checks those checksums. (Java: forceVerifyPropCRC) */
  readonly verifyPropertyCrc: boolean
  /** A waiter under SYNC_FLUSH is told FLUSH_DISK_TIMEOUT after this. (Java: syncFlushTimeout) */
  readonly syncFlushTimeoutMs: number
  /** Largest body. (Java: maxMessageSize) */
  readonly maxMessageBytes: number
  /** Topics longer than 127 bytes are stored in layout V2 instead of being refused. (Java: autoMessageVersionOnTopicLen) */
  readonly longTopics: boolean
  /** Memory for the newest bytes of the log: tail reads come from it, and what is not written yet must fit into it. */
  readonly tailBytes: number
  /** Unit in which the tail is taken and given back. */
  readonly tailChunkBytes: number
  /** Memory for blocks of the log that were read from files. */
  readonly coldReadBytes: number
  readonly coldReadBlockBytes: number
  /** Keeps a checksum of each block of the log in files of our own, so that bytes which change at rest are never served. */
  readonly blockChecksums: boolean
  /** Consume queue entries wait at most this long in memory before they are written to their files. */
  readonly consumeQueueWriteIntervalMs: number
  /** How often consume queues are flushed and the checkpoint is moved. (Java: flushIntervalConsumeQueue) */
  readonly consumeQueueFlushIntervalMs: number
  /** Memory for recent consume queue entries that are already in their files. */
  readonly consumeQueueCacheBytes: number
  /** Files held open at once, log and consume queues together. */
  readonly maxOpenFiles: number
  /** Messages nearer to the log's end than this count as being in memory: the larger read limits apply. (Java: accessMessageInMemoryMaxRatio of the RAM) */
  readonly inMemoryBytes: number
  readonly maxTransferBytesInMemory: number
  readonly maxTransferCountInMemory: number
  readonly maxTransferBytesOnDisk: number
  readonly maxTransferCountOnDisk: number
  /** Consume queue bytes one read may look at. (Java: maxFilterMessageSize) */
  readonly maxFilterBytes: number
  /** Queue files that a read which found nothing goes on through. (Java: travelCqFileNumWhenGetMessage) */
  readonly maxQueueFilesPerRead: number
  /** Hours of the day at which old files are removed, with `;` between them. (Java: deleteWhen) */
  readonly deleteWhen: string
  /** A log file may go when nothing was written to it for so long. (Java: fileReservedTime, in hours) */
  readonly fileReservedMs: number
  /** How often it is looked whether files may go and whether the disk is full. (Java: cleanResourceInterval) */
  readonly cleanIntervalMs: number
  /** Pause between two log files that are removed. (Java: deleteCommitLogFilesInterval) */
  readonly deleteLogFileIntervalMs: number
  /** Log files that go at once. (Java: deleteFileBatchMax) */
  readonly deleteFileBatchMax: number
  /** A disk that is nearly full takes files whatever their age. (Java: cleanFileForciblyEnable) */
  readonly cleanFilesForcibly: boolean
  /** From here on, in percent, old files may go at any hour. (Java: diskMaxUsedSpaceRatio) */
  readonly diskMaxUsedPercent: number
  /** From here on files go whatever their age. (Java: diskSpaceCleanForciblyRatio) */
  readonly diskCleanForciblyPercent: number
  /** From here on messages are refused. (Java: diskSpaceWarningLevelRatio) */
  readonly diskWarningPercent: number
  /** Keys, unique keys and tags of messages are indexed for queries. (Java: messageIndexEnable) */
  readonly indexEnabled: boolean
  /** Hash slots of each index file. (Java: maxHashSlotNum) */
  readonly indexSlots: number
  /** Entries of each index file, one of which is never used. (Java: maxIndexNum) */
  readonly indexEntries: number
  /** Messages one query by key gives at most. (Java: maxMsgsNumBatch) */
  readonly maxQueryCount: number
  /** Topics that are to be compacted are; otherwise they are read like others. (Java: enableCompaction) */
  readonly compactionEnabled: boolean
  /** Length of each compaction log file; rounded as Java does. (Java: compactionMappedFileSize) */
  readonly compactionLogSegmentBytes: number
  /** Length of each file of their units. (Java: compactionCqMappedFileSize) */
  readonly compactionQueueSegmentBytes: number
  /** How often queues are compacted. (Java: compactionScheduleInternal) */
  readonly compactionIntervalMs: number
  /** Memory for the keys of one compaction. (Java: maxOffsetMapSize, shared by compactionThreadNum) */
  readonly compactionMapBytes: number
  /** Delays of the levels 1, 2, …: messages of the schedule topic carry their deliver time in the queue entry. (Java: messageDelayLevel) */
  readonly messageDelayLevel: string
}

const bytes = (least: number, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(least).max(Number.MAX_SAFE_INTEGER).default(fallback)
const durationMs = (fallback: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(86_400_000).default(fallback)
const KIB = 1024
const MIB = 1024 * 1024

const schema = z
  .strictObject({
    rootDirectory: z.string().min(1),
    commitLogDirectories: z.array(z.string().min(1)).optional(),
    readOnlyCommitLogDirectories: z.array(z.string().min(1)).default([]),
    fullDiskRatio: z.number().min(0).max(1).default(0.85),
    commitLogSegmentBytes: bytes(4 * KIB, 1024 * MIB),
    consumeQueueSegmentBytes: bytes(20, 6_000_000).refine((n) => n % 20 === 0, {
      message: 'must be a multiple of 20',
    }),
    consumeQueueExtSegmentBytes: bytes(64, 48 * MIB),
    consumeQueueExtEnabled: z.boolean().default(false),
    batchConsumeQueueSegmentBytes: bytes(46, 13_800_000).refine((n) => n % 46 === 0, {
      message: 'must be a multiple of 46',
    }),
    lmqEnabled: z.boolean().default(false),
    maxLmqQueues: z.number().int().min(0).max(2_147_483_647).default(2_147_483_647),
    flushDiskType: z.enum(['ASYNC_FLUSH', 'SYNC_FLUSH']).default('ASYNC_FLUSH'),
    flushIntervalMs: durationMs(500),
    flushLeastPages: z.number().int().min(0).max(1_000_000).default(4),
    flushThoroughIntervalMs: durationMs(10_000),
    flushOnWrite: z.boolean().default(false),
    loopFlushMaxMs: z.number().min(0).max(1000).default(1),
    acknowledgeFromMemory: z.boolean().default(false),
    commitIntervalMs: durationMs(200),
    commitLeastPages: z.number().int().min(0).max(1_000_000).default(4),
    warmUpSegments: z.boolean().default(false),
    appendPropertyCrc: z.boolean().default(false),
    verifyPropertyCrc: z.boolean().default(false),
    deepScan: z.boolean().default(false),
    syncFlushTimeoutMs: durationMs(5000),
    maxMessageBytes: bytes(1, 4 * MIB),
    longTopics: z.boolean().default(true),
    tailBytes: bytes(8 * KIB, 16 * MIB),
    tailChunkBytes: bytes(KIB, MIB),
    coldReadBytes: bytes(8 * KIB, 16 * MIB),
    coldReadBlockBytes: bytes(KIB, 256 * KIB),
    blockChecksums: z.boolean().default(true),
    consumeQueueWriteIntervalMs: durationMs(50),
    consumeQueueFlushIntervalMs: durationMs(1000),
    consumeQueueCacheBytes: bytes(0, 16 * MIB),
    maxOpenFiles: bytes(8, 512),
    inMemoryBytes: bytes(0, 4 * 1024 * MIB),
    maxTransferBytesInMemory: bytes(0, 256 * KIB),
    maxTransferCountInMemory: bytes(1, 32),
    maxTransferBytesOnDisk: bytes(0, 64 * KIB),
    maxTransferCountOnDisk: bytes(1, 8),
    maxFilterBytes: bytes(20, 16_000),
    maxQueueFilesPerRead: bytes(1, 1),
    deleteWhen: z.string().default('04'),
    fileReservedMs: z
      .number()
      .int()
      .min(0)
      .default(72 * 3_600_000),
    cleanIntervalMs: durationMs(10_000),
    deleteLogFileIntervalMs: z.number().int().min(0).max(60_000).default(100),
    deleteFileBatchMax: z.number().int().min(1).max(1_000_000).default(10),
    cleanFilesForcibly: z.boolean().default(true),
    diskMaxUsedPercent: z.number().min(0).max(100).default(75),
    diskCleanForciblyPercent: z.number().min(0).max(100).default(85),
    diskWarningPercent: z.number().min(0).max(100).default(90),
    indexEnabled: z.boolean().default(true),
    indexSlots: z.number().int().min(1).max(100_000_000).default(5_000_000),
    indexEntries: z.number().int().min(2).max(100_000_000).default(20_000_000),
    maxQueryCount: z.number().int().min(1).max(1_000_000).default(64),
    compactionEnabled: z.boolean().default(true),
    compactionLogSegmentBytes: bytes(1, 100 * MIB),
    compactionQueueSegmentBytes: bytes(92, 10 * MIB),
    compactionIntervalMs: durationMs(900_000),
    compactionMapBytes: bytes(0, 100 * MIB),
    messageDelayLevel: z
      .string()
      .default('1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h'),
  })
  .refine((config) => config.maxMessageBytes < config.commitLogSegmentBytes, {
    message: 'must be larger than maxMessageBytes',
    path: ['commitLogSegmentBytes'],
  })

/**
 * Checks settings and fills in the defaults.
 * @throws {StoreError} RMQ_STORE_CONFIG naming each setting that is unknown or out of range.
 */
export function parseStoreConfig(input: unknown): StoreConfig {
  const parsed = schema.safeParse(input)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new StoreError('RMQ_STORE_CONFIG', `store settings: ${problems.join('; ')}`)
  }
  const { commitLogDirectories: given, ...rest } = parsed.data
  const readOnly = rest.readOnlyCommitLogDirectories
  const all =
    given === undefined || given.length === 0 ? [`${rest.rootDirectory}/commitlog`] : given
  // As in Java a directory may be named in both lists.
  const commitLogDirectories = [...new Set(all)].filter((path) => !readOnly.includes(path))
  if (commitLogDirectories.length === 0) {
    throw new StoreError(
      'RMQ_STORE_CONFIG',
      'store settings: commitLogDirectories: all of them are read only',
    )
  }
  return Object.freeze({ ...rest, commitLogDirectories })
}
