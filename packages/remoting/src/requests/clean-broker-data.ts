// SPDX-License-Identifier: Apache-2.0
// Have the controller forget brokers of a group.
import {
  absentAs,
  boolean,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CLEAN_BROKER_DATA asks. Source: RequestCode.CLEAN_BROKER_DATA, CleanControllerBrokerDataRequestHeader. */
export interface CleanBrokerDataRequest {
  readonly clusterName: string | undefined
  readonly brokerName: string
  readonly brokerControllerIdsToClean: string | undefined
  readonly isCleanLivingBroker: boolean
  /** When the broker asked, milliseconds since the Unix epoch; Java puts its own time where it is absent. */
  readonly invokeTime: number | undefined
}

/** Have the controller forget brokers of a group. Source: RequestCode.CLEAN_BROKER_DATA, CleanControllerBrokerDataRequestHeader. */
export const cleanBrokerData: RequestType<CleanBrokerDataRequest, NoFields> = {
  code: 1011,
  name: 'CLEAN_BROKER_DATA',
  request: {
    clusterName: optional(string('clusterName')),
    brokerName: string('brokerName'),
    brokerControllerIdsToClean: optional(string('brokerControllerIdsToClean')),
    isCleanLivingBroker: absentAs(boolean('isCleanLivingBroker'), false),
    invokeTime: optional(offset('invokeTime')),
  },
  response: noFields,
}
