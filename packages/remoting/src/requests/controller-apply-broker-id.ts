// SPDX-License-Identifier: Apache-2.0
// Claim a broker id; registerCheckCode lets the same broker claim it again.
import { offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What CONTROLLER_APPLY_BROKER_ID asks. Source: RequestCode.CONTROLLER_APPLY_BROKER_ID, ApplyBrokerIdRequestHeader. */
export interface ControllerApplyBrokerIdRequest {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
  readonly appliedBrokerId: number | undefined
  readonly registerCheckCode: string | undefined
}

/** What CONTROLLER_APPLY_BROKER_ID answers. Source: ApplyBrokerIdResponseHeader. */
export interface ControllerApplyBrokerIdResponse {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
}

/** Claim a broker id; registerCheckCode lets the same broker claim it again. Source: RequestCode.CONTROLLER_APPLY_BROKER_ID, ApplyBrokerIdRequestHeader. */
export const controllerApplyBrokerId: RequestType<
  ControllerApplyBrokerIdRequest,
  ControllerApplyBrokerIdResponse
> = {
  code: 1013,
  name: 'CONTROLLER_APPLY_BROKER_ID',
  request: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
    appliedBrokerId: optional(offset('appliedBrokerId')),
    registerCheckCode: optional(string('registerCheckCode')),
  },
  response: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
  },
}
