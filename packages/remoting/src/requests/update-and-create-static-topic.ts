// SPDX-License-Identifier: Apache-2.0
// Create or change a static topic; the body is TopicQueueMappingDetail.
import {
  absentAs,
  boolean,
  int32,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What UPDATE_AND_CREATE_STATIC_TOPIC asks. Source: RequestCode.UPDATE_AND_CREATE_STATIC_TOPIC, CreateTopicRequestHeader. */
export interface UpdateAndCreateStaticTopicRequest {
  readonly topic: string
  readonly defaultTopic: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  readonly perm: number
  readonly topicFilterType: string
  readonly topicSysFlag: number | undefined
  readonly order: boolean
  readonly attributes: string | undefined
  readonly force: boolean
}

/** Create or change a static topic; the body is TopicQueueMappingDetail. Source: RequestCode.UPDATE_AND_CREATE_STATIC_TOPIC, CreateTopicRequestHeader. */
export const updateAndCreateStaticTopic: RequestType<UpdateAndCreateStaticTopicRequest, NoFields> =
  {
    code: 513,
    name: 'UPDATE_AND_CREATE_STATIC_TOPIC',
    inherits: 'TopicRequestHeader',
    request: {
      topic: string('topic'),
      defaultTopic: string('defaultTopic'),
      readQueueNums: int32('readQueueNums'),
      writeQueueNums: int32('writeQueueNums'),
      perm: int32('perm'),
      topicFilterType: string('topicFilterType'),
      topicSysFlag: optional(int32('topicSysFlag')),
      order: absentAs(boolean('order'), false),
      attributes: optional(string('attributes')),
      force: absentAs(boolean('force'), false),
    },
    response: noFields,
  }
