// SPDX-License-Identifier: Apache-2.0
// Read all consumer group configurations, page by page.
import { int32, optional, string, type RequestType } from '../protocol/schema.ts'

/** What GET_ALL_SUBSCRIPTIONGROUP_CONFIG asks. Source: RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, GetAllSubscriptionGroupRequestHeader. */
export interface GetAllSubscriptiongroupConfigRequest {
  readonly groupSeq: number | undefined
  readonly dataVersion: string | undefined
  readonly maxGroupNum: number | undefined
}

/** What GET_ALL_SUBSCRIPTIONGROUP_CONFIG answers. Source: GetAllSubscriptionGroupResponseHeader. */
export interface GetAllSubscriptiongroupConfigResponse {
  readonly totalGroupNum: number | undefined
}

/** Read all consumer group configurations, page by page. Source: RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, GetAllSubscriptionGroupRequestHeader. */
export const getAllSubscriptiongroupConfig: RequestType<
  GetAllSubscriptiongroupConfigRequest,
  GetAllSubscriptiongroupConfigResponse
> = {
  code: 201,
  name: 'GET_ALL_SUBSCRIPTIONGROUP_CONFIG',
  request: {
    groupSeq: optional(int32('groupSeq')),
    dataVersion: optional(string('dataVersion')),
    maxGroupNum: optional(int32('maxGroupNum')),
  },
  response: {
    totalGroupNum: optional(int32('totalGroupNum')),
  },
}
