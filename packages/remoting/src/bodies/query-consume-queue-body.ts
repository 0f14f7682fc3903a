// SPDX-License-Identifier: Apache-2.0
// Entries of a consume queue: the answer of QUERY_CONSUME_QUEUE.
import {
  bool,
  initially,
  int32,
  list,
  long,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JavaLong } from '../java-json/values.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { subscriptionDataShape, type SubscriptionData } from './subscription-data.ts'

/** Java's ConsumeQueueData. */
export interface ConsumeQueueData {
  readonly bitMap?: string | undefined
  readonly eval: boolean
  readonly extendDataJson?: string | undefined
  readonly msg?: string | undefined
  readonly physicOffset: number
  readonly physicSize: number
  readonly tagsCode: JavaLong
}

/** Java's QueryConsumeQueueResponseBody. */
export interface QueryConsumeQueueBody {
  readonly filterData?: string | undefined
  readonly maxQueueIndex: number
  readonly minQueueIndex: number
  readonly queueData?: readonly ConsumeQueueData[] | undefined
  readonly subscriptionData?: SubscriptionData | undefined
}

const consumeQueueDataShape: Shape<ConsumeQueueData> = record<ConsumeQueueData>({
  bitMap: optional(text),
  eval: initially(bool, () => false),
  extendDataJson: optional(text),
  msg: optional(text),
  physicOffset: initially(offset, () => 0),
  physicSize: initially(int32, () => 0),
  tagsCode: initially(long, () => 0),
})

const queryConsumeQueueBodyShape: Shape<QueryConsumeQueueBody> = record<QueryConsumeQueueBody>({
  filterData: optional(text),
  maxQueueIndex: initially(offset, () => 0),
  minQueueIndex: initially(offset, () => 0),
  queueData: optional(list(consumeQueueDataShape)),
  subscriptionData: optional(subscriptionDataShape),
})

/** @throws {JavaJsonError} when the bytes are not a QueryConsumeQueueBody. */
export function decodeQueryConsumeQueueBody(bytes: Uint8Array): QueryConsumeQueueBody {
  return decodeBody('QueryConsumeQueueBody', queryConsumeQueueBodyShape, bytes)
}

/** The bytes Java's QueryConsumeQueueResponseBody writes. */
export function encodeQueryConsumeQueueBody(
  body: QueryConsumeQueueBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(queryConsumeQueueBodyShape, body, form)
}
