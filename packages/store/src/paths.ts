// SPDX-License-Identifier: Apache-2.0
// Places in a store directory.

/** Paths below the root directory, as Java names them. */
export interface StorePaths {
  readonly root: string
  /** Where commit log files are made; read-only directories may hold some as well. */
  readonly commitLogs: readonly string[]
  readonly consumeQueues: string
  readonly consumeQueueExts: string
  readonly batchConsumeQueues: string
  readonly config: string
  readonly index: string
  /** How far the index is on disk. Not Java's. */
  readonly indexProgress: string
  /** Compacted topics. */
  readonly compaction: string
  readonly checkpoint: string
  /** Ours alone: Java does not know it. */
  readonly checksums: string
  /** Exists while the store is open; left behind by a crash. */
  readonly abort: string
  /** Where the queues stood at an orderly stop. Ours alone. */
  readonly queueTable: string
  readonly lock: string
}

export function storePaths(config: {
  rootDirectory: string
  commitLogDirectories: readonly string[]
}): StorePaths {
  const root = config.rootDirectory
  return {
    root,
    commitLogs: config.commitLogDirectories,
    consumeQueues: `${root}/consumequeue`,
    consumeQueueExts: `${root}/consumequeue_ext`,
    batchConsumeQueues: `${root}/batchconsumequeue`,
    config: `${root}/config`,
    index: `${root}/index`,
    indexProgress: `${root}/indexprogress`,
    compaction: `${root}/compaction`,
    checkpoint: `${root}/checkpoint`,
    checksums: `${root}/checksums`,
    abort: `${root}/abort`,
    queueTable: `${root}/consumequeue.table`,
    lock: `${root}/lock`,
  }
}
