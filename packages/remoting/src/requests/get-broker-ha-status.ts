// SPDX-License-Identifier: Apache-2.0
// Read the state of replication; the answer is an HARuntimeInfo body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the state of replication; the answer is an HARuntimeInfo body. Source: RequestCode.GET_BROKER_HA_STATUS. */
export const getBrokerHaStatus: RequestType<NoFields, NoFields> = {
  code: 907,
  name: 'GET_BROKER_HA_STATUS',
  request: noFields,
  response: noFields,
}
