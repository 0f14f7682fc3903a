// SPDX-License-Identifier: Apache-2.0
// Delivers delayed messages: one queue per level, in order, each message to its real topic once its time has come.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'
import { queueOffsetAt } from '@rocketmq-ts/remoting/message'
import type { Cancel, Logger, Runtime } from '@rocketmq-ts/runtime'
import type {
  AckWaiter,
  GetResult,
  GetStatus,
  MessageStore,
  SafetyStatus,
} from '@rocketmq-ts/store'
import type { BrokerSettings } from './config/settings.ts'
import { firstVersion, nextVersion } from './data-version-step.ts'
import { parseDelayLevels } from './delay-levels.ts'
import {
  decodeDelayOffsetFile,
  encodeDelayOffsetFile,
  type DelayOffsetFile,
} from './delay-offset-file.ts'
import { DelayedRecord } from './delayed-record.ts'
import { TableFile } from './table-file.ts'
import { HALF_TOPIC, SCHEDULE_TOPIC } from './topic-names.ts'

/** What the schedule needs of its broker. */
export interface DelayScheduleOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'files'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  readonly store: MessageStore
  readonly storeHost: Uint8Array
  /** Path of delayOffset.json. */
  readonly path: string
}

const TICK_MS = 100
const FIRST_TICK_MS = 1_000
const MAX_COUNT = 32
const MAX_BYTES = 256 * 1024
/** The next message is looked at this often even when it is due much later: the wall clock may be set. */
const LONGEST_REST_MS = 1_000
/** After a refused append. @see ScheduleMessageService.DELAY_FOR_A_PERIOD */
const RETRY_MS = 10_000

/** The delivery of one level. */
interface Level extends AckWaiter {
  readonly number: number
  readonly queueId: number
  readonly delayMs: number
  /** Queue offset of the first message not yet safely delivered. */
  offset: number
  /** What `offset` becomes once the appended copies are safe. */
  nextOffset: number
  busy: boolean
  /** Monotonic time before which there is nothing to do. */
  restUntilMs: number
}

/**
 * All delay levels of one broker. What was delivered but not yet noted in delayOffset.json before a crash is delivered again,
 * as in Java: at least once, never early.
 */
export class DelaySchedule {
  readonly #options: DelayScheduleOptions
  readonly #file: TableFile<DelayOffsetFile>
  readonly #levels: readonly Level[]
  readonly #record = new DelayedRecord()
  #version: DataVersion
  #deliveries = 0
  #dirty = false
  #cancels: Cancel[] = []
  #stopped = false

