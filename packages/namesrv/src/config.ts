// SPDX-License-Identifier: Apache-2.0
// The name server's configuration: what it holds in our units, and how Java's namesrv.conf becomes it.
import { faultOf, javaKeyByName, javaKeys, normalized } from './config/java-keys.ts'
import { nearest } from './config/nearest.ts'

/** How a name server behaves. Every key of Java's namesrv.conf is accepted; those not listed here have no effect. */
export interface NameServerConfig {
  /** TCP port; 0 takes a free one. */
  readonly listenPort: number
  readonly bindAddress: string
  /** Where the key-value table is kept; undefined means `namesrv/kvConfig.json` in the user's home. */
  readonly kvConfigPath: string | undefined
  /** How often silent brokers are looked for. Java: scanNotActiveBrokerInterval. */
  readonly scanNotActiveBrokerIntervalMs: number
  /** A connection without traffic is closed after this long. */
  readonly serverChannelMaxIdleTimeSeconds: number
  /** How long clients are asked to go away before a stop; undefined: not at all. Java: enableShutdownGracefully, shutdownWaitTimeSeconds. */
  readonly gracefulShutdownMs: number | undefined
  /** Tell clients the fixed order of queues of ordered topics. */
  readonly orderMessageEnable: boolean
  /** Tell brokers the same when they register. */
  readonly returnOrderTopicConfigToBroker: boolean
  /** Let a slave stand in for its master in routes of topics that are read only. */
  readonly supportActingMaster: boolean
  /** Tell the brokers of a name when the smallest id among them changes. */
  readonly notifyMinBrokerIdChanged: boolean
  readonly enableAllTopicList: boolean
  readonly enableTopicList: boolean
  /** Answer no routes for waitSecondsForService after the start, until the brokers have registered. */
  readonly needWaitForService: boolean
  readonly waitSecondsForService: number
  /** Drop topics that a broker no longer registers. */
  readonly deleteTopicWithBrokerRegistration: boolean
  /** Keys that UPDATE_NAMESRV_CONFIG refuses. */
  readonly configBlackList: readonly string[]
  /** What was set, in Java's names and texts. */
  readonly given: ReadonlyMap<string, string>
}

/** Keys whose change a running name server follows at once; the others wait for the next start. */
const liveKeys: ReadonlySet<string> = new Set([
  'orderMessageEnable',
  'returnOrderTopicConfigToBroker',
  'supportActingMaster',
  'notifyMinBrokerIdChanged',
  'enableAllTopicList',
  'enableTopicList',
  'needWaitForService',
  'waitSecondsForService',
  'deleteTopicWithBrokerRegistration',
])

const MAX_INT = 2 ** 31 - 1

/** What a number must be within beyond what Java's type allows. */
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  listenPort: [0, 65_535],
  // A timer beyond this would fire at once.
  scanNotActiveBrokerInterval: [1, MAX_INT],
  serverChannelMaxIdleTimeSeconds: [1, 2_000_000],
  shutdownWaitTimeSeconds: [0, 2_000_000],
}

/** Keys whose `true` asks for something that is not here: to start without it would be a silent change of meaning. */
const refusedWhenTrue: ReadonlyMap<string, string> = new Map([
  ['enableControllerInNamesrv', 'the controller is not supported yet'],
  ['clusterTest', 'a name server that only passes questions on is not supported'],
])

/** Our former spelling of a key, still taken. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['scanNotActiveBrokerIntervalMs', 'scanNotActiveBrokerInterval'],
])

/** True when a running name server follows a change of this key. */
export function isLiveKey(key: string): boolean {
  return liveKeys.has(key)
}

/** Keys that were given with another value than Java's default and have no effect, with the reason. */
export function keysWithoutEffect({
  given,
}: NameServerConfig): readonly { readonly key: string; readonly reason: string }[] {
  return javaKeys.flatMap(({ name, type, fallback, inert }) => {
    const text = given.get(name)
    // Java does not start without its home directory, so a file that names it asks for nothing.
    if (inert === undefined || text === undefined || name === 'rocketmqHome') return []
    return normalized(type, text) === fallback ? [] : [{ key: name, reason: inert }]
  })
}

/** What is wrong with a key or its value; undefined when nothing is. */
export function faultOfKey(name: string, text: string): string | undefined {
  const key = javaKeyByName.get(name)
  if (key === undefined) {
    const near = nearest(name, [...javaKeyByName.keys()])
    return `unknown key ${name}${near === undefined ? '' : `, did you mean ${near}?`}`
  }
  const fault = faultOf(key.type, text)
  if (fault !== undefined) return `${name}: '${text}' ${fault}`
  const range = ranges[name]
  if (range !== undefined && (Number(text) < range[0] || Number(text) > range[1])) {
    return `${name}: ${text} must be between ${range[0]} and ${range[1]}`
  }
  const refused = refusedWhenTrue.get(name)
  return refused !== undefined && text.toLowerCase() === 'true'
    ? `${name}=true: ${refused}`
    : undefined
}

/**
 * Checks a configuration and fills in defaults; values may be text, as they come from a .properties file.
 * @throws {TypeError} naming each key that is unknown or has a bad value.
 */
export function parseNameServerConfig(input: unknown): NameServerConfig {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError('name server configuration: expected an object of keys and values')
  }
  const entries: Iterable<[string, unknown]> = input instanceof Map ? input : Object.entries(input)
  const given = new Map<string, string>()
  const faults: string[] = []
  for (const [name, value] of entries) {
    if (value === undefined) continue
    const key = aliases.get(name) ?? name
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const fault = faultOfKey(key, text)
    if (fault === undefined) given.set(key, text)
    else faults.push(fault)
  }
  if (faults.length > 0) throw new TypeError(`name server configuration: ${faults.join('; ')}`)
  return configOf(given)
}

/** The configuration made of keys that have no fault. */
export function configOf(given: ReadonlyMap<string, string>): NameServerConfig {
  const text = (key: string): string => {
    const known = javaKeyByName.get(key)
    return normalized(known?.type ?? 'String', given.get(key) ?? known?.fallback ?? '')
  }
  const flag = (key: string): boolean => text(key) === 'true'
  const integer = (key: string): number => Number(text(key))
  return Object.freeze({
    listenPort: integer('listenPort'),
    bindAddress: text('bindAddress'),
    kvConfigPath: text('kvConfigPath') || undefined,
    scanNotActiveBrokerIntervalMs: integer('scanNotActiveBrokerInterval'),
    serverChannelMaxIdleTimeSeconds: integer('serverChannelMaxIdleTimeSeconds'),
    gracefulShutdownMs: flag('enableShutdownGracefully')
      ? integer('shutdownWaitTimeSeconds') * 1000
      : undefined,
    orderMessageEnable: flag('orderMessageEnable'),
    returnOrderTopicConfigToBroker: flag('returnOrderTopicConfigToBroker'),
    supportActingMaster: flag('supportActingMaster'),
    notifyMinBrokerIdChanged: flag('notifyMinBrokerIdChanged'),
    enableAllTopicList: flag('enableAllTopicList'),
    enableTopicList: flag('enableTopicList'),
    needWaitForService: flag('needWaitForService'),
    waitSecondsForService: integer('waitSecondsForService'),
    deleteTopicWithBrokerRegistration: flag('deleteTopicWithBrokerRegistration'),
    configBlackList: text('configBlackList').split(';'),
    given,
  })
}
