// SPDX-License-Identifier: Apache-2.0
// The name server's configuration, under the names of Java's namesrv.conf.
import { z } from 'zod'

/** How a name server behaves. Every key of Java's namesrv.conf is accepted; what is not listed here has no meaning to us. */
export interface NameServerConfig {
  /** TCP port; 0 takes a free one. */
  readonly listenPort: number
  readonly bindAddress: string
  /** Where the key-value table is kept; undefined means `namesrv/kvConfig.json` in the user's home. */
  readonly kvConfigPath?: string | undefined
  /** How often silent brokers are looked for. Java: scanNotActiveBrokerInterval. */
  readonly scanNotActiveBrokerIntervalMs: number
  /** A connection without traffic is closed after this long. */
  readonly serverChannelMaxIdleTimeSeconds: number
  /** Tell clients the fixed order of queues of ordered topics. */
  readonly orderMessageEnable: boolean
  /** Tell brokers the same when they register. */
  readonly returnOrderTopicConfigToBroker: boolean
  /** Let a slave stand in for its master in routes of topics that are read only. */
  readonly supportActingMaster: boolean
  readonly enableAllTopicList: boolean
  readonly enableTopicList: boolean
  /** Answer no routes for waitSecondsForService after the start, until the brokers have registered. */
  readonly needWaitForService: boolean
  readonly waitSecondsForService: number
  /** Drop topics that a broker no longer registers. */
  readonly deleteTopicWithBrokerRegistration: boolean
}

const flag = (initial: boolean): z.ZodType<boolean> =>
  z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .default(initial)

const integer = (minimum: number, initial: number): z.ZodType<number> =>
  z.coerce.number().int().min(minimum).default(initial)

const schema: z.ZodType<NameServerConfig> = z.strictObject({
  listenPort: z.coerce.number().int().min(0).max(65_535).default(9876),
  bindAddress: z.string().min(1).default('0.0.0.0'),
  kvConfigPath: z.string().min(1).optional(),
  scanNotActiveBrokerIntervalMs: integer(1, 5_000),
  serverChannelMaxIdleTimeSeconds: integer(1, 120),
  orderMessageEnable: flag(false),
  returnOrderTopicConfigToBroker: flag(true),
  supportActingMaster: flag(false),
  enableAllTopicList: flag(true),
  enableTopicList: flag(true),
  needWaitForService: flag(false),
  waitSecondsForService: integer(0, 45),
  deleteTopicWithBrokerRegistration: flag(false),
})

/** Java's names of keys that we call otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  scanNotActiveBrokerInterval: 'scanNotActiveBrokerIntervalMs',
}

/** Java's keys that tune threads, buffers and paths we do not have. */
const WITHOUT_MEANING: ReadonlySet<string> = new Set([
  'rocketmqHome',
  'configStorePath',
  'productEnvName',
  'configBlackList',
  'clientRequestThreadPoolNums',
  'defaultThreadPoolNums',
  'clientRequestThreadPoolQueueCapacity',
  'defaultThreadPoolQueueCapacity',
  'unRegisterBrokerQueueCapacity',
  'serverWorkerThreads',
  'serverCallbackExecutorThreads',
  'serverSelectorThreads',
  'serverOnewaySemaphoreValue',
  'serverAsyncSemaphoreValue',
  'serverSocketSndBufSize',
  'serverSocketRcvBufSize',
  'writeBufferHighWaterMark',
  'writeBufferLowWaterMark',
  'serverSocketBacklog',
  'serverNettyWorkerGroupEnable',
  'serverPooledByteBufAllocatorEnable',
  'enableShutdownGracefully',
  'shutdownWaitTimeSeconds',
  'useEpollNativeSelector',
])

/** Java's switches for what we do not do yet: only their default is accepted. */
const NOT_YET: ReadonlySet<string> = new Set([
  'clusterTest',
  'enableControllerInNamesrv',
  'notifyMinBrokerIdChanged',
])

/**
 * Checks a configuration and fills in defaults; values may be text, as they come from a .properties file.
 * @throws {TypeError} naming each key that is unknown or has a bad value.
 */
export function parseNameServerConfig(input: unknown): NameServerConfig {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError('name server configuration: expected an object of keys and values')
  }
  const known: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(input)) {
    if (NOT_YET.has(key) && String(value) !== 'false') {
      throw new TypeError(`name server configuration: ${key}=${String(value)} is not supported yet`)
    }
    if (!WITHOUT_MEANING.has(key) && !NOT_YET.has(key)) known[ALIASES[key] ?? key] = value
  }
  const parsed = schema.safeParse(known)
  if (parsed.success) return Object.freeze(parsed.data)
  const problems = parsed.error.issues.flatMap(describe)
  throw new TypeError(`name server configuration: ${problems.join('; ')}`)
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `unknown key ${key}${hint(key)}`)
  }
  return [`${issue.path.join('.')}: ${issue.message}`]
}

function hint(key: string): string {
  const names = [...KEYS, ...Object.keys(ALIASES), ...WITHOUT_MEANING]
  const near = names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? nearest(key, names)
  return near === undefined ? '' : `, did you mean ${near}?`
}

const KEYS: readonly string[] = Object.keys(schema.parse({})).concat('kvConfigPath')

/** The name that shares most of its letters in order, when it shares nearly all. */
function nearest(key: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distanceBetween(key, name) }))
    .toSorted((a, b) => a.distance - b.distance)
  return ranked[0] !== undefined && ranked[0].distance <= 3 ? ranked[0].name : undefined
}

/** Letters to insert, delete or replace to get from one word to the other. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
