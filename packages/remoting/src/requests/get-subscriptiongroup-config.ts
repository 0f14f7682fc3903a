// SPDX-License-Identifier: Apache-2.0
// Read the configuration of one consumer group; the answer is a SubscriptionGroupConfig body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_SUBSCRIPTIONGROUP_CONFIG asks. Source: RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, GetSubscriptionGroupConfigRequestHeader. */
export interface GetSubscriptiongroupConfigRequest {
  readonly group: string
}

/** Read the configuration of one consumer group; the answer is a SubscriptionGroupConfig body. Source: RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, GetSubscriptionGroupConfigRequestHeader. */
export const getSubscriptiongroupConfig: RequestType<GetSubscriptiongroupConfigRequest, NoFields> =
  {
    code: 352,
    name: 'GET_SUBSCRIPTIONGROUP_CONFIG',
    inherits: 'RpcRequestHeader',
    request: {
      group: string('group'),
    },
    response: noFields,
  }
