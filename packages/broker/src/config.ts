// SPDX-License-Identifier: Apache-2.0
// The broker's configuration: what it holds in our units, and how Java's broker.conf becomes it.
import { type JavaKey, faultOf } from './config/java-key.ts'
import { authKeys } from './config/auth-keys.ts'
import { brokerKeys } from './config/broker-keys.ts'
import { messageStoreKeys } from './config/message-store-keys.ts'
import { nearest } from './config/nearest.ts'
import { ownKeys } from './config/own-keys.ts'
import { nettyKeys } from './config/netty-keys.ts'
import { startupKeys } from './config/startup-keys.ts'
import { type Setting, choice, flag, integer, list, live, text } from './config/setting.ts'

/** What GET_BROKER_CONFIG prints: the keys of these classes. @see BrokerController: Configuration.registerConfig */
export const printedKeys: readonly JavaKey[] = [
  ...brokerKeys,
  ...nettyKeys,
  ...messageStoreKeys,
  ...startupKeys,
]

const knownKeys: ReadonlyMap<string, JavaKey> = new Map(
  [...printedKeys, ...authKeys, ...ownKeys].map((key) => [key[0], key]),
)

/** The settings this broker follows. Every other Java key is accepted and kept, without effect. */
export interface BrokerConfig {
  readonly clusterName: string
  /** Empty: the host's name. */
  readonly brokerName: string
  /** 0 is the master. */
  readonly brokerId: number
  readonly role: 'ASYNC_MASTER'
  /** The address clients and name servers are told. Empty: the first address of the machine. */
  readonly ip: string
  /** The address replicas are told. Empty: the same as `ip`. */
  readonly replicationIp: string
  readonly bindAddress: string
  /** The fast port is two below. */
  readonly listenPort: number
  readonly replicationPort: number
  readonly nameServers: readonly string[]
  /** The one name server is a host name that stands for several; looked up again at intervals. */
  readonly lookUpNameServers: boolean
  readonly nameLookupIntervalMs: number
  /** Without name servers, an address server is asked for them. */
  readonly askAddressServer: boolean
  readonly addressServerIntervalMs: number
  /** Empty: Java's own. */
  readonly addressServerDomain: string
  /** Empty: Java's own. */
  readonly addressServerSubgroup: string
  /** 4 may be read, 2 may be written. */
  readonly permission: number
  readonly regionId: string
  readonly traceOn: boolean
  /** Sends before this wall time are refused, milliseconds since the Unix epoch. */
  readonly acceptSendsFromMs: number

  /** Empty: `store` in the home directory. */
  readonly storeDirectory: string
  /** Empty: `commitlog` in the store directory. Several are separated by commas. */
  readonly commitLogDirectory: string
  readonly readOnlyCommitLogDirectories: string
  /** Percent. */
  readonly fullDiskRatio: number
  readonly commitLogSegmentBytes: number
  readonly consumeQueueSegmentBytes: number
  /** Entries of consume queues refer to units with the store time and a bit map. */
  readonly consumeQueueExtEnabled: boolean
  readonly consumeQueueExtSegmentBytes: number
  readonly batchConsumeQueueSegmentBytes: number
  readonly flushDiskType: 'ASYNC_FLUSH' | 'SYNC_FLUSH'
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
  readonly flushLeastPages: number
  readonly flushThoroughIntervalMs: number
  readonly flushTimed: boolean
  readonly wakeFlush: boolean
  /** Acknowledge from memory under ASYNC_FLUSH. */
  readonly transientPool: boolean
  readonly commitIntervalMs: number
  readonly commitThoroughIntervalMs: number
  readonly commitLeastPages: number
  readonly warmUpSegments: boolean
  readonly appendPropertyCrc: boolean
  readonly verifyPropertyCrc: boolean
  readonly maxMessageBytes: number
  /** Hours of the day at which old files are removed. */
  readonly deleteWhen: string
  readonly fileReservedHours: number
  readonly cleanIntervalMs: number
  readonly deleteLogFileIntervalMs: number
  readonly deleteFileBatchMax: number
  readonly cleanFilesForcibly: boolean
  readonly diskMaxUsedPercent: number
  readonly diskWarningPercent: number
  readonly indexEnabled: boolean
  readonly indexSlots: number
  readonly indexEntries: number
  readonly maxQueryCount: number
  readonly compactionEnabled: boolean
  readonly compactionLogSegmentBytes: number
  readonly compactionQueueSegmentBytes: number
  readonly compactionIntervalMs: number
  /** Memory for the keys of one compaction. */
  readonly compactionMapBytes: number
  /** Messages a query by unique key gives at most, whatever it asks for. */
  readonly uniqueKeyQueryCount: number

