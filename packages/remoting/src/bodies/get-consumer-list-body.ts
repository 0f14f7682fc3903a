// SPDX-License-Identifier: Apache-2.0
// The clients of a group: the answer of GET_CONSUMER_LIST_BY_GROUP.
import { initially, list, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's GetConsumerListByGroupResponseBody. */
export interface GetConsumerListBody {
  readonly consumerIdList: readonly string[]
}

const shape: Shape<GetConsumerListBody> = record<GetConsumerListBody>({
  consumerIdList: initially(list(text), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a GetConsumerListBody. */
export function decodeGetConsumerListBody(bytes: Uint8Array): GetConsumerListBody {
  return decodeBody('GetConsumerListBody', shape, bytes)
}

/** The bytes Java's GetConsumerListByGroupResponseBody writes. */
export function encodeGetConsumerListBody(body: GetConsumerListBody, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
