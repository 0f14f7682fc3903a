// SPDX-License-Identifier: Apache-2.0
// Read the addresses of a broker group; the answer is a GetBrokerMemberGroupResponseBody.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_BROKER_MEMBER_GROUP asks. Source: RequestCode.GET_BROKER_MEMBER_GROUP, GetBrokerMemberGroupRequestHeader. */
export interface GetBrokerMemberGroupRequest {
  readonly clusterName: string
  readonly brokerName: string
}

/** Read the addresses of a broker group; the answer is a GetBrokerMemberGroupResponseBody. Source: RequestCode.GET_BROKER_MEMBER_GROUP, GetBrokerMemberGroupRequestHeader. */
export const getBrokerMemberGroup: RequestType<GetBrokerMemberGroupRequest, NoFields> = {
  code: 901,
  name: 'GET_BROKER_MEMBER_GROUP',
  request: {
    clusterName: string('clusterName'),
    brokerName: string('brokerName'),
  },
  response: noFields,
}
