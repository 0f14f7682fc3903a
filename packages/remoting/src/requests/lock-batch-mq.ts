// SPDX-License-Identifier: Apache-2.0
// Lock queues for orderly consumption; the body is LockBatchRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Lock queues for orderly consumption; the body is LockBatchRequestBody. Source: RequestCode.LOCK_BATCH_MQ, LockBatchMqRequestHeader. */
export const lockBatchMq: RequestType<NoFields, NoFields> = {
  code: 41,
  name: 'LOCK_BATCH_MQ',
  inherits: 'RpcRequestHeader',
  request: noFields,
  response: noFields,
}
