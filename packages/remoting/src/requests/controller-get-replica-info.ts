// SPDX-License-Identifier: Apache-2.0
// Read the master of a broker group; the answer has a SyncStateSet body.
import { int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What CONTROLLER_GET_REPLICA_INFO asks. Source: RequestCode.CONTROLLER_GET_REPLICA_INFO, GetReplicaInfoRequestHeader. */
export interface ControllerGetReplicaInfoRequest {
  readonly brokerName: string | undefined
}

/** What CONTROLLER_GET_REPLICA_INFO answers. Source: GetReplicaInfoResponseHeader. */
export interface ControllerGetReplicaInfoResponse {
  readonly masterBrokerId: number | undefined
  readonly masterAddress: string | undefined
  readonly masterEpoch: number | undefined
}

/** Read the master of a broker group; the answer has a SyncStateSet body. Source: RequestCode.CONTROLLER_GET_REPLICA_INFO, GetReplicaInfoRequestHeader. */
export const controllerGetReplicaInfo: RequestType<
  ControllerGetReplicaInfoRequest,
  ControllerGetReplicaInfoResponse
> = {
  code: 1004,
  name: 'CONTROLLER_GET_REPLICA_INFO',
  request: {
    brokerName: optional(string('brokerName')),
  },
  response: {
    masterBrokerId: optional(offset('masterBrokerId')),
    masterAddress: optional(string('masterAddress')),
    masterEpoch: optional(int32('masterEpoch')),
  },
}
