// SPDX-License-Identifier: Apache-2.0
// Controller to broker: your group has another master; the body is SyncStateSet.
import {
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What NOTIFY_BROKER_ROLE_CHANGED asks. Source: RequestCode.NOTIFY_BROKER_ROLE_CHANGED, NotifyBrokerRoleChangedRequestHeader. */
export interface NotifyBrokerRoleChangedRequest {
  readonly masterAddress: string | undefined
  readonly masterEpoch: number | undefined
  readonly syncStateSetEpoch: number | undefined
  readonly masterBrokerId: number | undefined
}

/** Controller to broker: your group has another master; the body is SyncStateSet. Source: RequestCode.NOTIFY_BROKER_ROLE_CHANGED, NotifyBrokerRoleChangedRequestHeader. */
export const notifyBrokerRoleChanged: RequestType<NotifyBrokerRoleChangedRequest, NoFields> = {
  code: 1008,
  name: 'NOTIFY_BROKER_ROLE_CHANGED',
  request: {
    masterAddress: optional(string('masterAddress')),
    masterEpoch: optional(int32('masterEpoch')),
    syncStateSetEpoch: optional(int32('syncStateSetEpoch')),
    masterBrokerId: optional(offset('masterBrokerId')),
  },
  response: noFields,
}
