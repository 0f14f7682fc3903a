// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting/bodies.
export {
  decodeAclInfo,
  decodeAclInfoList,
  encodeAclInfo,
  encodeAclInfoList,
  type AclInfo,
  type PolicyEntryInfo,
  type PolicyInfo,
} from './acl-info.ts'
export {
  decodeBatchAckMessageBody,
  encodeBatchAckMessageBody,
  type BatchAck,
  type BatchAckMessageBody,
} from './batch-ack.ts'
export { type BrokerData } from './broker-data.ts'
export { type BrokerMemberGroup } from './broker-member-group.ts'
export {
  decodeBrokerReplicasInfo,
  encodeBrokerReplicasInfo,
  type BrokerReplicasInfo,
  type ReplicaIdentity,
  type ReplicasInfo,
} from './broker-replicas-info.ts'
export {
  decodeBrokerStatsData,
  encodeBrokerStatsData,
  type BrokerStatsData,
  type BrokerStatsItem,
} from './broker-stats-data.ts'
export {
  decodeCheckClientBody,
  encodeCheckClientBody,
  type CheckClientBody,
} from './check-client-body.ts'
export {
  decodeCheckRocksdbCqWriteResult,
  encodeCheckRocksdbCqWriteResult,
  type CheckRocksdbCqWriteResult,
} from './check-rocksdb-cq-write-result.ts'
export { decodeClusterInfo, encodeClusterInfo, type ClusterInfo } from './cluster-info.ts'
export {
  decodeConsumeMessageDirectlyResult,
  encodeConsumeMessageDirectlyResult,
  type CmResult,
  type ConsumeMessageDirectlyResult,
} from './consume-message-directly-result.ts'
export {
  decodeConsumeStats,
  encodeConsumeStats,
  type ConsumeStats,
  type OffsetWrapper,
} from './consume-stats.ts'
export {
  decodeConsumeStatsList,
  encodeConsumeStatsList,
  type ConsumeStatsList,
} from './consume-stats-list.ts'
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
  decodeConsumerRunningInfo,
  encodeConsumerRunningInfo,
  type ConsumeStatus,
  type ConsumerRunningInfo,
  type PopProcessQueueInfo,
  type ProcessQueueInfo,
} from './consumer-running-info.ts'
export {
  decodeCreateTopicListBody,
  encodeCreateTopicListBody,
  type CreateTopicListBody,
} from './create-topic-list-body.ts'
export {
  decodeDataVersion,
  encodeDataVersion,
  sameDataVersion,
  type DataVersion,
} from './data-version.ts'
export {
  decodeDelayOffsetTable,
  encodeDelayOffsetTable,
  type DelayOffsetTable,
} from './delay-offset-table.ts'
export {
  decodeElectMasterBody,
  encodeElectMasterBody,
  type ElectMasterBody,
} from './elect-master-body.ts'
export {
  decodeEpochEntryCache,
  encodeEpochEntryCache,
  type EpochEntry,
  type EpochEntryCache,
} from './epoch-entry-cache.ts'
export {
  decodeGetBrokerMemberGroupBody,
  encodeGetBrokerMemberGroupBody,
  type GetBrokerMemberGroupBody,
} from './get-broker-member-group-body.ts'
export {
  decodeGetConsumerListBody,
  encodeGetConsumerListBody,
  type GetConsumerListBody,
} from './get-consumer-list-body.ts'
export {
  decodeGetConsumerStatusBody,
  encodeGetConsumerStatusBody,
  type GetConsumerStatusBody,
} from './get-consumer-status-body.ts'
export {
  decodeGroupForbidden,
  encodeGroupForbidden,
  type GroupForbidden,
} from './group-forbidden.ts'
export { decodeGroupList, encodeGroupList, type GroupList } from './group-list.ts'
export {
  type CustomizedRetryPolicy,
  type ExponentialRetryPolicy,
  type GroupRetryPolicy,
} from './group-retry-policy.ts'
export {
  decodeHaRuntimeInfo,
  encodeHaRuntimeInfo,
  type HaClientRuntimeInfo,
  type HaConnectionRuntimeInfo,
  type HaRuntimeInfo,
} from './ha-runtime-info.ts'
export {
  decodeHeartbeatData,
  encodeHeartbeatData,
  type ConsumerData,
  type HeartbeatData,
  type ProducerData,
} from './heartbeat-data.ts'
export { decodeKvTable, encodeKvTable, type KvTable } from './kv-table.ts'
export {
  decodeGetBrokerLiteInfoBody,
  decodeGetLiteClientInfoBody,
  decodeGetLiteGroupInfoBody,
  decodeGetLiteTopicInfoBody,
  decodeGetParentTopicInfoBody,
  encodeGetBrokerLiteInfoBody,
  encodeGetLiteClientInfoBody,
  encodeGetLiteGroupInfoBody,
  encodeGetLiteTopicInfoBody,
  encodeGetParentTopicInfoBody,
  type ClientGroup,
  type GetBrokerLiteInfoBody,
  type GetLiteClientInfoBody,
  type GetLiteGroupInfoBody,
  type GetLiteTopicInfoBody,
  type GetParentTopicInfoBody,
  type LiteLagInfo,
} from './lite-info.ts'
export {
  decodeLiteSubscriptionCtlBody,
  encodeLiteSubscriptionCtlBody,
  type LiteSubscriptionAction,
  type LiteSubscriptionCtlBody,
  type LiteSubscriptionDto,
  type OffsetOption,
  type OffsetOptionType,
} from './lite-subscription-ctl-body.ts'
export { decodeLockBatchBody, encodeLockBatchBody, type LockBatchBody } from './lock-batch-body.ts'
export {
  decodeLockBatchResult,
  encodeLockBatchResult,
  type LockBatchResult,
} from './lock-batch-result.ts'
export { type MessageQueue } from './message-queue.ts'
export {
  decodeProducerConnection,
  encodeProducerConnection,
  type ProducerConnection,
} from './producer-connection.ts'
export {
  decodeProducerTableInfo,
  encodeProducerTableInfo,
  type ProducerInfo,
  type ProducerTableInfo,
} from './producer-table-info.ts'
export {
  decodeQueryAssignmentBody,
  decodeQueryAssignmentResult,
  encodeQueryAssignmentBody,
  encodeQueryAssignmentResult,
  type MessageQueueAssignment,
  type QueryAssignmentBody,
  type QueryAssignmentResult,
} from './query-assignment-body.ts'
export {
  decodeQueryConsumeQueueBody,
  encodeQueryConsumeQueueBody,
  type ConsumeQueueData,
  type QueryConsumeQueueBody,
} from './query-consume-queue-body.ts'
export {
  decodeQueryConsumeTimeSpanBody,
  encodeQueryConsumeTimeSpanBody,
  type QueryConsumeTimeSpanBody,
  type QueueTimeSpan,
} from './query-consume-time-span-body.ts'
export {
  decodeQueryCorrectionOffsetBody,
  encodeQueryCorrectionOffsetBody,
  type QueryCorrectionOffsetBody,
} from './query-correction-offset-body.ts'
export {
  decodeQuerySubscriptionBody,
  encodeQuerySubscriptionBody,
  type QuerySubscriptionBody,
} from './query-subscription-body.ts'
export { type QueueData } from './queue-data.ts'
export {
  decodeRegisterBrokerBody,
  encodeRegisterBrokerBody,
  registerBrokerBodyCrc32,
  type RegisterBrokerBody,
} from './register-broker-body.ts'
export {
  decodeResetOffsetBody,
  decodeResetOffsetBodyForC,
  encodeResetOffsetBody,
  encodeResetOffsetBodyForC,
  type MessageQueueForC,
  type ResetOffsetBody,
  type ResetOffsetBodyForC,
} from './reset-offset-body.ts'
export {
  decodeMessageRequestModeSerializeWrapper,
  decodeSetMessageRequestModeBody,
  encodeMessageRequestModeSerializeWrapper,
  encodeSetMessageRequestModeBody,
  type MessageRequestMode,
  type MessageRequestModeSerializeWrapper,
  type SetMessageRequestModeBody,
} from './set-message-request-mode-body.ts'
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
  decodeSubscriptionGroupList,
  encodeSubscriptionGroupList,
  type SubscriptionGroupList,
} from './subscription-group-list.ts'
export {
  decodeSubscriptionGroupWrapper,
  encodeSubscriptionGroupWrapper,
  type SubscriptionGroupWrapper,
} from './subscription-group-wrapper.ts'
export { decodeSyncStateSet, encodeSyncStateSet, type SyncStateSet } from './sync-state-set.ts'
export {
  decodeTimerMetrics,
  encodeTimerMetrics,
  type TimerMetric,
  type TimerMetrics,
} from './timer-metrics.ts'
export {
  decodeTopicConfig,
  encodeTopicConfig,
  type TopicConfig,
  type TopicFilterType,
} from './topic-config.ts'
export {
  decodeTopicConfigAndQueueMapping,
  encodeTopicConfigAndQueueMapping,
  type TopicConfigAndQueueMapping,
} from './topic-config-and-queue-mapping.ts'
export {
  decodeTopicConfigAndMappingSerializeWrapper,
  decodeTopicConfigSerializeWrapper,
  encodeTopicConfigAndMappingSerializeWrapper,
  encodeTopicConfigSerializeWrapper,
  type TopicConfigAndMappingSerializeWrapper,
  type TopicConfigSerializeWrapper,
  type TopicQueueMappingInfoMap,
} from './topic-config-serialize-wrapper.ts'
export { decodeTopicList, encodeTopicList, type TopicList } from './topic-list.ts'
export {
  decodeTopicQueueMappingDetail,
  decodeTopicQueueMappingSerializeWrapper,
  encodeTopicQueueMappingDetail,
  encodeTopicQueueMappingSerializeWrapper,
  type LogicQueueMappingItem,
  type TopicQueueMappingDetail,
  type TopicQueueMappingInfo,
  type TopicQueueMappingSerializeWrapper,
} from './topic-queue-mapping.ts'
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
export {
  decodeUserInfo,
  decodeUserInfoList,
  encodeUserInfo,
  encodeUserInfoList,
  type UserInfo,
} from './user-info.ts'
export type { JsonForm } from '../java-json/write.ts'
