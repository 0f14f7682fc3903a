// SPDX-License-Identifier: Apache-2.0
// Read a group's progress on lite topics; the answer is a GetLiteGroupInfoResponseBody.
import {
  absentAs,
  int32,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What GET_LITE_GROUP_INFO asks. Source: RequestCode.GET_LITE_GROUP_INFO, GetLiteGroupInfoRequestHeader. */
export interface GetLiteGroupInfoRequest {
  readonly group: string
  readonly liteTopic: string | undefined
  readonly topK: number
}

/** Read a group's progress on lite topics; the answer is a GetLiteGroupInfoResponseBody. Source: RequestCode.GET_LITE_GROUP_INFO, GetLiteGroupInfoRequestHeader. */
export const getLiteGroupInfo: RequestType<GetLiteGroupInfoRequest, NoFields> = {
  code: 200078,
  name: 'GET_LITE_GROUP_INFO',
  request: {
    group: string('group'),
    liteTopic: optional(string('liteTopic')),
    topK: absentAs(int32('topK'), 0),
  },
  response: noFields,
}
