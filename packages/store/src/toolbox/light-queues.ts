// SPDX-License-Identifier: Apache-2.0
// The light queues that a stored record has entries in.
import { findProperty, propertyEnd } from '@rocketmq-ts/remoting/message'
import { isLmq } from '../multi-dispatch.ts'
import { textIn } from './record-text.ts'

const NAMES = Buffer.from('INNER_MULTI_DISPATCH')
const OFFSETS = Buffer.from('INNER_MULTI_QUEUE_OFFSET')
const NONE: readonly string[] = []

/** Each once. The properties lie in `bytes` from `start` up to `end`. */
export function lightQueuesOf(
  topic: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly string[] {
  const namesAt = findProperty(bytes, NAMES, start, end)
  if (namesAt < 0 || !mayHave(topic)) return NONE
  const offsetsAt = findProperty(bytes, OFFSETS, start, end)
  // Without offsets the store that took it had no light queues.
  if (offsetsAt < 0) return NONE
  const names = parts(textIn(bytes, namesAt, propertyEnd(bytes, namesAt, end)))
  const offsets = parts(textIn(bytes, offsetsAt, propertyEnd(bytes, offsetsAt, end)))
  if (names.length !== offsets.length) return NONE
  return [...new Set(names.filter(isLmq))]
}

function mayHave(topic: string): boolean {
  const isSystem = topic.startsWith('rmq_sys_') || topic === 'SCHEDULE_TOPIC_XXXX'
  return !(isSystem || topic.startsWith('%RETRY%') || topic.startsWith('%DLQ%'))
}

/** Java's split: empty parts at the end do not count. */
function parts(text: string): string[] {
  const all = text.split(',')
  while (all.at(-1) === '') all.pop()
  return all
}
