// SPDX-License-Identifier: Apache-2.0
// The message a user gives, and what of it goes on the wire.
import {
  compress,
  compressionFlag,
  encodeBatch,
  encodeProperties,
  KEY_SEPARATOR,
  MessageProperty,
  type CompressionType,
  type Properties,
} from '@rocketmq-ts/remoting/message'
import { checkSendable, checkTopic, RETRY_TOPIC_PREFIX } from './names.ts'
import { RocketMQError } from '@rocketmq-ts/remoting'

/** A message to send. */
export interface OutgoingMessage {
  readonly topic: string
  /** Bytes, or text that is sent as UTF-8. Bytes must not change until the send has settled. */
  readonly body: Uint8Array | string
  /** The tag consumers may filter by. */
  readonly tags?: string | undefined
  /** Under what the message can be looked up; no key may contain a space. */
  readonly keys?: string | readonly string[] | undefined
  /** 1 … 18 by Java's default table (1 s … 2 h); 0 or absent delivers at once. */
  readonly delayLevel?: number | undefined
  /** Messages with one sharding key go to one queue, also when Java producers send them by hash. */
  readonly shardingKey?: string | undefined
  /** Whether the answer waits for the disk and the replica the broker is configured for; default true. */
  readonly waitStoreMsgOk?: boolean | undefined
  /** A number for the application; default 0. */
  readonly flag?: number | undefined
  /** The application's own properties. */
  readonly properties?: Readonly<Record<string, string>> | undefined
}

/** What is sent of a message, or of a batch. */
export interface PreparedMessage {
  readonly topic: string
  readonly body: Uint8Array
  readonly properties: string
  readonly sysFlag: number
  readonly flag: number
  /** Our id; of a batch, the ids of its messages joined by commas. */
  readonly msgId: string
  readonly batch: boolean
  /** Set on messages that come back to a retry topic. */
  readonly retry?: { readonly reconsumeTimes: number; readonly maxReconsumeTimes: number }
}

/** The rules a message must pass and how it is compressed. */
export interface PreparationRules {
  readonly maxMessageBytes: number
  readonly compressBodyOverBytes: number
  readonly compressionType: CompressionType
  readonly compressionLevel: number
}

/** Property names that say something to RocketMQ; the message has fields for those a user may set. */
const reserved: ReadonlySet<string> = new Set(Object.values(MessageProperty))

/** Checks the message, gives it an id and compresses it. @throws RMQ_INVALID_ARGUMENT, RMQ_MESSAGE_ILLEGAL */
export function prepareMessage(
  message: OutgoingMessage,
  msgId: string,
  rules: PreparationRules,
): PreparedMessage {
  checkDestination(message)
  const body = bodyBytes(message, rules)
  const compressed = body.length >= rules.compressBodyOverBytes
  return {
    topic: message.topic,
    body: compressed ? compress(body, rules.compressionType, rules.compressionLevel) : body,
    properties: encodeProperties(propertiesOf(message, msgId)),
    sysFlag: compressed ? compressionFlag(rules.compressionType) : 0,
    flag: message.flag ?? 0,
    msgId,
    batch: false,
  }
}

/**
 * Puts several messages into one request. Bodies are not compressed.
 * @throws RMQ_MESSAGE_ILLEGAL when they differ in topic or waitStoreMsgOk, are delayed, go to a retry topic, or are too large together
 */
export function prepareBatch(
  messages: readonly OutgoingMessage[],
  nextId: () => string,
  rules: PreparationRules,
): PreparedMessage {
  const first = messages[0]
  if (first === undefined) throw illegal('a batch needs at least one message')
  checkDestination(first)
  const ids: string[] = []
  const encoded = messages.map((message) => {
    checkFitsBatch(first, message)
    const msgId = nextId()
    ids.push(msgId)
    return {
      body: bodyBytes(message, rules),
      flag: message.flag ?? 0,
      properties: propertiesOf(message, msgId),
    }
  })
  const body = encodeBatch(encoded)
  if (body.length > rules.maxMessageBytes) {
    throw illegal(
      `the batch of ${messages.length} messages takes ${body.length} bytes, at most ${rules.maxMessageBytes} are allowed: split it`,
    )
  }
  return {
    topic: first.topic,
    body,
    properties: encodeProperties({
      [MessageProperty.UNIQ_KEY]: nextId(),
      [MessageProperty.WAIT]: waitText(first),
    }),
    sysFlag: 0,
    flag: 0,
    msgId: ids.join(','),
    batch: true,
  }
}

