// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/store.
export { isBlankKey } from './compaction/blank-key.ts'
export { parseStoreConfig, type StoreConfig } from './config.ts'
export type { QueueType } from './consume-queues.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export type { RetentionSettings } from './retention/retention.ts'
export { MessageStore } from './message-store.ts'
export type { StoreOptions } from './open-store.ts'
export type {
  AckWaiter,
  Appended,
  AppendedBatch,
  ArrivalListener,
  BitMapOf,
  Boundary,
  GetQuery,
  GetResult,
  GetStatus,
  KeyQuery,
  KeyQueryResult,
  MessageToStore,
  OpenProgress,
  PutStatus,
  QueueBounds,
  RawAppended,
  SafetyStatus,
  StoreStatus,
} from './messages.ts'
export type { QueueExtUnit } from './queue-ext.ts'
