// SPDX-License-Identifier: Apache-2.0
// Record how far a group has consumed a queue.
import {
  absentAs,
  int32,
  noFields,
  offset,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What UPDATE_CONSUMER_OFFSET asks. Source: RequestCode.UPDATE_CONSUMER_OFFSET, UpdateConsumerOffsetRequestHeader. */
export interface UpdateConsumerOffsetRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly commitOffset: number
}

/** Record how far a group has consumed a queue. Source: RequestCode.UPDATE_CONSUMER_OFFSET, UpdateConsumerOffsetRequestHeader. */
export const updateConsumerOffset: RequestType<UpdateConsumerOffsetRequest, NoFields> = {
  code: 15,
  name: 'UPDATE_CONSUMER_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: absentAs(string('consumerGroup'), 'null'),
    topic: string('topic'),
    queueId: int32('queueId'),
    commitOffset: offset('commitOffset'),
  },
  response: noFields,
}
