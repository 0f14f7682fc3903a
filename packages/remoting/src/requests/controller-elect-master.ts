// SPDX-License-Identifier: Apache-2.0
// Elect a master of a broker group; the answer has an ElectMasterResponseBody.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What CONTROLLER_ELECT_MASTER asks. Source: RequestCode.CONTROLLER_ELECT_MASTER, ElectMasterRequestHeader. */
export interface ControllerElectMasterRequest {
  readonly clusterName: string
  readonly brokerName: string
  readonly brokerId: number
  readonly designateElect: boolean
  readonly invokeTime: number | undefined
}

/** What CONTROLLER_ELECT_MASTER answers. Source: ElectMasterResponseHeader. */
export interface ControllerElectMasterResponse {
  readonly masterBrokerId: number | undefined
  readonly masterAddress: string | undefined
  readonly masterEpoch: number | undefined
  readonly syncStateSetEpoch: number | undefined
}

/** Elect a master of a broker group; the answer has an ElectMasterResponseBody. Source: RequestCode.CONTROLLER_ELECT_MASTER, ElectMasterRequestHeader. */
export const controllerElectMaster: RequestType<
  ControllerElectMasterRequest,
  ControllerElectMasterResponse
> = {
  code: 1002,
  name: 'CONTROLLER_ELECT_MASTER',
  request: {
    clusterName: absentAs(string('clusterName'), ''),
    brokerName: absentAs(string('brokerName'), ''),
    brokerId: absentAs(offset('brokerId'), -1),
    designateElect: absentAs(boolean('designateElect'), false),
    invokeTime: optional(offset('invokeTime')),
  },
  response: {
    masterBrokerId: optional(offset('masterBrokerId')),
    masterAddress: optional(string('masterAddress')),
    masterEpoch: optional(int32('masterEpoch')),
    syncStateSetEpoch: optional(int32('syncStateSetEpoch')),
  },
}
