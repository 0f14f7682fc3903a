// SPDX-License-Identifier: Apache-2.0
// Lift the limit on cold data of one group; the body is its name.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Lift the limit on cold data of one group; the body is its name. Source: RequestCode.REMOVE_COLD_DATA_FLOW_CTR_CONFIG. */
export const removeColdDataFlowCtrConfig: RequestType<NoFields, NoFields> = {
  code: 2002,
  name: 'REMOVE_COLD_DATA_FLOW_CTR_CONFIG',
  request: noFields,
  response: noFields,
}
