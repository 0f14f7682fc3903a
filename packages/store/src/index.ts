// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/store.
export { parseStoreConfig, type StoreConfig } from './config.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export { MessageStore, type StoreOptions } from './message-store.ts'
export type {
  AckWaiter,
  Appended,
  AppendedBatch,
  ArrivalListener,
  Boundary,
  GetQuery,
  GetResult,
  GetStatus,
  KeyQuery,
  KeyQueryResult,
  MessageToStore,
  PutStatus,
  QueueBounds,
  SafetyStatus,
  StoreStatus,
} from './messages.ts'
