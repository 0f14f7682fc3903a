// SPDX-License-Identifier: Apache-2.0
// Broker to controller: here I am, who is master; the answer has a SyncStateSet body.
import { absentAs, int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What CONTROLLER_REGISTER_BROKER asks. Source: RequestCode.CONTROLLER_REGISTER_BROKER, RegisterBrokerToControllerRequestHeader. */
export interface ControllerRegisterBrokerRequest {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
  readonly brokerId: number | undefined
  readonly brokerAddress: string | undefined
  readonly invokeTime: number
}

/** What CONTROLLER_REGISTER_BROKER answers. Source: RegisterBrokerToControllerResponseHeader. */
export interface ControllerRegisterBrokerResponse {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
  readonly masterBrokerId: number | undefined
  readonly masterAddress: string | undefined
  readonly masterEpoch: number | undefined
  readonly syncStateSetEpoch: number | undefined
}

/** Broker to controller: here I am, who is master; the answer has a SyncStateSet body. Source: RequestCode.CONTROLLER_REGISTER_BROKER, RegisterBrokerToControllerRequestHeader. */
export const controllerRegisterBroker: RequestType<
  ControllerRegisterBrokerRequest,
  ControllerRegisterBrokerResponse
> = {
  code: 1003,
  name: 'CONTROLLER_REGISTER_BROKER',
  request: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
    brokerId: optional(offset('brokerId')),
    brokerAddress: optional(string('brokerAddress')),
    invokeTime: absentAs(offset('invokeTime'), 0),
  },
  response: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
    masterBrokerId: optional(offset('masterBrokerId')),
    masterAddress: optional(string('masterAddress')),
    masterEpoch: optional(int32('masterEpoch')),
    syncStateSetEpoch: optional(int32('syncStateSetEpoch')),
  },
}
