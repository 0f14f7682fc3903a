// SPDX-License-Identifier: Apache-2.0
// Ask which brokers serve a topic; the answer is a TopicRouteData body.
import {
  absentAs,
  boolean,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What GET_ROUTEINFO_BY_TOPIC asks. Source: RequestCode.GET_ROUTEINFO_BY_TOPIC, GetRouteInfoRequestHeader. */
export interface GetRouteinfoByTopicRequest {
  readonly topic: string
  readonly acceptStandardJsonOnly: boolean | undefined
}

/** Ask which brokers serve a topic; the answer is a TopicRouteData body. Source: RequestCode.GET_ROUTEINFO_BY_TOPIC, GetRouteInfoRequestHeader. */
export const getRouteinfoByTopic: RequestType<GetRouteinfoByTopicRequest, NoFields> = {
  code: 105,
  name: 'GET_ROUTEINFO_BY_TOPIC',
  inherits: 'TopicRequestHeader',
  request: {
    topic: absentAs(string('topic'), 'null'),
    acceptStandardJsonOnly: optional(boolean('acceptStandardJsonOnly')),
  },
  response: noFields,
}
