// SPDX-License-Identifier: Apache-2.0
// The records that cross the store's border: what is put in, what comes back, and Java's status names.

import type { QueueExtUnit } from './queue-ext.ts'

/** Why a message was stored or not, by Java's names. @see PutMessageStatus */
export type PutStatus =
  | 'PUT_OK'
  | 'SERVICE_NOT_AVAILABLE'
  | 'MESSAGE_ILLEGAL'
  | 'PROPERTIES_SIZE_EXCEEDED'
  | 'OS_PAGE_CACHE_BUSY'
  | 'LMQ_CONSUME_QUEUE_NUM_EXCEEDED'

/** How safe a message was when its wait ended. */
export type SafetyStatus = 'PUT_OK' | 'FLUSH_DISK_TIMEOUT' | 'SERVICE_NOT_AVAILABLE'

/** A message to append. The caller may reuse and change it at once: the store copies what it keeps. */
export interface MessageToStore {
  topic: string
  /** 0 … 2^31 − 1. */
  queueId: number
  flag: number
  /** Bits of the message; the two address-family bits are set by the store from the length of the hosts. */
  sysFlag: number
  /** Producer's clock, milliseconds since the Unix epoch. */
  bornTimestampMs: number
  /** 4 or 16 address bytes and a 4-byte port, big-endian. */
  bornHost: Uint8Array
  storeHost: Uint8Array
  reconsumeTimes: number
  /** Commit log offset of the half message, for commit and rollback records; otherwise 0. */
  preparedTransactionOffset: number
  /** Goes into the consume queue entry: the hash of TAGS. The store replaces it by the deliver time for messages of the schedule topic. */
  tagsCode: number
  body: Uint8Array
  /** `name U+0001 value U+0002 …` in UTF-8, as it is to be stored. */
  properties: Uint8Array
}

/** Outcome of an append. The store reuses the object: read it before the next append. */
export interface Appended {
  status: PutStatus
  /** Commit log offset of the record. */
  offset: number
  recordBytes: number
  queueOffset: number
  storeTimestampMs: number
}

/** Outcome of a batch append. The store reuses the object: read it before the next append. */
export interface AppendedBatch {
  status: PutStatus
  /** Commit log offset of the first record. */
  offset: number
  /** Bytes of all records. */
  recordBytes: number
  /** Queue offset of the first record; the others follow. */
  queueOffset: number
  storeTimestampMs: number
  count: number
  /** Commit log offsets, `count` of them. */
  offsets: Float64Array
}

/** Outcome of a raw append. */
export interface RawAppended {
  /** MESSAGE_ILLEGAL: the offset is not the log's end, or something that is no whole, unaltered record follows what was taken. */
  readonly status: PutStatus
  /** Bytes taken. What is left of an incomplete record must be given again, with the rest of it. */
  readonly takenBytes: number
}

/** Hears that everything below an offset is as safe as was asked. */
export interface AckWaiter {
  acknowledged(status: SafetyStatus): void
}

/** Outcome of a read, by Java's names. @see GetMessageStatus */
export type GetStatus =
  | 'FOUND'
  | 'NO_MATCHED_MESSAGE'
  | 'MESSAGE_WAS_REMOVING'
  | 'OFFSET_FOUND_NULL'
  | 'OFFSET_OVERFLOW_BADLY'
  | 'OFFSET_OVERFLOW_ONE'
  | 'OFFSET_TOO_SMALL'
  | 'NO_MATCHED_LOGIC_QUEUE'
  | 'NO_MESSAGE_IN_QUEUE'

/** What to read. */
export interface GetQuery {
  topic: string
  queueId: number
  queueOffset: number
  maxCount: number
  maxBytes: number
  /**
   * Called with the tags code of each queue entry, and its unit when it has one, sometimes again when the read had to wait for the
   * disk; undefined takes all.
   */
  matchTags?: ((tagsCode: number, unit: QueueExtUnit | undefined) => boolean) | undefined
  /** Called with the stored record when the tags matched; the view is valid during the call. */
  matchRecord?: ((record: Uint8Array) => boolean) | undefined
}

