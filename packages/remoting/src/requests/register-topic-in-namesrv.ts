// SPDX-License-Identifier: Apache-2.0
// Broker to name server: announce the queues of one new topic; the body is TopicRouteData.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What REGISTER_TOPIC_IN_NAMESRV asks. Source: RequestCode.REGISTER_TOPIC_IN_NAMESRV, RegisterTopicRequestHeader. */
export interface RegisterTopicInNamesrvRequest {
  readonly topic: string | undefined
}

/** Broker to name server: announce the queues of one new topic; the body is TopicRouteData. Source: RequestCode.REGISTER_TOPIC_IN_NAMESRV, RegisterTopicRequestHeader. */
export const registerTopicInNamesrv: RequestType<RegisterTopicInNamesrvRequest, NoFields> = {
  code: 217,
  name: 'REGISTER_TOPIC_IN_NAMESRV',
  inherits: 'TopicRequestHeader',
  request: {
    topic: optional(string('topic')),
  },
  response: noFields,
}
