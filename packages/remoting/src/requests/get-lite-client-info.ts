// SPDX-License-Identifier: Apache-2.0
// Read the lite topics of one client; the answer is a GetLiteClientInfoResponseBody.
import {
  absentAs,
  int32,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What GET_LITE_CLIENT_INFO asks. Source: RequestCode.GET_LITE_CLIENT_INFO, GetLiteClientInfoRequestHeader. */
export interface GetLiteClientInfoRequest {
  readonly parentTopic: string | undefined
  readonly group: string | undefined
  readonly clientId: string | undefined
  readonly maxCount: number
}

/** Read the lite topics of one client; the answer is a GetLiteClientInfoResponseBody. Source: RequestCode.GET_LITE_CLIENT_INFO, GetLiteClientInfoRequestHeader. */
export const getLiteClientInfo: RequestType<GetLiteClientInfoRequest, NoFields> = {
  code: 200077,
  name: 'GET_LITE_CLIENT_INFO',
  request: {
    parentTopic: optional(string('parentTopic')),
    group: optional(string('group')),
    clientId: optional(string('clientId')),
    maxCount: absentAs(int32('maxCount'), 1000),
  },
  response: noFields,
}
