// SPDX-License-Identifier: Apache-2.0
// Set a value in the name server's key-value table.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What PUT_KV_CONFIG asks. Source: RequestCode.PUT_KV_CONFIG, PutKVConfigRequestHeader. */
export interface PutKvConfigRequest {
  readonly namespace: string
  readonly key: string
  readonly value: string
}

/** Set a value in the name server's key-value table. Source: RequestCode.PUT_KV_CONFIG, PutKVConfigRequestHeader. */
export const putKvConfig: RequestType<PutKvConfigRequest, NoFields> = {
  code: 100,
  name: 'PUT_KV_CONFIG',
  request: {
    namespace: string('namespace'),
    key: string('key'),
    value: string('value'),
  },
  response: noFields,
}
