// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/client.
export {
  addressServerUrl,
  RocketMQError,
  type NameServerSource,
  type RocketMQErrorCode,
} from '@rocketmq-ts/remoting'
export { allocateAveragelyByCircle } from './allocate-averagely-by-circle.ts'
export { allocateAveragely } from './allocate-averagely.ts'
export { allocateByConfig } from './allocate-by-config.ts'
export type { AllocationRequest, AllocationStrategy } from './allocation.ts'
export type { ClientOptions, ClientTls, Credentials } from './config.ts'
export type { ConsumeContext, ConsumeOutcome, MessageHandler } from './consume-outcome.ts'
export type { ConsumedMessage } from './consumed-message.ts'
export type { PushConsumerOptions } from './consumer-config.ts'
export { defaultLatencyTable, type LatencyTable } from './fault-latency.ts'
export type { MessageQueue } from './message-queue.ts'
export type { OutgoingMessage } from './message.ts'
export type { ProducerOptions } from './producer-config.ts'
export type { SendOptions } from './producer-send.ts'
export { Producer } from './producer.ts'
export { PushConsumer } from './push-consumer.ts'
export type { QueueSelector } from './queue-selector.ts'
export type { SendResult, SendStatus } from './send-result.ts'
export type { SendHook, SendTry } from './send.ts'
export type { ConsumeFrom } from './start-offset.ts'