/** What was read. */
export interface GetResult {
  readonly status: GetStatus
  readonly nextBeginOffset: number
  readonly minOffset: number
  readonly maxOffset: number
  readonly messageCount: number
  /** Bytes of all spans together. */
  readonly bodyBytes: number
  /** Stored records one after another, to be written to a socket as they are. Borrowed until `release`. */
  readonly spans: readonly Uint8Array[]
  /** True when the messages are so far behind that they are probably not in memory (Java's `suggestPullingFromSlave`). */
  readonly farBehind: boolean
  /** Gives the spans back; call it once, when they have been written or dropped. */
  release(): void
}

/** What to look for by key. */
export interface KeyQuery {
  readonly topic: string
  readonly key: string
  /** `T` looks for tags, everything else for keys and unique keys. */
  readonly indexType?: string | undefined
  readonly maxCount: number
  /** Store times in milliseconds, both inclusive. */
  readonly beginMs: number
  readonly endMs: number
}

/** What a query by key found. */
export interface KeyQueryResult {
  /** Copies of stored records, in log order. Their keys have the right hash: whether it is the right key is for the caller to see, as in Java. */
  readonly records: readonly Uint8Array[]
  /** Store time and log offset of the newest record in the index; 0 when nothing was found. */
  readonly indexLastUpdateTimestampMs: number
  readonly indexLastUpdateOffset: number
}

/** How far the opening of a store has come. */
export interface OpenProgress {
  /** `queues`: files of queues found; `entries`: queues looked through; `log`, `verify`: bytes of the log checked by recovery, by a deep scan. */
  readonly step: 'queues' | 'entries' | 'log' | 'verify'
  readonly done: number
  /** How much there is to do at most, 0 while nobody knows. */
  readonly of: number
}

/** The bit map that filters of a topic leave for a message with these stored properties; undefined when there is none. */
export type BitMapOf = (topic: string, properties: Uint8Array) => Uint8Array | undefined

/** What an entry's unit holds when there is no bit map. */
export const NO_BIT_MAP: Uint8Array = new Uint8Array(0)

/** What to look for by key. */
export interface KeyQuery {
  readonly topic: string
  readonly key: string
  /** `T` looks for tags, everything else for keys and unique keys. */
  readonly indexType?: string | undefined
  readonly maxCount: number
  /** Store times in milliseconds, both inclusive. */
  readonly beginMs: number
  readonly endMs: number
}

/** What a query by key found. */
export interface KeyQueryResult {
  /** Copies of stored records, in log order. Their keys have the right hash: whether it is the right key is for the caller to see, as in Java. */
  readonly records: readonly Uint8Array[]
  /** Store time and log offset of the newest record in the index; 0 when nothing was found. */
  readonly indexLastUpdateTimestampMs: number
  readonly indexLastUpdateOffset: number
}

/** Which of the equal times a search by time lands on. */
export type Boundary = 'LOWER' | 'UPPER'

/**
 * Hears of each message that became readable, in log order.
 * `properties` returns a view of the stored properties that is valid during the call, or undefined when the bytes have left memory.
 */
export type ArrivalListener = (
  topic: string,
  queueId: number,
  queueOffset: number,
  tagsCode: number,
  storeTimestampMs: number,
  properties: () => Uint8Array | undefined,
) => void

/** Where a queue starts and ends. */
export interface QueueBounds {
  readonly topic: string
  readonly queueId: number
  readonly minOffset: number
  readonly maxOffset: number
}

/** Figures of a running store. All offsets are commit log offsets in bytes. */
export interface StoreStatus {
  readonly writable: boolean
  /** Appends are refused because the disk does not keep up with the tail. */
  readonly pageCacheBusy: boolean
  readonly commitLogMinOffset: number
  /** End of what has been appended, also what is not yet written. */
  readonly commitLogMaxOffset: number
  readonly writtenOffset: number
  readonly flushedOffset: number
  /** Below this everything may be read. */
  readonly confirmedOffset: number
  /** Below this replication has everything; 0 without it. */
  readonly replicatedOffset: number
  /** Below this everything is on disk in the consume queues. */
  readonly queuesDurableOffset: number
  /** Bytes appended but not yet readable. */
  readonly dispatchBehindBytes: number
  /** Bytes written but not yet flushed. */
  readonly flushBehindBytes: number
  /** Below this every record is in the index. */
  readonly indexedOffset: number
  readonly earliestStoreTimestampMs: number
  readonly appendedCount: number
  readonly readCount: number
  /** Spans handed out and not yet released. */
  readonly heldSpans: number
  readonly queueCount: number
}
