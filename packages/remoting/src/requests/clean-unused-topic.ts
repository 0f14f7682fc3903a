// SPDX-License-Identifier: Apache-2.0
// Delete the consume queues of topics that no longer exist.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Delete the consume queues of topics that no longer exist. Source: RequestCode.CLEAN_UNUSED_TOPIC. */
export const cleanUnusedTopic: RequestType<NoFields, NoFields> = {
  code: 316,
  name: 'CLEAN_UNUSED_TOPIC',
  request: noFields,
  response: noFields,
}
