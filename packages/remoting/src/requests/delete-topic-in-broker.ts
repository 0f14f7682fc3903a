// SPDX-License-Identifier: Apache-2.0
// Delete a topic on this broker.
import { absentAs, noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What DELETE_TOPIC_IN_BROKER asks. Source: RequestCode.DELETE_TOPIC_IN_BROKER, DeleteTopicRequestHeader. */
export interface DeleteTopicInBrokerRequest {
  readonly topic: string
}

/** Delete a topic on this broker. Source: RequestCode.DELETE_TOPIC_IN_BROKER, DeleteTopicRequestHeader. */
export const deleteTopicInBroker: RequestType<DeleteTopicInBrokerRequest, NoFields> = {
  code: 215,
  name: 'DELETE_TOPIC_IN_BROKER',
  inherits: 'TopicRequestHeader',
  request: {
    topic: absentAs(string('topic'), ''),
  },
  response: noFields,
}
