// SPDX-License-Identifier: Apache-2.0
// Delete a value of the name server's key-value table.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What DELETE_KV_CONFIG asks. Source: RequestCode.DELETE_KV_CONFIG, DeleteKVConfigRequestHeader. */
export interface DeleteKvConfigRequest {
  readonly namespace: string
  readonly key: string
}

/** Delete a value of the name server's key-value table. Source: RequestCode.DELETE_KV_CONFIG, DeleteKVConfigRequestHeader. */
export const deleteKvConfig: RequestType<DeleteKvConfigRequest, NoFields> = {
  code: 102,
  name: 'DELETE_KV_CONFIG',
  request: {
    namespace: string('namespace'),
    key: string('key'),
  },
  response: noFields,
}