  readonly autoCreateTopics: boolean
  readonly defaultTopicQueueCount: number
  readonly clusterTopic: boolean
  readonly brokerTopic: boolean
  readonly traceTopic: boolean
  readonly traceTopicName: string
  readonly reviveQueueCount: number
  /** Whether the topic of timed messages exists; there are no timed messages yet. */
  readonly timerTopic: boolean
  readonly checkSystemTopics: boolean
  readonly autoCreateGroups: boolean
  readonly systemGroups: boolean

  readonly mixedMessageTypes: boolean
  readonly longPolling: boolean
  readonly shortPollingMs: number
  readonly litePull: boolean
  readonly slaveRead: boolean
  readonly pullCountInMemory: number
  readonly pullBytesInMemory: number
  readonly pullCountOnDisk: number
  readonly pullBytesOnDisk: number
  /** Bytes of a queue that one pull may look at. */
  readonly maxFilterBytes: number
  readonly maxQueueFilesPerRead: number
  readonly notifyConsumerIdsChanged: boolean

  readonly offsetPersistIntervalMs: number
  readonly offsetVersionStep: number
  readonly delayLevels: string
  readonly delayOffsetPersistIntervalMs: number
  readonly delayOffsetVersionStep: number

  readonly channelExpiryMs: number
  readonly idleTimeoutSeconds: number
  /** Requests to clients that wait for an answer, all connections together. */
  readonly serverMaxRequests: number
  readonly serverMaxOneways: number
  /** Clients are asked to go elsewhere before a stop. */
  readonly gracefulShutdown: boolean
  readonly gracefulShutdownSeconds: number
  /** Requests to name servers that wait for an answer. */
  readonly clientMaxRequests: number
  readonly clientMaxOneways: number
  readonly connectTimeoutMs: number
  readonly clientIdleTimeoutSeconds: number
  readonly socksProxyConfig: string
  readonly reconnectForGoAway: boolean
  readonly registerPeriodMs: number
  readonly registerTimeoutMs: number
  readonly registerAlways: boolean
  readonly compressRegistration: boolean
  /** Keys that UPDATE_BROKER_CONFIG refuses. */
  readonly configBlackList: readonly string[]

  /** What was set, in Java's names and texts. */
  readonly given: ReadonlyMap<string, string>
}

type Settings = Omit<BrokerConfig, 'given'>

