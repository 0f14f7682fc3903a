// SPDX-License-Identifier: Apache-2.0
// Delete a consumer group of a broker, with its offsets when asked to.
import {
  absentAs,
  boolean,
  noFields,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What DELETE_SUBSCRIPTIONGROUP asks. Source: RequestCode.DELETE_SUBSCRIPTIONGROUP, DeleteSubscriptionGroupRequestHeader. */
export interface DeleteSubscriptiongroupRequest {
  readonly groupName: string
  readonly cleanOffset: boolean
}

/** Delete a consumer group of a broker, with its offsets when asked to. Source: RequestCode.DELETE_SUBSCRIPTIONGROUP, DeleteSubscriptionGroupRequestHeader. */
export const deleteSubscriptiongroup: RequestType<DeleteSubscriptiongroupRequest, NoFields> = {
  code: 207,
  name: 'DELETE_SUBSCRIPTIONGROUP',
  inherits: 'RpcRequestHeader',
  request: {
    groupName: string('groupName'),
    cleanOffset: absentAs(boolean('cleanOffset'), false),
  },
  response: noFields,
}
