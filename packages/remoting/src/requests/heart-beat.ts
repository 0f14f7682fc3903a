// SPDX-License-Identifier: Apache-2.0
// Announce a client's producers and consumers; the body is HeartbeatData.
import { boolean, noFields, optional, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What HEART_BEAT answers. */
export interface HeartBeatResponse {
  readonly IS_SUPPORT_HEART_BEAT_V2: boolean | undefined
  readonly IS_SUB_CHANGE: boolean | undefined
}

/** Announce a client's producers and consumers; the body is HeartbeatData. Source: RequestCode.HEART_BEAT, HeartbeatRequestHeader. */
export const heartBeat: RequestType<NoFields, HeartBeatResponse> = {
  code: 34,
  name: 'HEART_BEAT',
  inherits: 'RpcRequestHeader',
  request: noFields,
  response: {
    IS_SUPPORT_HEART_BEAT_V2: optional(boolean('IS_SUPPORT_HEART_BEAT_V2')),
    IS_SUB_CHANGE: optional(boolean('IS_SUB_CHANGE')),
  },
}
