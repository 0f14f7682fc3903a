// SPDX-License-Identifier: Apache-2.0
// Read which replicas of broker groups are in step; the body is a JSON list of broker names, the answer a BrokerReplicasInfo body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read which replicas of broker groups are in step; the body is a JSON list of broker names, the answer a BrokerReplicasInfo body. Source: RequestCode.CONTROLLER_GET_SYNC_STATE_DATA. */
export const controllerGetSyncStateData: RequestType<NoFields, NoFields> = {
  code: 1006,
  name: 'CONTROLLER_GET_SYNC_STATE_DATA',
  request: noFields,
  response: noFields,
}