  constructor(options: DelayScheduleOptions) {
    const { runtime, logger, settings, path } = options
    this.#options = options
    this.#file = new TableFile({
      files: runtime.files,
      logger,
      path,
      decode: decodeDelayOffsetFile,
      encode: encodeDelayOffsetFile,
    })
    const stored = this.#file.load()
    this.#version = stored?.dataVersion ?? firstVersion(runtime.clock.nowMs())
    this.#levels = parseDelayLevels(settings.current.delayLevels).map((delayMs, queueId) =>
      this.#createLevel(queueId, delayMs, stored?.offsetTable.get(queueId + 1) ?? 0),
    )
  }

  /** The highest delay level; higher ones count as this. */
  get maxLevel(): number {
    return this.#levels.length
  }

  /** For runtime info: per level, how far it is delivered and how long its queue is. */
  progress(): readonly { readonly level: number; readonly offset: number; readonly end: number }[] {
    return this.#levels.map(({ number, queueId, offset }) => ({
      level: number,
      offset,
      end: this.#options.store.maxOffset(SCHEDULE_TOPIC, queueId),
    }))
  }

  start(): void {
    const { timers } = this.#options.runtime
    // Before the first new message: what comes from now on must not be passed over.
    for (const level of this.#levels) this.#clamp(level)
    this.#cancels = [
      timers.after(FIRST_TICK_MS, () =>
        this.#cancels.push(timers.every(TICK_MS, () => this.tick())),
      ),
      timers.every(this.#options.settings.current.delayOffsetPersistIntervalMs, () => {
        if (this.#dirty) this.#file.saveSoon(this.#content())
        this.#dirty = false
      }),
    ]
  }

  /** Stops delivering and writes the progress. */
  stop(): void {
    this.#stopped = true
    for (const cancel of this.#cancels.splice(0)) cancel()
    this.#file.save(this.#content())
  }

  /** Looks at every level that may have something due. */
  tick(): void {
    const { clock } = this.#options.runtime
    for (const level of this.#levels) {
      if (!level.busy && clock.monotonicMs() >= level.restUntilMs) this.#deliver(level)
    }
  }

  #createLevel(queueId: number, delayMs: number, offset: number): Level {
    const level: Level = {
      number: queueId + 1,
      queueId,
      delayMs,
      offset,
      nextOffset: offset,
      busy: false,
      restUntilMs: 0,
      acknowledged: (status) => this.#delivered(level, status),
    }
    return level
  }

  #deliver(level: Level): void {
    const { store, runtime } = this.#options
    if (level.offset < store.minOffset(SCHEDULE_TOPIC, level.queueId)) this.#clamp(level)
    if (this.#stopped || store.maxOffset(SCHEDULE_TOPIC, level.queueId) <= level.offset) return
    level.busy = true
    const nowMs = runtime.clock.nowMs()
    // Entries are in the order of their times, so those that match are the first ones.
    let dueCount = 0
    let waitMs = -1
    const query = {
      topic: SCHEDULE_TOPIC,
      queueId: level.queueId,
      queueOffset: level.offset,
      maxCount: MAX_COUNT,
      maxBytes: MAX_BYTES,
      matchTags: (deliverAtMs: number): boolean => {
        if (waitMs >= 0) return false
        // A time further off than the level's delay comes from a clock that was set back: deliver.
        const isDue = deliverAtMs <= nowMs || deliverAtMs > nowMs + level.delayMs
        if (isDue) dueCount++
        else waitMs = deliverAtMs - nowMs
        return isDue
      },
    }
    store.get(query, (result) => {
      if (waitMs >= 0) this.#rest(level, Math.min(waitMs, LONGEST_REST_MS))
      try {
        this.#append(level, result, level.offset + dueCount)
      } catch (err) {
        this.#options.logger.error({ err, level: level.number }, 'a delay level cannot go on')
        this.#rest(level, RETRY_MS)
        level.busy = false
      } finally {
        result.release()
      }
    })
  }

  #rest(level: Level, forMs: number): void {
    level.restUntilMs = this.#options.runtime.clock.monotonicMs() + forMs
  }

  /** Appends copies of what was read; the level goes on once they are safe. Entries from `notDueFrom` on were only looked at. */
  #append(level: Level, result: GetResult, notDueFrom: number): void {
    const { store, logger } = this.#options
    level.nextOffset = level.offset
    let endOffset = -1
    const refused = this.#stopped
      ? undefined
      : this.#appendEach(level, joined(result.spans), (end) => (endOffset = end))
    if (refused !== undefined) {
      logger.warn({ level: level.number, status: refused }, 'a delayed message could not be stored')
      this.#rest(level, RETRY_MS)
    } else if (isGone(result.status)) {
      const to = Math.max(level.offset, Math.min(result.nextBeginOffset, notDueFrom))
      logger.warn(
        { level: level.number, from: level.offset, to },
        'delayed messages have left the log undelivered',
      )
      level.nextOffset = to
    }
    if (endOffset >= 0) store.whenSafe(endOffset, level, false)
    else this.#delivered(level, 'PUT_OK')
  }

  /** Appends one record after another; returns why it stopped early. */
  #appendEach(
    level: Level,
    records: Uint8Array,
    appendedTo: (endOffset: number) => void,
  ): string | undefined {
    const { store, storeHost, logger } = this.#options
    for (let at = 0; at < records.length; at += this.#record.recordBytes) {
      const message = this.#record.read(records, at, storeHost)
      const queueOffset = queueOffsetAt(records, at)
      if (message === undefined || message.topic === HALF_TOPIC) {
        logger.error({ level: level.number, queueOffset }, 'a delayed message has no real topic')
      } else {
        const appended = store.append(message)
        if (appended.status !== 'PUT_OK') return appended.status
        appendedTo(appended.offset + appended.recordBytes)
      }
      level.nextOffset = queueOffset + 1
    }
    return undefined
  }

  #delivered(level: Level, status: SafetyStatus): void {
    level.busy = false
    if (status === 'SERVICE_NOT_AVAILABLE') return
    const moved = level.nextOffset - level.offset
    if (moved === 0) return
    level.offset = level.nextOffset
    this.#dirty = true
    const step = this.#options.settings.current.delayOffsetVersionStep
    if (Math.floor((this.#deliveries + moved) / step) > Math.floor(this.#deliveries / step)) {
      this.#version = nextVersion(this.#version, this.#options.runtime.clock.nowMs())
    }
    this.#deliveries += moved
    if (this.#options.runtime.clock.monotonicMs() >= level.restUntilMs) this.#deliver(level)
  }

  /** The log may have lost its oldest files, or (after damage) its newest records. */
  #clamp(level: Level): void {
    const { store, logger } = this.#options
    const first = store.minOffset(SCHEDULE_TOPIC, level.queueId)
    const end = store.maxOffset(SCHEDULE_TOPIC, level.queueId)
    const offset = Math.min(Math.max(level.offset, first), end)
    if (offset === level.offset) return
    logger.warn(
      { level: level.number, from: level.offset, to: offset },
      'the progress of a delay level was outside its queue',
    )
    level.offset = offset
    this.#dirty = true
  }

  #content(): DelayOffsetFile {
    const reached = this.#levels.filter(({ offset }) => offset > 0)
    return {
      dataVersion: this.#version,
      offsetTable: new Map(reached.map(({ number, offset }) => [number, offset])),
    }
  }
}

/** The entries are there but their records are not any more. */
function isGone(status: GetStatus): boolean {
  return status === 'MESSAGE_WAS_REMOVING' || status === 'OFFSET_FOUND_NULL'
}

/** Spans as one: a record read from disk may lie in two of them. */
function joined(spans: readonly Uint8Array[]): Uint8Array {
  const [only] = spans
  return spans.length === 1 && only !== undefined ? only : Buffer.concat(spans)
}
