// SPDX-License-Identifier: Apache-2.0
// Name server to broker, oneway: another member of your group has the smallest id now.
import {
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What NOTIFY_MIN_BROKER_ID_CHANGE asks. Source: RequestCode.NOTIFY_MIN_BROKER_ID_CHANGE, NotifyMinBrokerIdChangeRequestHeader. */
export interface NotifyMinBrokerIdChangeRequest {
  readonly minBrokerId: number | undefined
  readonly brokerName: string | undefined
  readonly minBrokerAddr: string | undefined
  readonly offlineBrokerAddr: string | undefined
  readonly haBrokerAddr: string | undefined
}

/** Name server to broker, oneway: another member of your group has the smallest id now. Source: RequestCode.NOTIFY_MIN_BROKER_ID_CHANGE, NotifyMinBrokerIdChangeRequestHeader. */
export const notifyMinBrokerIdChange: RequestType<NotifyMinBrokerIdChangeRequest, NoFields> = {
  code: 905,
  name: 'NOTIFY_MIN_BROKER_ID_CHANGE',
  request: {
    minBrokerId: optional(offset('minBrokerId')),
    brokerName: optional(string('brokerName')),
    minBrokerAddr: optional(string('minBrokerAddr')),
    offlineBrokerAddr: optional(string('offlineBrokerAddr')),
    haBrokerAddr: optional(string('haBrokerAddr')),
  },
  response: noFields,
}
