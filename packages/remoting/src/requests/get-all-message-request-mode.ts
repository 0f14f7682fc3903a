// SPDX-License-Identifier: Apache-2.0
// Slave to master: read the request modes of all groups; the answer is a MessageRequestModeSerializeWrapper body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Slave to master: read the request modes of all groups; the answer is a MessageRequestModeSerializeWrapper body. Source: RequestCode.GET_ALL_MESSAGE_REQUEST_MODE. */
export const getAllMessageRequestMode: RequestType<NoFields, NoFields> = {
  code: 402,
  name: 'GET_ALL_MESSAGE_REQUEST_MODE',
  request: noFields,
  response: noFields,
}
