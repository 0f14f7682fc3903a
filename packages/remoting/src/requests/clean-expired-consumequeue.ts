// SPDX-License-Identifier: Apache-2.0
// Delete consume queues whose messages have all left the log.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Delete consume queues whose messages have all left the log. Source: RequestCode.CLEAN_EXPIRED_CONSUMEQUEUE. */
export const cleanExpiredConsumequeue: RequestType<NoFields, NoFields> = {
  code: 306,
  name: 'CLEAN_EXPIRED_CONSUMEQUEUE',
  request: noFields,
  response: noFields,
}
