// SPDX-License-Identifier: Apache-2.0
// Broker to name server: I am leaving.
import {
  absentAs,
  noFields,
  offset,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What UNREGISTER_BROKER asks. Source: RequestCode.UNREGISTER_BROKER, UnRegisterBrokerRequestHeader. */
export interface UnregisterBrokerRequest {
  readonly brokerName: string
  readonly brokerAddr: string
  readonly clusterName: string
  readonly brokerId: number
}

/** Broker to name server: I am leaving. Source: RequestCode.UNREGISTER_BROKER, UnRegisterBrokerRequestHeader. */
export const unregisterBroker: RequestType<UnregisterBrokerRequest, NoFields> = {
  code: 104,
  name: 'UNREGISTER_BROKER',
  request: {
    brokerName: absentAs(string('brokerName'), 'null'),
    brokerAddr: absentAs(string('brokerAddr'), 'null'),
    clusterName: absentAs(string('clusterName'), 'null'),
    brokerId: absentAs(offset('brokerId'), -1),
  },
  response: noFields,
}
