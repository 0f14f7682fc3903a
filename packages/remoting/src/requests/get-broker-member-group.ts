// SPDX-License-Identifier: Apache-2.0
// Read the addresses of a broker group; the answer is a GetBrokerMemberGroupResponseBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_BROKER_MEMBER_GROUP asks. Source: RequestCode.GET_BROKER_MEMBER_GROUP, GetBrokerMemberGroupRequestHeader. */
export interface GetBrokerMemberGroupRequest {
  readonly clusterName: string | undefined
  readonly brokerName: string | undefined
}

/** Read the addresses of a broker group; the answer is a GetBrokerMemberGroupResponseBody. Source: RequestCode.GET_BROKER_MEMBER_GROUP, GetBrokerMemberGroupRequestHeader. */
export const getBrokerMemberGroup: RequestType<GetBrokerMemberGroupRequest, NoFields> = {
  code: 901,
  name: 'GET_BROKER_MEMBER_GROUP',
  request: {
    clusterName: optional(string('clusterName')),
    brokerName: optional(string('brokerName')),
  },
  response: noFields,
}
