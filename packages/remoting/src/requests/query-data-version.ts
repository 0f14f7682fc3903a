// SPDX-License-Identifier: Apache-2.0
// Broker to name server: do you have this version of my topics; the body is DataVersion.
import { absentAs, boolean, offset, string, type RequestType } from '../protocol/schema.ts'

/** What QUERY_DATA_VERSION asks. Source: RequestCode.QUERY_DATA_VERSION, QueryDataVersionRequestHeader. */
export interface QueryDataVersionRequest {
  readonly brokerName: string
  readonly brokerAddr: string
  readonly clusterName: string
  readonly brokerId: number
}

/** What QUERY_DATA_VERSION answers. Source: QueryDataVersionResponseHeader. */
export interface QueryDataVersionResponse {
  readonly changed: boolean
}

/** Broker to name server: do you have this version of my topics; the body is DataVersion. Source: RequestCode.QUERY_DATA_VERSION, QueryDataVersionRequestHeader. */
export const queryDataVersion: RequestType<QueryDataVersionRequest, QueryDataVersionResponse> = {
  code: 322,
  name: 'QUERY_DATA_VERSION',
  request: {
    brokerName: absentAs(string('brokerName'), 'null'),
    brokerAddr: string('brokerAddr'),
    clusterName: string('clusterName'),
    brokerId: absentAs(offset('brokerId'), -1),
  },
  response: {
    changed: boolean('changed'),
  },
}
