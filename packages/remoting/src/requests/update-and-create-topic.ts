// SPDX-License-Identifier: Apache-2.0
// Create a topic on this broker or change its configuration.
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

/** What UPDATE_AND_CREATE_TOPIC asks. Source: RequestCode.UPDATE_AND_CREATE_TOPIC, CreateTopicRequestHeader. */
export interface UpdateAndCreateTopicRequest {
  readonly topic: string
  readonly defaultTopic: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  readonly perm: number
  readonly topicFilterType: string
  readonly topicSysFlag: number | undefined
  readonly order: boolean
  readonly attributes: string | undefined
  readonly force: boolean | undefined
}

/** Create a topic on this broker or change its configuration. Source: RequestCode.UPDATE_AND_CREATE_TOPIC, CreateTopicRequestHeader. */
export const updateAndCreateTopic: RequestType<UpdateAndCreateTopicRequest, NoFields> = {
  code: 17,
  name: 'UPDATE_AND_CREATE_TOPIC',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    defaultTopic: absentAs(string('defaultTopic'), ''),
    readQueueNums: int32('readQueueNums'),
    writeQueueNums: int32('writeQueueNums'),
    perm: int32('perm'),
    topicFilterType: string('topicFilterType'),
    topicSysFlag: optional(int32('topicSysFlag')),
    order: absentAs(boolean('order'), false),
    attributes: optional(string('attributes')),
    force: optional(boolean('force')),
  },
  response: noFields,
}