const KIB = 1024
const settings: { readonly [K in keyof Settings]: Setting<Settings[K]> } = {
  clusterName: text('brokerClusterName'),
  brokerName: text('brokerName'),
  brokerId: integer('brokerId', { max: 0 }),
  role: choice('brokerRole', ['ASYNC_MASTER']),
  ip: text('brokerIP1'),
  replicationIp: text('brokerIP2'),
  bindAddress: text('bindAddress'),
  listenPort: integer('listenPort', { min: 0, max: 65_535 }),
  replicationPort: integer('haListenPort', { max: 65_536 }),
  nameServers: live(list('namesrvAddr')),
  lookUpNameServers: flag('fetchNameSrvAddrByDnsLookup'),
  nameLookupIntervalMs: integer('updateNameServerAddrPeriod', { min: 1 }),
  askAddressServer: flag('fetchNamesrvAddrByAddressServer'),
  addressServerIntervalMs: integer('fetchNamesrvAddrInterval', { min: 1 }),
  addressServerDomain: text('rmqAddressServerDomain'),
  addressServerSubgroup: text('rmqAddressServerSubGroup'),
  permission: live(integer('brokerPermission', { max: 15 })),
  regionId: live(text('regionId')),
  traceOn: live(flag('traceOn')),
  acceptSendsFromMs: live(
    integer('startAcceptSendRequestTimeStamp', { max: Number.MAX_SAFE_INTEGER }),
  ),

  storeDirectory: text('storePathRootDir'),
  commitLogDirectory: text('storePathCommitLog'),
  readOnlyCommitLogDirectories: text('readOnlyCommitLogStorePaths'),
  fullDiskRatio: integer('diskSpaceCleanForciblyRatio', { min: 0, max: 100 }),
  commitLogSegmentBytes: integer('mappedFileSizeCommitLog', { min: 4 * KIB }),
  consumeQueueSegmentBytes: integer('mappedFileSizeConsumeQueue', { min: 20 }),
  consumeQueueExtEnabled: flag('enableConsumeQueueExt'),
  consumeQueueExtSegmentBytes: integer('mappedFileSizeConsumeQueueExt', { min: 64 }),
  batchConsumeQueueSegmentBytes: integer('mapperFileSizeBatchConsumeQueue', { min: 46 }),
  flushDiskType: choice('flushDiskType', ['ASYNC_FLUSH', 'SYNC_FLUSH']),
  flushIntervalMs: integer('flushIntervalCommitLog', { min: 1 }),
  flushTimeoutMs: integer('syncFlushTimeout', { min: 1 }),
  flushLeastPages: integer('flushCommitLogLeastPages', { min: 0, max: 1_000_000 }),
  flushThoroughIntervalMs: integer('flushCommitLogThoroughInterval', { min: 1 }),
  flushTimed: flag('flushCommitLogTimed'),
  wakeFlush: flag('wakeFlushWhenPutMessage'),
  transientPool: flag('transientStorePoolEnable'),
  commitIntervalMs: integer('commitIntervalCommitLog', { min: 1 }),
  commitThoroughIntervalMs: integer('commitCommitLogThoroughInterval', { min: 1 }),
  commitLeastPages: integer('commitCommitLogLeastPages', { min: 0, max: 1_000_000 }),
  warmUpSegments: flag('warmMapedFileEnable'),
  appendPropertyCrc: flag('enabledAppendPropCRC'),
  verifyPropertyCrc: flag('forceVerifyPropCRC'),
  maxMessageBytes: integer('maxMessageSize', { min: 1, max: 2 ** 31 - 1 - 64 * KIB }),
  deleteWhen: live(text('deleteWhen')),
  fileReservedHours: live(integer('fileReservedTime')),
  cleanIntervalMs: integer('cleanResourceInterval', { min: 1, max: 86_400_000 }),
  deleteLogFileIntervalMs: live(integer('deleteCommitLogFilesInterval', { max: 60_000 })),
  deleteFileBatchMax: live(integer('deleteFileBatchMax', { min: 1, max: 1_000_000 })),
  cleanFilesForcibly: live(flag('cleanFileForciblyEnable')),
  diskMaxUsedPercent: live(integer('diskMaxUsedSpaceRatio')),
  diskWarningPercent: live(integer('diskSpaceWarningLevelRatio', { max: 100 })),
  indexEnabled: flag('messageIndexEnable'),
  indexSlots: integer('maxHashSlotNum', { min: 1, max: 100_000_000 }),
  indexEntries: integer('maxIndexNum', { min: 2, max: 100_000_000 }),
  maxQueryCount: integer('maxMsgsNumBatch', { min: 1, max: 1_000_000 }),
  compactionEnabled: flag('enableCompaction'),
  compactionLogSegmentBytes: integer('compactionMappedFileSize', { min: 1 }),
  compactionQueueSegmentBytes: integer('compactionCqMappedFileSize', { min: 92 }),
  compactionIntervalMs: integer('compactionScheduleInternal', { min: 1, max: 86_400_000 }),
  compactionMapBytes: integer('maxOffsetMapSize'),
  uniqueKeyQueryCount: live(integer('defaultQueryMaxNum')),

  autoCreateTopics: live(flag('autoCreateTopicEnable')),
  defaultTopicQueueCount: integer('defaultTopicQueueNums', { min: 1 }),
  clusterTopic: flag('clusterTopicEnable'),
  brokerTopic: flag('brokerTopicEnable'),
  traceTopic: flag('traceTopicEnable'),
  traceTopicName: text('msgTraceTopicName'),
  reviveQueueCount: integer('reviveQueueNum', { min: 1 }),
  timerTopic: flag('timerWheelEnable'),
  checkSystemTopics: live(flag('validateSystemTopicWhenUpdateTopic')),
  autoCreateGroups: live(flag('autoCreateSubscriptionGroup')),
  systemGroups: flag('enableCreateSysGroup'),

  mixedMessageTypes: live(flag('enableMixedMessageType')),
  longPolling: live(flag('longPollingEnable')),
  shortPollingMs: live(integer('shortPollingTimeMills', { min: 1 })),
  litePull: live(flag('litePullMessageEnable')),
  slaveRead: live(flag('slaveReadEnable')),
  pullCountInMemory: integer('maxTransferCountOnMessageInMemory', { min: 1 }),
  pullBytesInMemory: integer('maxTransferBytesOnMessageInMemory', { min: 1 }),
  pullCountOnDisk: integer('maxTransferCountOnMessageInDisk', { min: 1 }),
  pullBytesOnDisk: integer('maxTransferBytesOnMessageInDisk', { min: 1 }),
  maxFilterBytes: integer('maxFilterMessageSize', { min: 20 }),
  maxQueueFilesPerRead: integer('travelCqFileNumWhenGetMessage', { min: 1 }),
  notifyConsumerIdsChanged: live(flag('notifyConsumerIdsChangedEnable')),

  offsetPersistIntervalMs: integer('flushConsumerOffsetInterval', { min: 1 }),
  offsetVersionStep: live(integer('consumerOffsetUpdateVersionStep', { min: 1 })),
  delayLevels: text('messageDelayLevel'),
  delayOffsetPersistIntervalMs: integer('flushDelayOffsetInterval', { min: 1 }),
  delayOffsetVersionStep: live(integer('delayOffsetUpdateVersionStep', { min: 1 })),

  channelExpiryMs: live(integer('channelExpiredTimeout', { min: 1 })),
  idleTimeoutSeconds: integer('serverChannelMaxIdleTimeSeconds', { min: 1 }),
  serverMaxRequests: integer('serverAsyncSemaphoreValue', { min: 1 }),
  serverMaxOneways: integer('serverOnewaySemaphoreValue', { min: 1 }),
  gracefulShutdown: flag('enableShutdownGracefully'),
  gracefulShutdownSeconds: integer('shutdownWaitTimeSeconds', { max: 86_400 }),
  clientMaxRequests: integer('clientAsyncSemaphoreValue', { min: 1 }),
  clientMaxOneways: integer('clientOnewaySemaphoreValue', { min: 1 }),
  connectTimeoutMs: integer('connectTimeoutMillis', { min: 1 }),
  clientIdleTimeoutSeconds: integer('clientChannelMaxIdleTimeSeconds', { min: 1 }),
  socksProxyConfig: text('socksProxyConfig'),
  reconnectForGoAway: flag('enableReconnectForGoAway'),
  // Java clamps the period rather than refusing it; so does the registration.
  registerPeriodMs: integer('registerNameServerPeriod', { min: 0 }),
  registerTimeoutMs: live(integer('registerBrokerTimeoutMills', { min: 1 })),
  registerAlways: live(flag('forceRegister')),
  compressRegistration: live(flag('compressedRegister')),
  configBlackList: list('configBlackList'),
}

