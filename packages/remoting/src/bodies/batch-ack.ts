// SPDX-License-Identifier: Apache-2.0
// Acknowledgements of popped messages, gathered: the body of BATCH_ACK_MESSAGE.
import {
  base64,
  initially,
  int32,
  list,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's BatchAck. */
export interface BatchAck {
  /** BitSet.toByteArray: bit n is bit n % 8 of byte n / 8; set where an offset is acknowledged. */
  readonly b?: Uint8Array | undefined
  /** Consumer group. */
  readonly c?: string | undefined
  /** Invisible time in milliseconds. */
  readonly it: number
  /** Pop time in milliseconds since the Unix epoch. */
  readonly pt: number
  /** Queue id. */
  readonly q: number
  /** `1` when the message came from the group's retry topic, `2` from the newer kind of one, else `0`. */
  readonly r?: string | undefined
  /** Revive queue id. */
  readonly rq: number
  /** Start offset: what bit 0 stands for. */
  readonly so: number
  /** Topic. */
  readonly t?: string | undefined
}

/** Java's BatchAckMessageRequestBody. */
export interface BatchAckMessageBody {
  readonly acks?: readonly BatchAck[] | undefined
  readonly brokerName?: string | undefined
}

const batchAckShape: Shape<BatchAck> = record<BatchAck>({
  b: optional(base64),
  c: optional(text),
  it: initially(offset, () => 0),
  pt: initially(offset, () => 0),
  q: initially(int32, () => 0),
  r: optional(text),
  rq: initially(int32, () => 0),
  so: initially(offset, () => 0),
  t: optional(text),
})

const batchAckMessageBodyShape: Shape<BatchAckMessageBody> = record<BatchAckMessageBody>({
  acks: optional(list(batchAckShape)),
  brokerName: optional(text),
})

/** @throws {JavaJsonError} when the bytes are not a BatchAckMessageBody. */
export function decodeBatchAckMessageBody(bytes: Uint8Array): BatchAckMessageBody {
  return decodeBody('BatchAckMessageBody', batchAckMessageBodyShape, bytes)
}

/** The bytes Java's BatchAckMessageRequestBody writes. */
export function encodeBatchAckMessageBody(body: BatchAckMessageBody, form?: JsonForm): Uint8Array {
  return encodeBody(batchAckMessageBodyShape, body, form)
}
