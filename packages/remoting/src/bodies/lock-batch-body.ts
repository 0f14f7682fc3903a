// SPDX-License-Identifier: Apache-2.0
// Which queues a client wants to lock or unlock: the body of LOCK_BATCH_MQ and UNLOCK_BATCH_MQ.
import { bool, initially, list, record, required, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's LockBatchRequestBody and UnlockBatchRequestBody, which are alike. */
export interface LockBatchBody {
  readonly clientId: string
  readonly consumerGroup: string
  readonly mqSet: readonly MessageQueue[]
  readonly onlyThisBroker: boolean
}

const shape: Shape<LockBatchBody> = record<LockBatchBody>({
  clientId: required(text),
  consumerGroup: required(text),
  mqSet: initially(list(messageQueueShape), () => []),
  onlyThisBroker: initially(bool, () => false),
})

/** @throws {JavaJsonError} when the bytes are not a LockBatchBody. */
export function decodeLockBatchBody(bytes: Uint8Array): LockBatchBody {
  return decodeBody('LockBatchBody', shape, bytes)
}

/** The bytes Java's LockBatchRequestBody writes. */
export function encodeLockBatchBody(body: LockBatchBody, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
