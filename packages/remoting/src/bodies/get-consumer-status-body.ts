// SPDX-License-Identifier: Apache-2.0
// How far the consumers of a group are: the answer of INVOKE_BROKER_TO_GET_CONSUMER_STATUS and GET_CONSUMER_STATUS_FROM_CLIENT.
import { initially, mapOf, offset, pairsOf, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's GetConsumerStatusBody. */
export interface GetConsumerStatusBody {
  readonly consumerTable: ReadonlyMap<string, readonly (readonly [MessageQueue, number])[]>
  readonly messageQueueTable: readonly (readonly [MessageQueue, number])[]
}

const getConsumerStatusBodyShape: Shape<GetConsumerStatusBody> = record<GetConsumerStatusBody>({
  consumerTable: initially(mapOf(text, pairsOf(messageQueueShape, offset)), () => new Map()),
  messageQueueTable: initially(pairsOf(messageQueueShape, offset), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a GetConsumerStatusBody. */
export function decodeGetConsumerStatusBody(bytes: Uint8Array): GetConsumerStatusBody {
  return decodeBody('GetConsumerStatusBody', getConsumerStatusBodyShape, bytes)
}

/** The bytes Java's GetConsumerStatusBody writes. */
export function encodeGetConsumerStatusBody(
  body: GetConsumerStatusBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getConsumerStatusBodyShape, body, form)
}
