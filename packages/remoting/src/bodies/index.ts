// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting/bodies.
export { type BrokerData } from './broker-data.ts'
export { decodeClusterInfo, encodeClusterInfo, type ClusterInfo } from './cluster-info.ts'
export {
  decodeConsumeStats,
  encodeConsumeStats,
  type ConsumeStats,
  type OffsetWrapper,
} from './consume-stats.ts'
export { type ConsumeFromWhere, type ConsumeType, type MessageModel } from './consume-types.ts'
export {
  decodeConsumerConnection,
  encodeConsumerConnection,
  type ClientConnection,
  type ConsumerConnection,
} from './consumer-connection.ts'
export {
  decodeConsumerOffsetTable,
  encodeConsumerOffsetTable,
  type ConsumerOffsetTable,
} from './consumer-offset-table.ts'
export {
  decodeDataVersion,
  encodeDataVersion,
  sameDataVersion,
  type DataVersion,
} from './data-version.ts'
export {
  decodeGetConsumerListBody,
  encodeGetConsumerListBody,
  type GetConsumerListBody,
} from './get-consumer-list-body.ts'
export {
  type CustomizedRetryPolicy,
  type ExponentialRetryPolicy,
  type GroupRetryPolicy,
} from './group-retry-policy.ts'
export {
  decodeHeartbeatData,
  encodeHeartbeatData,
  type ConsumerData,
  type HeartbeatData,
  type ProducerData,
} from './heartbeat-data.ts'
export { decodeKvTable, encodeKvTable, type KvTable } from './kv-table.ts'
export { decodeLockBatchBody, encodeLockBatchBody, type LockBatchBody } from './lock-batch-body.ts'
export {
  decodeLockBatchResult,
  encodeLockBatchResult,
  type LockBatchResult,
} from './lock-batch-result.ts'
export { type MessageQueue } from './message-queue.ts'
export { type QueueData } from './queue-data.ts'
export {
  decodeRegisterBrokerBody,
  encodeRegisterBrokerBody,
  registerBrokerBodyCrc32,
  type RegisterBrokerBody,
} from './register-broker-body.ts'
export {
  decodeSubscriptionData,
  encodeSubscriptionData,
  type SubscriptionData,
} from './subscription-data.ts'
export {
  decodeSubscriptionGroupConfig,
  encodeSubscriptionGroupConfig,
  newSubscriptionGroupConfig,
  type SimpleSubscriptionData,
  type SubscriptionGroupConfig,
} from './subscription-group-config.ts'
export {
  decodeSubscriptionGroupWrapper,
  encodeSubscriptionGroupWrapper,
  type SubscriptionGroupWrapper,
} from './subscription-group-wrapper.ts'
export {
  decodeTopicConfigAndMappingSerializeWrapper,
  decodeTopicConfigSerializeWrapper,
  encodeTopicConfigAndMappingSerializeWrapper,
  encodeTopicConfigSerializeWrapper,
  type TopicConfigAndMappingSerializeWrapper,
  type TopicConfigSerializeWrapper,
} from './topic-config-serialize-wrapper.ts'
export {
  decodeTopicConfig,
  encodeTopicConfig,
  type TopicConfig,
  type TopicFilterType,
} from './topic-config.ts'
export { decodeTopicList, encodeTopicList, type TopicList } from './topic-list.ts'
export {
  decodeTopicRouteData,
  encodeTopicRouteData,
  type TopicRouteData,
} from './topic-route-data.ts'
export {
  decodeTopicStatsTable,
  encodeTopicStatsTable,
  type TopicOffset,
  type TopicStatsTable,
} from './topic-stats-table.ts'
export type { JsonForm } from '../java-json/write.ts'
