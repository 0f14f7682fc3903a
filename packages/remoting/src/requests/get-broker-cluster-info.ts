// SPDX-License-Identifier: Apache-2.0
// Read all clusters and their brokers; the answer is a ClusterInfo body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read all clusters and their brokers; the answer is a ClusterInfo body. Source: RequestCode.GET_BROKER_CLUSTER_INFO. */
export const getBrokerClusterInfo: RequestType<NoFields, NoFields> = {
  code: 106,
  name: 'GET_BROKER_CLUSTER_INFO',
  request: noFields,
  response: noFields,
}
