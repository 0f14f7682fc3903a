// SPDX-License-Identifier: Apache-2.0
// Delete a topic's routes.
import {
  absentAs,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What DELETE_TOPIC_IN_NAMESRV asks. Source: RequestCode.DELETE_TOPIC_IN_NAMESRV, DeleteTopicFromNamesrvRequestHeader. */
export interface DeleteTopicInNamesrvRequest {
  readonly topic: string
  readonly clusterName: string | undefined
}

/** Delete a topic's routes. Source: RequestCode.DELETE_TOPIC_IN_NAMESRV, DeleteTopicFromNamesrvRequestHeader. */
export const deleteTopicInNamesrv: RequestType<DeleteTopicInNamesrvRequest, NoFields> = {
  code: 216,
  name: 'DELETE_TOPIC_IN_NAMESRV',
  inherits: 'TopicRequestHeader',
  request: {
    topic: absentAs(string('topic'), ''),
    clusterName: optional(string('clusterName')),
  },
  response: noFields,
}
