// SPDX-License-Identifier: Apache-2.0
// Broker to name server or controller: I am alive.
import {
  absentAs,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What BROKER_HEARTBEAT asks. Source: RequestCode.BROKER_HEARTBEAT, BrokerHeartbeatRequestHeader. */
export interface BrokerHeartbeatRequest {
  readonly clusterName: string
  readonly brokerAddr: string
  readonly brokerName: string
  readonly brokerId: number | undefined
  readonly epoch: number | undefined
  readonly maxOffset: number | undefined
  readonly confirmOffset: number | undefined
  readonly heartbeatTimeoutMills: number | undefined
  readonly electionPriority: number | undefined
}

/** Broker to name server or controller: I am alive. Source: RequestCode.BROKER_HEARTBEAT, BrokerHeartbeatRequestHeader. */
export const brokerHeartbeat: RequestType<BrokerHeartbeatRequest, NoFields> = {
  code: 904,
  name: 'BROKER_HEARTBEAT',
  request: {
    clusterName: string('clusterName'),
    brokerAddr: string('brokerAddr'),
    brokerName: absentAs(string('brokerName'), 'null'),
    brokerId: optional(offset('brokerId')),
    epoch: optional(int32('epoch')),
    maxOffset: optional(offset('maxOffset')),
    confirmOffset: optional(offset('confirmOffset')),
    heartbeatTimeoutMills: optional(offset('heartbeatTimeoutMills')),
    electionPriority: optional(int32('electionPriority')),
  },
  response: noFields,
}
