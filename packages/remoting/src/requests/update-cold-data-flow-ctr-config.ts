// SPDX-License-Identifier: Apache-2.0
// Limit how much cold data groups may read; the body is the text of a properties file, group to bytes.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Limit how much cold data groups may read; the body is the text of a properties file, group to bytes. Source: RequestCode.UPDATE_COLD_DATA_FLOW_CTR_CONFIG. */
export const updateColdDataFlowCtrConfig: RequestType<NoFields, NoFields> = {
  code: 2001,
  name: 'UPDATE_COLD_DATA_FLOW_CTR_CONFIG',
  request: noFields,
  response: noFields,
}
