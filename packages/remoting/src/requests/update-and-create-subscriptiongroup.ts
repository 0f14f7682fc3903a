// SPDX-License-Identifier: Apache-2.0
// Create a consumer group on this broker or change it; the body is SubscriptionGroupConfig.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Create a consumer group on this broker or change it; the body is SubscriptionGroupConfig. Source: RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP. */
export const updateAndCreateSubscriptiongroup: RequestType<NoFields, NoFields> = {
  code: 200,
  name: 'UPDATE_AND_CREATE_SUBSCRIPTIONGROUP',
  request: noFields,
  response: noFields,
}