function checkDestination(message: OutgoingMessage): void {
  checkTopic(message.topic)
  checkSendable(message.topic)
}

function checkFitsBatch(first: OutgoingMessage, message: OutgoingMessage): void {
  if (message.topic !== first.topic) {
    throw illegal(`a batch has one topic, got ${first.topic} and ${message.topic}`)
  }
  if (waitText(message) !== waitText(first)) {
    throw illegal('all messages of a batch have the same waitStoreMsgOk')
  }
  if ((message.delayLevel ?? 0) > 0) throw illegal('a message of a batch cannot be delayed')
  if (message.topic.startsWith(RETRY_TOPIC_PREFIX)) {
    throw illegal('a batch cannot be sent to a retry topic')
  }
}

function bodyBytes(message: OutgoingMessage, rules: PreparationRules): Uint8Array {
  const body = typeof message.body === 'string' ? Buffer.from(message.body, 'utf8') : message.body
  if (!(body instanceof Uint8Array))
    throw illegal(`the body must be bytes or text, got ${typeof body}`)
  if (body.length === 0) throw illegal(`the body of a message to ${message.topic} is empty`)
  if (body.length > rules.maxMessageBytes) {
    throw illegal(
      `the body of a message to ${message.topic} has ${body.length} bytes, at most ${rules.maxMessageBytes} are allowed`,
    )
  }
  return body
}

function propertiesOf(message: OutgoingMessage, msgId: string): Properties {
  const { tags, delayLevel, shardingKey } = message
  const properties: Properties = {
    [MessageProperty.UNIQ_KEY]: msgId,
    [MessageProperty.WAIT]: waitText(message),
  }
  if (tags !== undefined) properties[MessageProperty.TAGS] = checkedValue('tags', tags)
  if (message.keys !== undefined) properties[MessageProperty.KEYS] = keysText(message.keys)
  if (delayLevel !== undefined && delayLevel > 0) {
    properties[MessageProperty.DELAY] = String(delayLevel)
  }
  if (shardingKey !== undefined) {
    properties[MessageProperty.SHARDING_KEY] = checkedValue('shardingKey', shardingKey)
  }
  for (const name in message.properties) addUserProperty(properties, name, message.properties[name])
  return properties
}

function addUserProperty(properties: Properties, name: string, value: string | undefined): void {
  if (value === undefined) return
  if (reserved.has(name)) {
    throw illegal(`property ${name} is reserved, use the message's own field for it`)
  }
  if (name === '' || separators.test(name))
    throw illegal(`a property name is empty or has U+0001 or U+0002`)
  properties[name] = checkedValue(`property ${name}`, value)
}

function keysText(keys: string | readonly string[]): string {
  return checkedValue('keys', typeof keys === 'string' ? keys : keys.join(KEY_SEPARATOR))
}

/** U+0001 and U+0002 end a name and a value on the wire, so neither may hold them. */
function checkedValue(what: string, value: string): string {
  if (typeof value !== 'string') throw illegal(`${what} must be text, got ${typeof value}`)
  if (separators.test(value)) throw illegal(`${what} has U+0001 or U+0002 in it`)
  return value
}

// eslint-disable-next-line no-control-regex -- these two are the separators.
const separators = /[\u0001\u0002]/

function waitText(message: OutgoingMessage): string {
  return message.waitStoreMsgOk === false ? 'false' : 'true'
}

function illegal(message: string): RocketMQError {
  return new RocketMQError('RMQ_MESSAGE_ILLEGAL', message)
}
