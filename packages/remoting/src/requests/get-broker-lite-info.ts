// SPDX-License-Identifier: Apache-2.0
// Read a broker's lite topics in figures; the answer is a GetBrokerLiteInfoResponseBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read a broker's lite topics in figures; the answer is a GetBrokerLiteInfoResponseBody. Source: RequestCode.GET_BROKER_LITE_INFO. */
export const getBrokerLiteInfo: RequestType<NoFields, NoFields> = {
  code: 200074,
  name: 'GET_BROKER_LITE_INFO',
  request: noFields,
  response: noFields,
}
