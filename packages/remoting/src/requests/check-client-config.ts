// SPDX-License-Identifier: Apache-2.0
// Have the broker compile a subscription before it is used; the body is CheckClientRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Have the broker compile a subscription before it is used; the body is CheckClientRequestBody. Source: RequestCode.CHECK_CLIENT_CONFIG. */
export const checkClientConfig: RequestType<NoFields, NoFields> = {
  code: 46,
  name: 'CHECK_CLIENT_CONFIG',
  request: noFields,
  response: noFields,
}
