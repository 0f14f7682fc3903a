// SPDX-License-Identifier: Apache-2.0
// Subscribe to lite topics or leave them; the body is LiteSubscriptionCtlRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Subscribe to lite topics or leave them; the body is LiteSubscriptionCtlRequestBody. Source: RequestCode.LITE_SUBSCRIPTION_CTL, LiteSubscriptionCtlRequestHeader. */
export const liteSubscriptionCtl: RequestType<NoFields, NoFields> = {
  code: 200071,
  name: 'LITE_SUBSCRIPTION_CTL',
  inherits: 'RpcRequestHeader',
  request: noFields,
  response: noFields,
}
