// SPDX-License-Identifier: Apache-2.0
// Read how many polls wait on a queue.
import { absentAs, int32, string, type RequestType } from '../protocol/schema.ts'

/** What POLLING_INFO asks. Source: RequestCode.POLLING_INFO, PollingInfoRequestHeader. */
export interface PollingInfoRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
}

/** What POLLING_INFO answers. Source: PollingInfoResponseHeader. */
export interface PollingInfoResponse {
  readonly pollingNum: number
}

/** Read how many polls wait on a queue. Source: RequestCode.POLLING_INFO, PollingInfoRequestHeader. */
export const pollingInfo: RequestType<PollingInfoRequest, PollingInfoResponse> = {
  code: 200055,
  name: 'POLLING_INFO',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    queueId: absentAs(int32('queueId'), 0),
  },
  response: {
    pollingNum: absentAs(int32('pollingNum'), 0),
  },
}
