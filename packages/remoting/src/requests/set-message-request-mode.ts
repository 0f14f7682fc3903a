// SPDX-License-Identifier: Apache-2.0
// Set whether a group pulls or pops a topic; the body is SetMessageRequestModeRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Set whether a group pulls or pops a topic; the body is SetMessageRequestModeRequestBody. Source: RequestCode.SET_MESSAGE_REQUEST_MODE. */
export const setMessageRequestMode: RequestType<NoFields, NoFields> = {
  code: 401,
  name: 'SET_MESSAGE_REQUEST_MODE',
  request: noFields,
  response: noFields,
}
