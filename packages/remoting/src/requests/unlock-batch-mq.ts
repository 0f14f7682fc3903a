// SPDX-License-Identifier: Apache-2.0
// Give up queue locks; the body is UnlockBatchRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Give up queue locks; the body is UnlockBatchRequestBody. Source: RequestCode.UNLOCK_BATCH_MQ, UnlockBatchMqRequestHeader. */
export const unlockBatchMq: RequestType<NoFields, NoFields> = {
  code: 42,
  name: 'UNLOCK_BATCH_MQ',
  inherits: 'RpcRequestHeader',
  request: noFields,
  response: noFields,
}
