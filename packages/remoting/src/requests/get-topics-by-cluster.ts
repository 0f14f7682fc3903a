// SPDX-License-Identifier: Apache-2.0
// Read the topics of a cluster; the answer is a TopicList body.
import { absentAs, noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_TOPICS_BY_CLUSTER asks. Source: RequestCode.GET_TOPICS_BY_CLUSTER, GetTopicsByClusterRequestHeader. */
export interface GetTopicsByClusterRequest {
  readonly cluster: string
}

/** Read the topics of a cluster; the answer is a TopicList body. Source: RequestCode.GET_TOPICS_BY_CLUSTER, GetTopicsByClusterRequestHeader. */
export const getTopicsByCluster: RequestType<GetTopicsByClusterRequest, NoFields> = {
  code: 224,
  name: 'GET_TOPICS_BY_CLUSTER',
  request: {
    cluster: absentAs(string('cluster'), 'null'),
  },
  response: noFields,
}
