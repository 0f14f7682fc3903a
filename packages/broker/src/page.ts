// SPDX-License-Identifier: Apache-2.0
// One page of a table that an administrator reads in several requests.
import { decodeDataVersion, sameDataVersion, type DataVersion } from '@rocketmq-ts/remoting/bodies'

/** What a request says of the page it wants. Without a count it wants everything. */
export interface PageRequest {
  readonly start: number | undefined
  readonly count: number | undefined
  /** JSON of the version the first page had. */
  readonly dataVersion: string | undefined
}

/** A page, and how many entries the table has. */
export interface Page<T> {
  readonly entries: ReadonlyMap<string, T>
  readonly total: number
}

/**
 * Cuts a page out of the table. A reader whose version is outdated starts again from the beginning,
 * because entries may have moved between pages. @see TopicConfigManager.subTopicConfigTable
 */
export function pageOf<T>(
  table: ReadonlyMap<string, T>,
  version: DataVersion,
  request: PageRequest,
): Page<T> {
  const { start, count, dataVersion } = request
  if (start === undefined || start < 0 || count === undefined) {
    return { entries: table, total: table.size }
  }
  const isCurrent =
    start === 0 ||
    (dataVersion !== undefined && sameDataVersion(decodeVersionText(dataVersion), version))
  const from = isCurrent ? start : 0
  const entries = new Map([...table].slice(from, from + Math.max(0, count)))
  return { entries, total: table.size }
}

function decodeVersionText(text: string): DataVersion {
  return decodeDataVersion(Buffer.from(text))
}
