// SPDX-License-Identifier: Apache-2.0
// Settings of a producer, with Java's defaults.
import type { CompressionType } from '@rocketmq-ts/remoting/message'
import { clientChecks, clientConfigOf, type ClientConfig, type ClientOptions } from './config.ts'
import { defaultLatencyTable, type LatencyTable } from './fault-latency.ts'
import { AUTO_CREATE_TOPIC, checkGroup } from './names.ts'
import type { SendHook } from './send.ts'
import {
  checkSettings,
  flag,
  invalid,
  listOf,
  oneOf,
  record,
  text,
  whole,
  type Checks,
} from './settings.ts'

/** What a producer takes. Source: DefaultMQProducer. */
export interface ProducerOptions extends ClientOptions {
  /** Producers that send the same kind of messages share a group; brokers ask any of them about transactions. */
  readonly group: string
  /** Budget of a send with all its tries, from the moment it is admitted; default 3000. */
  readonly sendTimeoutMs?: number
  /** Most time for one try, so that a broker that hangs leaves time for another; default the whole budget. */
  readonly sendTimeoutPerTryMs?: number
  /** Tries after the first, on other brokers where there are some; default 2. */
  readonly retryTimesWhenSendFailed?: number
  /** Answers after which another try is made; default 1, 2, 14, 16, 17, 204, 205, 1500. */
  readonly retryResponseCodes?: readonly number[]
  /** Whether FLUSH_DISK_TIMEOUT and the like also lead to another try (and to a message stored twice); default false. */
  readonly retryAnotherBrokerWhenNotStoreOk?: boolean
  /** Largest body, default 4 MiB. */
  readonly maxMessageBytes?: number
  /** Bodies from this size on are compressed, default 4096. */
  readonly compressBodyOverBytes?: number
  /** How bodies are compressed, default ZLIB. Old clients read no other. */
  readonly compressionType?: CompressionType
  /** Level of ZLIB (0 … 9) or ZSTD (0 … 22), default 5; LZ4 has none. */
  readonly compressionLevel?: number
  /** The topic whose settings a new topic takes, default TBW102. */
  readonly createTopicKey?: string
  /** Queues of a new topic, default 4. */
  readonly defaultTopicQueueNums?: number
  /** Sends on their way at once, default 1024; more wait. */
  readonly maxInFlight?: number
  /** Bytes on their way at once, default 100 MiB; more wait. */
  readonly maxInFlightBytes?: number
  /** Leave slow and unreachable brokers alone for a while; default false. */
  readonly sendLatencyEnable?: boolean
  /** Which answer times lead to how long a rest. */
  readonly latencyTable?: LatencyTable
  /** Called around each try. */
  readonly hooks?: readonly SendHook[]
}

/** {@link ProducerOptions} with every default in place. */
export interface ProducerConfig {
  readonly client: ClientConfig
  readonly group: string
  readonly sendTimeoutMs: number
  readonly sendTimeoutPerTryMs: number
  readonly retryTimesWhenSendFailed: number
  readonly retryResponseCodes: ReadonlySet<number>
  readonly retryAnotherBrokerWhenNotStoreOk: boolean
  readonly maxMessageBytes: number
  readonly compressBodyOverBytes: number
  readonly compressionType: CompressionType
  readonly compressionLevel: number
  readonly createTopicKey: string
  readonly defaultTopicQueueNums: number
  readonly maxInFlight: number
  readonly maxInFlightBytes: number
  readonly sendLatencyEnable: boolean
  readonly latencyTable: LatencyTable
  readonly hooks: readonly SendHook[]
}

const checks: Checks<ProducerOptions> = {
  ...clientChecks,
  group: text,
  sendTimeoutMs: whole(1),
  sendTimeoutPerTryMs: whole(1),
  retryTimesWhenSendFailed: whole(0, 100),
  retryResponseCodes: listOf(whole(0)),
  retryAnotherBrokerWhenNotStoreOk: flag,
  maxMessageBytes: whole(1),
  compressBodyOverBytes: whole(0),
  compressionType: oneOf('ZLIB', 'ZSTD', 'LZ4'),
  compressionLevel: whole(0, 22),
  createTopicKey: text,
  defaultTopicQueueNums: whole(1, 65_536),
  maxInFlight: whole(1),
  maxInFlightBytes: whole(1),
  sendLatencyEnable: flag,
  latencyTable: record,
  hooks: listOf(record),
}

const defaultRetryResponseCodes = [17, 14, 1, 2, 16, 204, 205, 1500]
const MIB = 1024 * 1024

/** @throws RMQ_INVALID_ARGUMENT */
export function parseProducerOptions(options: ProducerOptions): ProducerConfig {
  checkSettings('Producer', options, checks)
  checkGroup(options.group)
  const { compressionType = 'ZLIB', compressionLevel = 5 } = options
  checkCompression(compressionType, compressionLevel)
  return {
    client: clientConfigOf(options),
    group: options.group,
    sendTimeoutMs: options.sendTimeoutMs ?? 3000,
    sendTimeoutPerTryMs: options.sendTimeoutPerTryMs ?? Infinity,
    retryTimesWhenSendFailed: options.retryTimesWhenSendFailed ?? 2,
    retryResponseCodes: new Set(options.retryResponseCodes ?? defaultRetryResponseCodes),
    retryAnotherBrokerWhenNotStoreOk: options.retryAnotherBrokerWhenNotStoreOk ?? false,
    maxMessageBytes: options.maxMessageBytes ?? 4 * MIB,
    compressBodyOverBytes: options.compressBodyOverBytes ?? 4096,
    compressionType,
    compressionLevel,
    createTopicKey: options.createTopicKey ?? AUTO_CREATE_TOPIC,
    defaultTopicQueueNums: options.defaultTopicQueueNums ?? 4,
    maxInFlight: options.maxInFlight ?? 1024,
    maxInFlightBytes: options.maxInFlightBytes ?? 100 * MIB,
    sendLatencyEnable: options.sendLatencyEnable ?? false,
    latencyTable: options.latencyTable ?? defaultLatencyTable,
    hooks: options.hooks ?? [],
  }
}

function checkCompression(type: CompressionType, level: number): void {
  if (type === 'ZLIB' && level > 9) {
    throw invalid(`Producer: compressionLevel of ZLIB goes from 0 to 9, got ${level}`)
  }
}
