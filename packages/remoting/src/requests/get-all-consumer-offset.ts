// SPDX-License-Identifier: Apache-2.0
// Read the whole consumer offset table.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the whole consumer offset table. Source: RequestCode.GET_ALL_CONSUMER_OFFSET. */
export const getAllConsumerOffset: RequestType<NoFields, NoFields> = {
  code: 43,
  name: 'GET_ALL_CONSUMER_OFFSET',
  request: noFields,
  response: noFields,
}
