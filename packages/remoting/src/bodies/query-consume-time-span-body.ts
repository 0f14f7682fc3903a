// SPDX-License-Identifier: Apache-2.0
// Store times of a topic's queues: the answer of QUERY_CONSUME_TIME_SPAN.
import { initially, list, offset, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's QueueTimeSpan. */
export interface QueueTimeSpan {
  readonly consumeTimeStamp: number
  readonly consumeTimeStampStr?: string | undefined
  /** Milliseconds. */
  readonly delayTime: number
  readonly maxTimeStamp: number
  readonly maxTimeStampStr?: string | undefined
  readonly messageQueue?: MessageQueue | undefined
  readonly minTimeStamp: number
  /** Java's text of the time, in the broker's time zone; not read by anybody. */
  readonly minTimeStampStr?: string | undefined
}

/** Java's QueryConsumeTimeSpanBody. */
export interface QueryConsumeTimeSpanBody {
  readonly consumeTimeSpanSet: readonly QueueTimeSpan[]
}

const queueTimeSpanShape: Shape<QueueTimeSpan> = record<QueueTimeSpan>({
  consumeTimeStamp: initially(offset, () => 0),
  consumeTimeStampStr: optional(text),
  delayTime: initially(offset, () => 0),
  maxTimeStamp: initially(offset, () => 0),
  maxTimeStampStr: optional(text),
  messageQueue: optional(messageQueueShape),
  minTimeStamp: initially(offset, () => 0),
  minTimeStampStr: optional(text),
})

const queryConsumeTimeSpanBodyShape: Shape<QueryConsumeTimeSpanBody> =
  record<QueryConsumeTimeSpanBody>({
    consumeTimeSpanSet: initially(list(queueTimeSpanShape), () => []),
  })

/** @throws {JavaJsonError} when the bytes are not a QueryConsumeTimeSpanBody. */
export function decodeQueryConsumeTimeSpanBody(bytes: Uint8Array): QueryConsumeTimeSpanBody {
  return decodeBody('QueryConsumeTimeSpanBody', queryConsumeTimeSpanBodyShape, bytes)
}

/** The bytes Java's QueryConsumeTimeSpanBody writes. */
export function encodeQueryConsumeTimeSpanBody(
  body: QueryConsumeTimeSpanBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(queryConsumeTimeSpanBodyShape, body, form)
}
