// SPDX-License-Identifier: Apache-2.0
// Ask which broker id of a group is free next.
import { offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What CONTROLLER_GET_NEXT_BROKER_ID asks. Source: RequestCode.CONTROLLER_GET_NEXT_BROKER_ID, GetNextBrokerIdRequestHeader. */
export interface ControllerGetNextBrokerIdRequest {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
}

/** What CONTROLLER_GET_NEXT_BROKER_ID answers. Source: GetNextBrokerIdResponseHeader. */
export interface ControllerGetNextBrokerIdResponse {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
  readonly nextBrokerId: number | undefined
}

/** Ask which broker id of a group is free next. Source: RequestCode.CONTROLLER_GET_NEXT_BROKER_ID, GetNextBrokerIdRequestHeader. */
export const controllerGetNextBrokerId: RequestType<
  ControllerGetNextBrokerIdRequest,
  ControllerGetNextBrokerIdResponse
> = {
  code: 1012,
  name: 'CONTROLLER_GET_NEXT_BROKER_ID',
  request: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
  },
  response: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
    nextBrokerId: optional(offset('nextBrokerId')),
  },
}
