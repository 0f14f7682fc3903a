// SPDX-License-Identifier: Apache-2.0
// One queue of a topic on a broker, as it stands in bodies and as a map key.
import { initially, int32, record, required, text, type Shape } from '../java-json/shape.ts'

/** Java's MessageQueue. */
export interface MessageQueue {
  readonly brokerName: string
  readonly queueId: number
  readonly topic: string
}

export const messageQueueShape: Shape<MessageQueue> = record<MessageQueue>({
  brokerName: required(text),
  queueId: initially(int32, () => 0),
  topic: required(text),
})
