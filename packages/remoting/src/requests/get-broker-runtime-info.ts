// SPDX-License-Identifier: Apache-2.0
// Read the broker's runtime figures; the answer is a KVTable body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the broker's runtime figures; the answer is a KVTable body. Source: RequestCode.GET_BROKER_RUNTIME_INFO. */
export const getBrokerRuntimeInfo: RequestType<NoFields, NoFields> = {
  code: 28,
  name: 'GET_BROKER_RUNTIME_INFO',
  request: noFields,
  response: noFields,
}
