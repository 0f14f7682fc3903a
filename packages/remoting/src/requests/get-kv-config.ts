// SPDX-License-Identifier: Apache-2.0
// Read a value of the name server's key-value table.
import { optional, string, type RequestType } from '../protocol/schema.ts'

/** What GET_KV_CONFIG asks. Source: RequestCode.GET_KV_CONFIG, GetKVConfigRequestHeader. */
export interface GetKvConfigRequest {
  readonly namespace: string
  readonly key: string
}

/** What GET_KV_CONFIG answers. Source: GetKVConfigResponseHeader. */
export interface GetKvConfigResponse {
  readonly value: string | undefined
}

/** Read a value of the name server's key-value table. Source: RequestCode.GET_KV_CONFIG, GetKVConfigRequestHeader. */
export const getKvConfig: RequestType<GetKvConfigRequest, GetKvConfigResponse> = {
  code: 101,
  name: 'GET_KV_CONFIG',
  request: {
    namespace: string('namespace'),
    key: string('key'),
  },
  response: {
    value: optional(string('value')),
  },
}
