// SPDX-License-Identifier: Apache-2.0
// Acknowledge several popped messages; the body is BatchAckMessageRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Acknowledge several popped messages; the body is BatchAckMessageRequestBody. Source: RequestCode.BATCH_ACK_MESSAGE. */
export const batchAckMessage: RequestType<NoFields, NoFields> = {
  code: 200151,
  name: 'BATCH_ACK_MESSAGE',
  request: noFields,
  response: noFields,
}
