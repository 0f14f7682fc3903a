// SPDX-License-Identifier: Apache-2.0
// How many queues a topic has on a broker group, and what may be done with them.
import { initially, int32, record, required, text, type Shape } from '../java-json/shape.ts'

/** Java's QueueData. */
export interface QueueData {
  readonly brokerName: string
  /** Permission bits: 4 read, 2 write, 1 inherit. */
  readonly perm: number
  readonly readQueueNums: number
  readonly topicSysFlag: number
  readonly writeQueueNums: number
}

const zero = (): number => 0

export const queueDataShape: Shape<QueueData> = record<QueueData>({
  brokerName: required(text),
  perm: initially(int32, zero),
  readQueueNums: initially(int32, zero),
  topicSysFlag: initially(int32, zero),
  writeQueueNums: initially(int32, zero),
})
