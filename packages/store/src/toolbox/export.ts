// SPDX-License-Identifier: Apache-2.0
// Walks over a log and gives its messages one by one, as far as they are wanted.
import {
  decodeMessage,
  findProperty,
  int64At,
  keysOf,
  type MessageExt,
  propertyEnd,
  queueIdAt,
  queueOffsetAt,
  type RecordLocation,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import type { Place } from '../record-check.ts'
import { type CompactedFolder, compactedFolders, pairsOf, planOf } from './compacted-folder.ts'
import { walkLog } from './log-walk.ts'
import { textIn } from './record-text.ts'
import type { StoreFolder } from './store-folder.ts'

const UNIQ_KEY = Buffer.from('UNIQ_KEY')
const KEYS = Buffer.from('KEYS')

/** Which messages are wanted: all that pass each of these. */
export interface ExportFilter {
  readonly topic?: string | undefined
  readonly queueId?: number | undefined
  /** Store time in milliseconds: from this on, and before this. */
  readonly fromMs?: number | undefined
  readonly untilMs?: number | undefined
  /** Queue offset: from this on, and below this. */
  readonly fromOffset?: number | undefined
  readonly untilOffset?: number | undefined
  /** One of the message's keys, or its unique key. */
  readonly key?: string | undefined
}

/** One exported message. */
export interface ExportedMessage {
  readonly topic: string
  readonly queueId: number
  readonly queueOffset: number
  /** −1 for a message that has left the log and is only in its queue's compaction log. */
  readonly commitLogOffset: number
  readonly storeTimestamp: number
  readonly bornTimestamp: number
  readonly bornHost: string
  readonly storeHost: string
  readonly msgId: string
  readonly offsetMsgId: string
  readonly flag: number
  readonly sysFlag: number
  readonly reconsumeTimes: number
  readonly preparedTransactionOffset: number
  readonly properties: Readonly<Record<string, string>>
  /** As it was sent: restored when it was compressed. */
  readonly body: Uint8Array
}

/** Options of {@link exportMessages}. */
export interface ExportOptions {
  readonly folder: StoreFolder
  readonly turn: Turn
  readonly filter: ExportFilter
  /**
   * Called for each message in the order of the log, then for those that only compaction logs still have, queue by queue; the body is
   * valid during the call.
   */
  readonly take: (message: ExportedMessage) => void
  /** Hears of stretches that are no sound records. */
  readonly damaged?: ((from: number, to: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((doneBytes: number, ofBytes: number) => void) | undefined
}

/** Resolves with the number of messages. Halves of transactions and what was rolled back are no messages. */
export async function exportMessages(options: ExportOptions): Promise<number> {
  const { folder, filter } = options
  const { log } = folder
  let count = 0
  const topic = filter.topic === undefined ? undefined : Buffer.from(filter.topic)
  const compacted = compactedFolders(folder)
  // Of each compacted queue, the queue offset at which the log begins.
  const inLog = new Map(compacted.map((one) => [`${one.topic}/${one.queueId}`, -1]))
  await walkLog({
    row: log,
    visitor: {
      record: (place, location) => {
        if (inLog.size > 0) noteFirst(inLog, place, location)
        if (!isWanted(place, location, topic, filter)) return
        count++
        options.take(exported(place, location))
      },
      damaged: ({ from, to }) => options.damaged?.(from, to),
    },
    knownEnd: 0,
    turn: options.turn,
    signal: options.signal,
    progress: (offset) => options.progress?.(offset - log.start, log.end - log.start),
  })
  for (const one of compacted) {
    const first = inLog.get(`${one.topic}/${one.queueId}`) ?? -1
    count += await exportCompacted(options, one, first < 0 ? Number.MAX_SAFE_INTEGER : first)
  }
  return count
}

function noteFirst(
  inLog: Map<string, number>,
  { bytes, at }: Place,
  { topicStart, topicEnd }: RecordLocation,
): void {
  const name = `${textIn(bytes, topicStart, topicEnd)}/${queueIdAt(bytes, at)}`
  if (inLog.get(name) === -1) inLog.set(name, queueOffsetAt(bytes, at))
}

/** Messages of a compacted queue below a queue offset. */
async function exportCompacted(
  options: ExportOptions,
  compacted: CompactedFolder,
  below: number,
): Promise<number> {
  const { folder, filter, turn, signal } = options
  const { topic, queueId } = compacted
  if (filter.topic !== undefined && filter.topic !== topic) return 0
  if (filter.queueId !== undefined && filter.queueId !== queueId) return 0
  let count = 0
  for (const { log } of pairsOf(folder, compacted, planOf(folder.files, compacted))) {
    await walkLog({
      row: log,
      knownEnd: 0,
      checksWhole: false,
      turn,
      signal,
      visitor: {
        record: (place, location) => {
          if (queueOffsetAt(place.bytes, place.at) >= below) return
          if (!isWanted(place, location, undefined, filter)) return
          count++
          options.take({ ...exported(place, location), commitLogOffset: -1 })
        },
        damaged: () => undefined,
      },
    })
  }
  return count
}

function isWanted(
  { bytes, at }: Place,
  location: RecordLocation,
  topic: Buffer | undefined,
  filter: ExportFilter,
): boolean {
  const type = transactionTypeOf(location.sysFlag)
  if (type === 0x4 || type === 0xc) return false
  const { topicStart, topicEnd } = location
  if (topic !== undefined && !topic.equals(bytes.subarray(topicStart, topicEnd))) return false
  if (filter.queueId !== undefined && queueIdAt(bytes, at) !== filter.queueId) return false
  const storedMs = int64At(bytes, location.storeTimestampAt)
  if (!isWithin(storedMs, filter.fromMs, filter.untilMs)) return false
  if (!isWithin(queueOffsetAt(bytes, at), filter.fromOffset, filter.untilOffset)) return false
  return filter.key === undefined || hasKey(bytes, location, filter.key)
}

function isWithin(value: number, from: number | undefined, until: number | undefined): boolean {
  return (from === undefined || value >= from) && (until === undefined || value < until)
}

function hasKey(bytes: Uint8Array, location: RecordLocation, key: string): boolean {
  const { propertiesStart: start, propertiesEnd: end } = location
  const valueOf = (name: Uint8Array): string | undefined => {
    const at = findProperty(bytes, name, start, end)
    return at < 0 ? undefined : textIn(bytes, at, propertyEnd(bytes, at, end))
  }
  if (valueOf(UNIQ_KEY) === key) return true
  const keys = valueOf(KEYS)
  return keys !== undefined && keysOf({ properties: { KEYS: keys } }).includes(key)
}

function exported({ bytes, at }: Place, location: RecordLocation): ExportedMessage {
  const record = bytes.subarray(at, at + location.recordBytes)
  const message = decoded(record)
  const { topic, queueId, queueOffset, commitLogOffset, storeTimestamp, bornTimestamp } = message
  const { msgId, offsetMsgId, flag, sysFlag, reconsumeTimes, preparedTransactionOffset } = message
  return {
    ...{ topic, queueId, queueOffset, commitLogOffset, storeTimestamp, bornTimestamp },
    bornHost: hostText(message.bornHost),
    storeHost: hostText(message.storeHost),
    ...{ msgId, offsetMsgId, flag, sysFlag, reconsumeTimes, preparedTransactionOffset },
    properties: message.properties,
    body: message.body,
  }
}

/** A body that cannot be restored is given as it is stored: its flag still says that it is compressed. */
function decoded(record: Uint8Array): MessageExt {
  try {
    return decodeMessage(record)
  } catch {
    return decodeMessage(record, 0, { decompress: false })
  }
}

function hostText({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
