// SPDX-License-Identifier: Apache-2.0
// Create or change several consumer groups at once; the body is SubscriptionGroupList.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Create or change several consumer groups at once; the body is SubscriptionGroupList. Source: RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST. */
export const updateAndCreateSubscriptiongroupList: RequestType<NoFields, NoFields> = {
  code: 225,
  name: 'UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST',
  request: noFields,
  response: noFields,
}
