// SPDX-License-Identifier: Apache-2.0
// Read all values of a namespace; the answer is a KVTable body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_KVLIST_BY_NAMESPACE asks. Source: RequestCode.GET_KVLIST_BY_NAMESPACE, GetKVListByNamespaceRequestHeader. */
export interface GetKvlistByNamespaceRequest {
  readonly namespace: string
}

/** Read all values of a namespace; the answer is a KVTable body. Source: RequestCode.GET_KVLIST_BY_NAMESPACE, GetKVListByNamespaceRequestHeader. */
export const getKvlistByNamespace: RequestType<GetKvlistByNamespaceRequest, NoFields> = {
  code: 219,
  name: 'GET_KVLIST_BY_NAMESPACE',
  request: {
    namespace: string('namespace'),
  },
  response: noFields,
}
