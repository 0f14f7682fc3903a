// SPDX-License-Identifier: Apache-2.0
// Which queues were locked: the answer of LOCK_BATCH_MQ.
import { initially, list, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's LockBatchResponseBody. */
export interface LockBatchResult {
  readonly lockOKMQSet: readonly MessageQueue[]
}

const shape: Shape<LockBatchResult> = record<LockBatchResult>({
  lockOKMQSet: initially(list(messageQueueShape), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a LockBatchResult. */
export function decodeLockBatchResult(bytes: Uint8Array): LockBatchResult {
  return decodeBody('LockBatchResult', shape, bytes)
}

/** The bytes Java's LockBatchResponseBody writes. */
export function encodeLockBatchResult(body: LockBatchResult, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
