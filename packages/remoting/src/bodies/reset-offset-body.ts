// SPDX-License-Identifier: Apache-2.0
// Where to go on: the body of RESET_CONSUMER_CLIENT_OFFSET, for Java and for C++, and the answer of INVOKE_BROKER_TO_RESET_OFFSET.
import {
  initially,
  int32,
  list,
  offset,
  optional,
  pairsOf,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's MessageQueueForC. */
export interface MessageQueueForC {
  readonly brokerName?: string | undefined
  readonly offset: number
  readonly queueId: number
  readonly topic?: string | undefined
}

/** Java's ResetOffsetBody. */
export interface ResetOffsetBody {
  readonly offsetTable: readonly (readonly [MessageQueue, number])[]
}

/** Java's ResetOffsetBodyForC. */
export interface ResetOffsetBodyForC {
  readonly offsetTable?: readonly MessageQueueForC[] | undefined
}

const messageQueueForCShape: Shape<MessageQueueForC> = record<MessageQueueForC>({
  brokerName: optional(text),
  offset: initially(offset, () => 0),
  queueId: initially(int32, () => 0),
  topic: optional(text),
})

const resetOffsetBodyShape: Shape<ResetOffsetBody> = record<ResetOffsetBody>({
  offsetTable: initially(pairsOf(messageQueueShape, offset), () => []),
})

const resetOffsetBodyForCShape: Shape<ResetOffsetBodyForC> = record<ResetOffsetBodyForC>({
  offsetTable: optional(list(messageQueueForCShape)),
})

/** @throws {JavaJsonError} when the bytes are not a ResetOffsetBody. */
export function decodeResetOffsetBody(bytes: Uint8Array): ResetOffsetBody {
  return decodeBody('ResetOffsetBody', resetOffsetBodyShape, bytes)
}

/** The bytes Java's ResetOffsetBody writes. */
export function encodeResetOffsetBody(body: ResetOffsetBody, form?: JsonForm): Uint8Array {
  return encodeBody(resetOffsetBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a ResetOffsetBodyForC. */
export function decodeResetOffsetBodyForC(bytes: Uint8Array): ResetOffsetBodyForC {
  return decodeBody('ResetOffsetBodyForC', resetOffsetBodyForCShape, bytes)
}

/** The bytes Java's ResetOffsetBodyForC writes. */
export function encodeResetOffsetBodyForC(body: ResetOffsetBodyForC, form?: JsonForm): Uint8Array {
  return encodeBody(resetOffsetBodyForCShape, body, form)
}
