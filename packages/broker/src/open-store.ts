// SPDX-License-Identifier: Apache-2.0
// Opens the message store with the broker's settings.
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import { MessageStore, parseStoreConfig } from '@rocketmq-ts/store'
import type { BrokerConfig } from './config.ts'

/** Recovers the store first when its last stop was not in order. */
export function openStore(
  config: BrokerConfig,
  runtime: Runtime,
  logger: Logger,
): Promise<MessageStore> {
  const { storeDirectory, commitLogDirectory, commitLogSegmentBytes } = config
  return MessageStore.open({
    runtime,
    logger,
    config: parseStoreConfig({
      rootDirectory: storeDirectory,
      ...(commitLogDirectory === '' ? {} : { commitLogDirectory }),
      commitLogSegmentBytes,
      consumeQueueSegmentBytes: config.consumeQueueSegmentBytes,
      flushDiskType: config.flushDiskType,
      flushIntervalMs: config.flushIntervalMs,
      syncFlushTimeoutMs: config.flushTimeoutMs,
      // Segments may be set smaller than the largest message: such a message then does not fit, as in Java.
      maxMessageBytes: Math.min(config.maxMessageBytes, commitLogSegmentBytes - 1),
      maxTransferCountInMemory: config.pullCountInMemory,
      maxTransferBytesInMemory: config.pullBytesInMemory,
      messageDelayLevel: config.delayLevels,
    }),
  })
}
