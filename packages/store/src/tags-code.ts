// SPDX-License-Identifier: Apache-2.0
// The number a message gets in its consume queue entry: the hash of its tag, or its deliver time when it is scheduled.
import { findProperty, propertyEnd, tagHashOfUtf8 } from '@rocketmq-ts/remoting/message'

/** Topic whose messages wait for their delay level. (Java: TopicValidator.RMQ_SYS_SCHEDULE_TOPIC) */
const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX'
const TAGS = Buffer.from('TAGS')
const DELAY = Buffer.from('DELAY')

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Delays in milliseconds of the levels 1, 2, … of a text such as `1s 5s 1m`. */
export function parseDelayLevels(text: string): readonly number[] {
  const levels = text.trim().split(/\s+/)
  return levels.map(
    (level) => Number(level.slice(0, -1)) * (UNIT_MS[level.slice(-1)] ?? Number.NaN),
  )
}

/** True for the topic whose queue entries carry deliver times. */
export function isScheduleTopic(topic: string): boolean {
  return topic === SCHEDULE_TOPIC
}

/**
 * The code of a message of `topic` whose properties lie in `bytes` from `start` up to `end`.
 * @see CommitLog.checkMessageAndReturnSize
 */
export function tagsCodeOf(
  topic: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  storeTimestampMs: number,
  delaysMs: readonly number[],
): number {
  if (isScheduleTopic(topic)) {
    const level = Math.min(delayLevelOf(bytes, start, end), delaysMs.length)
    if (level > 0) return storeTimestampMs + (delaysMs[level - 1] ?? 0)
  }
  const tagsAt = findProperty(bytes, TAGS, start, end)
  return tagsAt < 0 ? 0 : tagHashOfUtf8(bytes, tagsAt, propertyEnd(bytes, tagsAt, end))
}

/** The delay level among the properties, or 0. */
function delayLevelOf(bytes: Uint8Array, start: number, end: number): number {
  const at = findProperty(bytes, DELAY, start, end)
  if (at < 0) return 0
  const text = Buffer.from(bytes.subarray(at, propertyEnd(bytes, at, end))).toString('latin1')
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
