// SPDX-License-Identifier: Apache-2.0
// Read who leads the controllers.
import {
  absentAs,
  boolean,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CONTROLLER_GET_METADATA_INFO answers. Source: GetMetaDataResponseHeader. */
export interface ControllerGetMetadataInfoResponse {
  readonly group: string | undefined
  readonly controllerLeaderId: string | undefined
  readonly controllerLeaderAddress: string | undefined
  readonly isLeader: boolean
  readonly peers: string | undefined
}

/** Read who leads the controllers. Source: RequestCode.CONTROLLER_GET_METADATA_INFO. */
export const controllerGetMetadataInfo: RequestType<NoFields, ControllerGetMetadataInfoResponse> = {
  code: 1005,
  name: 'CONTROLLER_GET_METADATA_INFO',
  request: noFields,
  response: {
    group: optional(string('group')),
    controllerLeaderId: optional(string('controllerLeaderId')),
    controllerLeaderAddress: optional(string('controllerLeaderAddress')),
    isLeader: absentAs(boolean('isLeader'), false),
    peers: optional(string('peers')),
  },
}
