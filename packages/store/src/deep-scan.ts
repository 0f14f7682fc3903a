// SPDX-License-Identifier: Apache-2.0
// Checks every record of the log when a store is opened, also those that recovery has no reason to doubt.
import type { Clock, Logger, Turn } from '@rocketmq-ts/runtime'
import { StoreError } from './errors.ts'
import type { OpenProgress } from './messages.ts'
import { scan } from './scan.ts'
import { ScanProgress } from './scan-progress.ts'
import type { SegmentFiles } from './segment-files.ts'

/** Places named in one message. */
const MOST_NAMED = 10

/**
 * Reads the log from its start up to `end`. Behind a damaged record it goes on with the next file.
 * @throws {StoreError} RMQ_STORE_DAMAGED naming the places that are not sound.
 */
export async function deepScan(options: {
  segments: SegmentFiles
  end: number
  checksWhole: boolean
  turn: Turn
  clock: Clock
  logger: Logger
  tell: ((progress: OpenProgress) => void) | undefined
}): Promise<void> {
  const { segments, end, checksWhole, turn, clock, logger, tell } = options
  const from = segments.start
  const progress = new ScanProgress({ clock, logger, tell, step: 'verify', from, to: end })
  const damaged: string[] = []
  let records = 0
  for (let at = from; at < end;) {
    const found = await scan({
      segments,
      from: at,
      checksWhole,
      turn,
      take: () => void records++,
      progress: (offset) => {
        progress.reached(offset)
        return Promise.resolve()
      },
    })
    progress.reached(Math.min(found.end, end))
    if (found.end >= end) break
    damaged.push(`${found.end} in ${segments.path(segments.startOf(found.end))}`)
    at = segments.startOf(found.end) + segments.segmentBytes
  }
  if (damaged.length === 0) {
    logger.info({ records, bytes: end - from }, 'every record of the commit log is sound')
    return
  }
  const named = damaged.slice(0, MOST_NAMED).join('; ')
  throw new StoreError(
    'RMQ_STORE_DAMAGED',
    `the commit log is damaged at ${named}${damaged.length > MOST_NAMED ? '; …' : ''}. ` +
      'Restore these files from a copy, or open without the deep scan: what is damaged is then not delivered',
  )
}
