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
  /** Wall time before which there is nothing to do. */
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
    const nowMs = this.#options.runtime.clock.nowMs()
    for (const level of this.#levels) {
      if (!level.busy && nowMs >= level.restUntilMs) this.#deliver(level, nowMs)
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

  #deliver(level: Level, nowMs: number): void {
    const { store } = this.#options
    if (level.offset < store.minOffset(SCHEDULE_TOPIC, level.queueId)) this.#clamp(level)
    if (this.#stopped || store.maxOffset(SCHEDULE_TOPIC, level.queueId) <= level.offset) return
    level.busy = true
    // Entries are in the order of their times, so those that match are the first ones.
    let allDue = true
    const query = {
      topic: SCHEDULE_TOPIC,
      queueId: level.queueId,
      queueOffset: level.offset,
      maxCount: MAX_COUNT,
      maxBytes: MAX_BYTES,
      matchTags: (deliverAtMs: number): boolean => {
        // A time further off than the level's delay comes from a clock that was set back: deliver.
        if (allDue) allDue = deliverAtMs <= nowMs || deliverAtMs > nowMs + level.delayMs
        if (!allDue && level.restUntilMs <= nowMs) level.restUntilMs = deliverAtMs
        return allDue
      },
    }
    store.get(query, (result) => this.#append(level, result))
  }

  /** Appends copies of what was read; the level goes on once they are safe. */
  #append(level: Level, result: GetResult): void {
    const { store, logger, runtime } = this.#options
    level.nextOffset = level.offset
    let endOffset = -1
    const refused = this.#stopped
      ? undefined
      : this.#appendEach(level, result.spans, (end) => (endOffset = end))
    if (refused !== undefined) {
      logger.warn({ level: level.number, status: refused }, 'a delayed message could not be stored')
      level.restUntilMs = runtime.clock.nowMs() + RETRY_MS
    } else if (isGone(result.status)) {
      logger.warn(
        { level: level.number, from: level.offset, to: result.nextBeginOffset },
        'delayed messages have left the log undelivered',
      )
      level.nextOffset = Math.max(level.offset, result.nextBeginOffset)
    }
    result.release()
    if (endOffset >= 0) store.whenSafe(endOffset, level, false)
    else this.#delivered(level, 'PUT_OK')
  }

  /** Appends one record after another; returns why it stopped early. */
  #appendEach(
    level: Level,
    spans: readonly Uint8Array[],
    appendedTo: (endOffset: number) => void,
  ): string | undefined {
    const { store, storeHost, logger } = this.#options
    for (const span of spans) {
      for (let at = 0; at < span.length; at += this.#record.recordBytes) {
        const message = this.#record.read(span, at, storeHost)
        const queueOffset = queueOffsetAt(span, at)
        if (message === undefined || message.topic === HALF_TOPIC) {
          logger.error({ level: level.number, queueOffset }, 'a delayed message has no real topic')
        } else {
          const appended = store.append(message)
          if (appended.status !== 'PUT_OK') return appended.status
          appendedTo(appended.offset + appended.recordBytes)
        }
        level.nextOffset = queueOffset + 1
      }
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
    const nowMs = this.#options.runtime.clock.nowMs()
    if (nowMs >= level.restUntilMs) this.#deliver(level, nowMs)
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