/** Keys whose `true` would be a promise we cannot keep: starting without it would leave a broker open or unsafe. */
const notYet: ReadonlyMap<string, string> = new Map([
  ['enableDLegerCommitLog', 'a replicated commit log'],
  ['enableControllerMode', 'controller mode'],
  ['enableLmq', 'light message queues'],
])

const followed: ReadonlyMap<string, boolean> = new Map(
  Object.values<Setting<unknown>>(settings).map((setting) => [setting.key, setting.live]),
)

/** Keys of access control: a start follows them, and only a start. */
const startedWith: ReadonlySet<string> = new Set([
  'aclEnable',
  'rocketmqHome',
  ...authKeys.map(([key]) => key),
  ...ownKeys.map(([key]) => key),
])

/** Java keys that were given and that this broker does not follow. */
export function keysWithoutEffect(given: ReadonlyMap<string, string>): readonly string[] {
  return [...given]
    .filter(
      ([key, value]) => !followed.has(key) && !startedWith.has(key) && defaultOf(key) !== value,
    )
    .map(([key]) => key)
}

/** True when a running broker follows a change of this Java key. */
export function isLive(key: string): boolean {
  return followed.get(key) === true
}

/** True for every key that UPDATE_BROKER_CONFIG may change: those of access control are nobody's to change from outside. */
export function isChangeableKey(key: string): boolean {
  return knownKeys.has(key) && !startedWith.has(key)
}

