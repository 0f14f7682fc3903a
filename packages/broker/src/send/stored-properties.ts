// SPDX-License-Identifier: Apache-2.0
// The properties of a message as they are stored: the sender's bytes, and behind them what the broker adds.
import type { FieldView } from '@rocketmq-ts/remoting'
import {
  decodeProperties,
  encodeProperties,
  findProperty,
  propertyEnd,
  PropertyScanner,
  tagHashOfUtf8,
  type Properties,
} from '@rocketmq-ts/remoting/message'
import { isBlankKey } from '@rocketmq-ts/store'
import type { BrokerConfig } from '../config.ts'

/** Java's limit is a short; what we add must fit as well, which the store checks. */
export const MAX_PROPERTIES_BYTES = 32_767
const ROOM_BYTES = 4096
const KEYS = Buffer.from('KEYS')
const PROPERTY_END = 2

const names = [
  'TAGS',
  'WAIT',
  'UNIQ_KEY',
  'DELAY',
  'TRAN_MSG',
  'TIMER_DELIVER_MS',
  'TIMER_DELAY_SEC',
  'TIMER_DELAY_MS',
  'MSG_REGION',
  'CLUSTER',
  'TRACE_ON',
  'POP_CK',
] as const
const TAGS = 0
const WAIT = 1
const UNIQ_KEY = 2
const DELAY = 3
const TRAN_MSG = 4
const FIRST_TIMER = 5
const LAST_TIMER = 7
const FIRST_OWN = 8
const LAST_OWN = 11

/** Reused for message after message: the bytes of the last one are overwritten. */
export class StoredProperties {
  #buffer = Buffer.alloc(MAX_PROPERTIES_BYTES + ROOM_BYTES)
  #length = 0
  readonly #scanner = new PropertyScanner(names)
  #suffixOf: BrokerConfig | undefined
  #suffix: Uint8Array = Buffer.alloc(0)

  /** Reads the properties field of a request; false when it is longer than Java allows. */
  load(fields: FieldView, slot: number): boolean {
    const length = fields.byteLength(slot)
    if (length > MAX_PROPERTIES_BYTES) return false
    this.#length = fields.copyInto(slot, this.#buffer, 0)
    if (this.#length > 0 && this.#buffer[this.#length - 1] !== PROPERTY_END) {
      this.#buffer[this.#length++] = PROPERTY_END
    }
    this.#scanner.scan(this.#buffer, 0, this.#length)
    return true
  }

  /** True when a property asks for more than to be stored with the message: then {@link decoded} is for it. */
  get isSpecial(): boolean {
    for (let slot = DELAY; slot <= LAST_OWN; slot++) if (this.#scanner.start(slot) >= 0) return true
    return false
  }

  /** Java's hash of the tag, 0 without one. */
  get tagsCode(): number {
    const start = this.#scanner.start(TAGS)
    return start < 0 ? 0 : tagHashOfUtf8(this.#buffer, start, this.#scanner.end(TAGS))
  }

  /** False when the message has no key that Java takes for one. For messages of few topics. */
  get hasKeys(): boolean {
    const start = findProperty(this.#buffer, KEYS, 0, this.#length)
    if (start < 0) return false
    const end = propertyEnd(this.#buffer, start, this.#length)
    return !isBlankKey(this.#buffer.subarray(start, end))
  }

  /** False when the sender does not want to wait for the disk. */
  get waitFlush(): boolean {
    const start = this.#scanner.start(WAIT)
    return (
      start < 0 ||
      this.#buffer.toString('latin1', start, this.#scanner.end(WAIT)).toLowerCase() !== 'false'
    )
  }

  /** The producer's id of the message, undefined without one. */
  get uniqueKey(): string | undefined {
    const start = this.#scanner.start(UNIQ_KEY)
    return start < 0 ? undefined : this.#buffer.toString('utf8', start, this.#scanner.end(UNIQ_KEY))
  }

  get isHalfMessage(): boolean {
    const start = this.#scanner.start(TRAN_MSG)
    return (
      start >= 0 &&
      this.#buffer.toString('latin1', start, this.#scanner.end(TRAN_MSG)).toLowerCase() === 'true'
    )
  }

  /** True when the message is to be delivered at a time of its own. */
  get isTimed(): boolean {
    for (let slot = FIRST_TIMER; slot <= LAST_TIMER; slot++) {
      if (this.#scanner.start(slot) >= 0) return true
    }
    return false
  }

  /** Properties as a record, without those the broker sets itself. For what is done to few messages. */
  decoded(): Properties {
    const properties = decodeProperties(this.#buffer.toString('utf8', 0, this.#length))
    for (let slot = FIRST_OWN; slot <= LAST_OWN; slot++) delete properties[names[slot] as string]
    return properties
  }

  /** Takes the properties from a record instead; false when they are longer than Java allows. */
  replace(properties: Readonly<Properties>): boolean {
    const text = encodeProperties(properties)
    if (Buffer.byteLength(text) > MAX_PROPERTIES_BYTES) return false
    this.#length = this.#buffer.write(text, 0, 'utf8')
    this.#scanner.scan(this.#buffer, 0, this.#length)
    return true
  }

  /** Adds a unique key made by the broker. */
  addUniqueKey(key: string): void {
    this.#length += this.#buffer.write(`UNIQ_KEY\u0001${key}\u0002`, this.#length, 'latin1')
  }

  /** Adds region, cluster and trace switch, and returns the whole: a view that is good until the next {@link load}. */
  finish(config: BrokerConfig): Uint8Array {
    if (this.#suffixOf !== config) this.#setSuffix(config)
    this.#buffer.set(this.#suffix, this.#length)
    return this.#buffer.subarray(0, this.#length + this.#suffix.length)
  }

  #setSuffix(config: BrokerConfig): void {
    this.#suffixOf = config
    this.#suffix = Buffer.from(
      encodeProperties({
        MSG_REGION: config.regionId,
        CLUSTER: config.clusterName,
        TRACE_ON: String(config.traceOn),
      }),
      'utf8',
    )
    const needed = MAX_PROPERTIES_BYTES + ROOM_BYTES + this.#suffix.length
    if (this.#buffer.length < needed) {
      this.#buffer = Buffer.concat([this.#buffer], needed)
    }
  }
}
