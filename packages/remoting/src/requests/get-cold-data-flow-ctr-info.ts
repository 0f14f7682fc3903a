// SPDX-License-Identifier: Apache-2.0
// Read how much cold data groups read; the answer is JSON text.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read how much cold data groups read; the answer is JSON text. Source: RequestCode.GET_COLD_DATA_FLOW_CTR_INFO. */
export const getColdDataFlowCtrInfo: RequestType<NoFields, NoFields> = {
  code: 2003,
  name: 'GET_COLD_DATA_FLOW_CTR_INFO',
  request: noFields,
  response: noFields,
}
