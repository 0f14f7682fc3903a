// SPDX-License-Identifier: Apache-2.0
// Master to controller: these replicas are in step; the body is SyncStateSet, so is the answer.
import { absentAs, int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What CONTROLLER_ALTER_SYNC_STATE_SET asks. Source: RequestCode.CONTROLLER_ALTER_SYNC_STATE_SET, AlterSyncStateSetRequestHeader. */
export interface ControllerAlterSyncStateSetRequest {
  readonly brokerName: string | undefined
  readonly masterBrokerId: number | undefined
  readonly masterEpoch: number | undefined
  /** When the broker asked, milliseconds since the Unix epoch; Java puts its own time where it is absent. */
  readonly invokeTime: number | undefined
}

/** What CONTROLLER_ALTER_SYNC_STATE_SET answers. Source: AlterSyncStateSetResponseHeader. */
export interface ControllerAlterSyncStateSetResponse {
  readonly newSyncStateSetEpoch: number
}

/** Master to controller: these replicas are in step; the body is SyncStateSet, so is the answer. Source: RequestCode.CONTROLLER_ALTER_SYNC_STATE_SET, AlterSyncStateSetRequestHeader. */
export const controllerAlterSyncStateSet: RequestType<
  ControllerAlterSyncStateSetRequest,
  ControllerAlterSyncStateSetResponse
> = {
  code: 1001,
  name: 'CONTROLLER_ALTER_SYNC_STATE_SET',
  request: {
    brokerName: optional(string('brokerName')),
    masterBrokerId: optional(offset('masterBrokerId')),
    masterEpoch: optional(int32('masterEpoch')),
    invokeTime: optional(offset('invokeTime')),
  },
  response: {
    newSyncStateSetEpoch: absentAs(int32('newSyncStateSetEpoch'), 0),
  },
}
