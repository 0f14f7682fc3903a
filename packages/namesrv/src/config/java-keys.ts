// SPDX-License-Identifier: Apache-2.0
// Every key that Java's name server reads, with its type, its 5.5.0 default, and what it means here.

/** The types Java's configuration classes use. */
export type JavaType = 'String' | 'int' | 'long' | 'boolean'

/** The class a key belongs to. GET_NAMESRV_CONFIG prints the first two, `-p` all three. */
export type JavaClass = 'namesrv' | 'server' | 'client'

/** One key of Java's configuration. */
export interface JavaKey {
  readonly name: string
  readonly type: JavaType
  /** Undefined where Java takes it from the machine. */
  readonly fallback: string | undefined
  readonly of: JavaClass
  /** Why it has no effect here; undefined for a key that is followed. */
  readonly inert: string | undefined
}

type Row = readonly [name: string, type: JavaType, fallback: string | undefined, inert?: string]

const THREADS = 'there are no thread pools: one event loop serves all connections'
const QUEUES = 'requests do not wait in queues; a connection with 65,536 unanswered ones is refused'
const BUFFERS = 'the kernel sizes its buffers by itself; unread answers are limited to 256 MiB'
const NETTY = 'it tunes a library that is not used here'
const NO_REQUESTS = 'the name server sends no requests to those that connect to it'
const CLIENT = 'the name server calls brokers only to tell them of a new smallest id'

// Source: NamesrvConfig, in the order of its fields.
const namesrv: readonly Row[] = [
  ['rocketmqHome', 'String', undefined, 'nothing is read from there'],
  ['kvConfigPath', 'String', undefined],
  ['configStorePath', 'String', undefined],
  ['productEnvName', 'String', 'center', 'it belongs to clusterTest, which is refused'],
  ['clusterTest', 'boolean', 'false'],
  ['orderMessageEnable', 'boolean', 'false'],
  ['returnOrderTopicConfigToBroker', 'boolean', 'true'],
  ['clientRequestThreadPoolNums', 'int', '8', THREADS],
  ['defaultThreadPoolNums', 'int', '16', THREADS],
  ['clientRequestThreadPoolQueueCapacity', 'int', '50000', QUEUES],
  ['defaultThreadPoolQueueCapacity', 'int', '10000', QUEUES],
  ['scanNotActiveBrokerInterval', 'long', '5000'],
  ['unRegisterBrokerQueueCapacity', 'int', '3000', 'brokers that leave are dropped at once'],
  ['supportActingMaster', 'boolean', 'false'],
  ['enableAllTopicList', 'boolean', 'true'],
  ['enableTopicList', 'boolean', 'true'],
  ['notifyMinBrokerIdChanged', 'boolean', 'false'],
  ['enableControllerInNamesrv', 'boolean', 'false'],
  ['needWaitForService', 'boolean', 'false'],
  ['waitSecondsForService', 'int', '45'],
  ['deleteTopicWithBrokerRegistration', 'boolean', 'false'],
  ['configBlackList', 'String', 'configBlackList;configStorePath;kvConfigPath'],
]

// Source: NettyServerConfig; the name server's own default of listenPort.
const server: readonly Row[] = [
  ['bindAddress', 'String', '0.0.0.0'],
  ['listenPort', 'int', '9876'],
  ['serverWorkerThreads', 'int', '8', THREADS],
  ['serverCallbackExecutorThreads', 'int', '0', THREADS],
  ['serverSelectorThreads', 'int', '3', THREADS],
  ['serverOnewaySemaphoreValue', 'int', '256', NO_REQUESTS],
  ['serverAsyncSemaphoreValue', 'int', '64', NO_REQUESTS],
  ['serverChannelMaxIdleTimeSeconds', 'int', '120'],
  ['serverSocketSndBufSize', 'int', '0', BUFFERS],
  ['serverSocketRcvBufSize', 'int', '0', BUFFERS],
  ['writeBufferHighWaterMark', 'int', '0', BUFFERS],
  ['writeBufferLowWaterMark', 'int', '0', BUFFERS],
  ['serverSocketBacklog', 'int', '1024', 'it is always 1024'],
  ['serverNettyWorkerGroupEnable', 'boolean', 'true', NETTY],
  ['serverPooledByteBufAllocatorEnable', 'boolean', 'true', NETTY],
  ['enableShutdownGracefully', 'boolean', 'false'],
  ['shutdownWaitTimeSeconds', 'int', '30'],
  ['useEpollNativeSelector', 'boolean', 'false', NETTY],
]

// Source: NettyClientConfig, without the two names that NettyServerConfig has too.
const client: readonly Row[] = [
  ['clientWorkerThreads', 'int', '4', THREADS],
  ['clientCallbackExecutorThreads', 'int', '2', THREADS],
  ['clientOnewaySemaphoreValue', 'int', '65535', CLIENT],
  ['clientAsyncSemaphoreValue', 'int', '65535', CLIENT],
  ['connectTimeoutMillis', 'int', '3000', CLIENT],
  ['channelNotActiveInterval', 'long', '60000', CLIENT],
  ['isScanAvailableNameSrv', 'boolean', 'true', CLIENT],
  ['clientChannelMaxIdleTimeSeconds', 'int', '120', CLIENT],
  ['clientSocketSndBufSize', 'int', '0', BUFFERS],
  ['clientSocketRcvBufSize', 'int', '0', BUFFERS],
  ['clientPooledByteBufAllocatorEnable', 'boolean', 'false', NETTY],
  ['clientCloseSocketIfTimeout', 'boolean', 'true', CLIENT],
  ['useTLS', 'boolean', 'false', CLIENT],
  ['socksProxyConfig', 'String', '{}', CLIENT],
  ['disableCallbackExecutor', 'boolean', 'false', THREADS],
  ['disableNettyWorkerGroup', 'boolean', 'false', NETTY],
  ['maxReconnectIntervalTimeSeconds', 'long', '60', CLIENT],
  ['enableReconnectForGoAway', 'boolean', 'true', CLIENT],
]

const keysOf = (of: JavaClass, rows: readonly Row[]): readonly JavaKey[] =>
  rows.map(([name, type, fallback, inert]) => ({ name, type, fallback, of, inert }))

/** All keys, in the order in which Java prints them. */
export const javaKeys: readonly JavaKey[] = [
  ...keysOf('namesrv', namesrv),
  ...keysOf('server', server),
  ...keysOf('client', client),
]

/** The same by name. */
export const javaKeyByName: ReadonlyMap<string, JavaKey> = new Map(
  javaKeys.map((key) => [key.name, key]),
)

/** Says what is wrong with `text` as a value of `type`; undefined when nothing is. */
export function faultOf(type: JavaType, text: string): string | undefined {
  if (type === 'String') return undefined
  if (type === 'boolean') {
    return /^(true|false)$/i.test(text) ? undefined : 'must be true or false'
  }
  if (!/^[+-]?\d{1,19}$/.test(text)) return 'must be a whole number'
  const value = BigInt(text)
  const bits = type === 'int' ? 32 : 64
  return BigInt.asIntN(bits, value) === value ? undefined : `does not fit Java's ${type}`
}

/** The text Java prints for a value that has no fault: `+5` is `5`, `TRUE` is `true`. */
export function normalized(type: JavaType, text: string): string {
  if (type === 'String') return text.trim()
  return type === 'boolean' ? text.toLowerCase() : String(BigInt(text))
}