/** Java's default text of a key; undefined when it has none. */
export function defaultOf(key: string): string | undefined {
  return knownKeys.get(key)?.[2] ?? undefined
}

/** Raised by {@link parseBrokerConfig}; the message lists every fault. */
export class BrokerConfigError extends Error {
  override readonly name: string = 'BrokerConfigError'
}

/**
 * Reads Java's broker.conf keys; what is not given has Java's default.
 * @throws {BrokerConfigError} on unknown keys, texts of the wrong type and values out of range, all in one message.
 */
export function parseBrokerConfig(
  properties: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
): BrokerConfig {
  const given: Map<string, string> = new Map(
    properties instanceof Map ? properties : Object.entries(properties as Record<string, string>),
  )
  const faults: string[] = []
  for (const [key, value] of given) {
    const known = knownKeys.get(key)
    if (known === undefined) {
      faults.push(
        `${key} is no broker setting: did you mean ${nearest(key, [...knownKeys.keys()])}?`,
      )
      continue
    }
    const fault = faultOf(known[1], value)
    if (fault !== undefined) faults.push(`${key} = ${value}: ${fault}`)
    const promise = notYet.get(key)
    if (promise !== undefined && value.toLowerCase() === 'true') {
      faults.push(`${key} = ${value}: this version does not have ${promise} yet`)
    }
  }
  if (faults.length === 0) {
    const config = readSettings(given, faults)
    if (faults.length === 0) return config
  }
  throw new BrokerConfigError(`cannot use the broker configuration: ${faults.join('; ')}`)
}

function readSettings(given: ReadonlyMap<string, string>, faults: string[]): BrokerConfig {
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    const text = given.get(setting.key) ?? defaultOf(setting.key) ?? ''
    const fault = setting.faultOf(text)
    if (fault !== undefined) faults.push(`${setting.key} = ${text}: ${fault}`)
    values[name] = setting.read(text)
  }
  // Java would look up what stands before the first colon and take the rest for the port.
  if (values['lookUpNameServers'] === true && (values['nameServers'] as string[]).length > 1) {
    faults.push('fetchNameSrvAddrByDnsLookup = true: namesrvAddr must be one name with its port')
  }
  // Java derives these two when they are not set; `~` in a default is the home directory, known only at start.
  if (!given.has('haListenPort')) values['replicationPort'] = (values['listenPort'] as number) + 1
  if (!given.has('storePathRootDir')) values['storeDirectory'] = ''
  return Object.freeze({ ...values, given }) as BrokerConfig
}
