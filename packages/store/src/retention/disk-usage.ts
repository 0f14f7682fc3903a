// SPDX-License-Identifier: Apache-2.0
// How full the disks of a store are, and what that means for old files and new messages.
import type { DiskSpace, Files } from '@rocketmq-ts/runtime'

/** Bounds in percent. */
export interface DiskBounds {
  /** Old files may go whatever the hour. (Java: diskMaxUsedSpaceRatio) */
  readonly diskMaxUsedPercent: number
  /** They go whatever their age. (Java: diskSpaceCleanForciblyRatio) */
  readonly diskCleanForciblyPercent: number
  /** Messages are refused. (Java: diskSpaceWarningLevelRatio) */
  readonly diskWarningPercent: number
}

/** What is to be done. `isFull` undefined: leave it as it is. */
export interface DiskVerdict {
  readonly isTight: boolean
  readonly cleansForcibly: boolean
  readonly isFull: boolean | undefined
  /** The disk that decided. */
  readonly path: string
  readonly usedPercent: number
}

/** Used space in percent, rounded up. @see UtilAll.getDiskPartitionSpaceUsedPercent */
export function usedPercent({ totalBytes, freeBytes }: DiskSpace): number {
  if (!Number.isFinite(totalBytes) || totalBytes <= 0) return 0
  return Math.ceil(((totalBytes - freeBytes) * 100) / totalBytes)
}

/**
 * Looks at the least full disk of the log, then at that of the queues.
 * Between the second and the third bound messages stay refused if they were. @see CleanCommitLogService.isSpaceToDelete
 */
export function judgeDisks(
  files: Pick<Files, 'space'>,
  logDirectories: readonly string[],
  queueDirectory: string,
  bounds: DiskBounds,
): DiskVerdict {
  const logs = logDirectories.map((path) => ({ path, used: usedPercent(files.space(path)) }))
  const log = logs.reduce((least, next) => (next.used < least.used ? next : least))
  const queues = { path: queueDirectory, used: usedPercent(files.space(queueDirectory)) }
  const warning = clamped(bounds.diskWarningPercent, 35, 90)
  const forcibly = clamped(bounds.diskCleanForciblyPercent, 30, 85)
  let isFull: boolean | undefined
  for (const { path, used } of [log, queues]) {
    const verdict = { isTight: true, cleansForcibly: true, path, usedPercent: used }
    if (used > warning) return { ...verdict, isFull: true }
    if (used > forcibly) return { ...verdict, isFull }
    isFull = false
  }
  const tightest = log.used >= queues.used ? log : queues
  return {
    isTight: tightest.used > bounds.diskMaxUsedPercent,
    cleansForcibly: false,
    isFull,
    path: tightest.path,
    usedPercent: tightest.used,
  }
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
