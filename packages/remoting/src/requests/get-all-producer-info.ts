// SPDX-License-Identifier: Apache-2.0
// Read all connected producers; the answer is a ProducerTableInfo body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read all connected producers; the answer is a ProducerTableInfo body. Source: RequestCode.GET_ALL_PRODUCER_INFO, GetAllProducerInfoRequestHeader. */
export const getAllProducerInfo: RequestType<NoFields, NoFields> = {
  code: 328,
  name: 'GET_ALL_PRODUCER_INFO',
  request: noFields,
  response: noFields,
}
