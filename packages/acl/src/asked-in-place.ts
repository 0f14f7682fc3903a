// SPDX-License-Identifier: Apache-2.0
// Who asks for what in a request of a hot code, found in its frame without making a string.
import {
  ENTRY_SIZE,
  KEY_ESCAPED,
  VALUE_ESCAPED,
  VALUE_NULL,
  type CommandScan,
} from '@rocketmq-ts/remoting'
import { SignatureField } from './signature.ts'

const ACCESS_KEY = Buffer.from(SignatureField.ACCESS_KEY)
const TOPIC = Buffer.from('topic')
const TOPIC_V2 = Buffer.from('b')
const GROUP = Buffer.from('consumerGroup')

/** Longer names are not kept: a peer must not fill memory with them. */
const MAX_NAME_BYTES = 255

interface HotFields {
  readonly topic: Uint8Array
  /** Undefined where access does not depend on a group. */
  readonly group: Uint8Array | undefined
}

/** The codes that carry the load, with the fields their access depends on. */
const hotFields: ReadonlyMap<number, HotFields> = new Map([
  [10, { topic: TOPIC, group: undefined }],
  [310, { topic: TOPIC_V2, group: undefined }],
  [320, { topic: TOPIC_V2, group: undefined }],
  [11, { topic: TOPIC, group: GROUP }],
  [14, { topic: TOPIC, group: GROUP }],
  [15, { topic: TOPIC, group: GROUP }],
  [361, { topic: TOPIC, group: GROUP }],
])

/** What a decision was about, as bytes of one's own. */
export interface Asked {
  readonly code: number
  readonly user: Uint8Array
  readonly topic: Uint8Array
  readonly group: Uint8Array
}

const NO_BYTES = new Uint8Array(0)

/** Positions of user, topic and group in one frame. Reused: {@link AskedInPlace.find} overwrites it. */
export class AskedInPlace {
  #scan: CommandScan | undefined
  #user = -1
  #topic = -1
  #group = -1

  /** False when the code is not hot, a field is missing, or one can only be read as text. Of several of a name the last counts. */
  find(scan: CommandScan): boolean {
    const fields = hotFields.get(scan.code)
    if (fields === undefined) return false
    const { topic, group } = fields
    const { entries, bytes } = scan
    this.#scan = scan
    this.#user = -1
    this.#topic = -1
    this.#group = -1
    const last = scan.entryCount * ENTRY_SIZE
    for (let at = 0; at < last; at += ENTRY_SIZE) {
      const flags = entries[at + 4] as number
      // Its name may be any of the three.
      if ((flags & KEY_ESCAPED) !== 0) return false
      const start = entries[at] as number
      const end = entries[at + 1] as number
      if (isSame(bytes, start, end, topic)) this.#topic = at
      else if (isSame(bytes, start, end, ACCESS_KEY)) this.#user = at
      else if (group !== undefined && isSame(bytes, start, end, GROUP)) this.#group = at
      else continue
      if ((flags & (VALUE_ESCAPED | VALUE_NULL)) !== 0) return false
    }
    return this.#user >= 0 && this.#topic >= 0 && (this.#group >= 0 || group === undefined)
  }

  /** Whether the request found last asks just this. */
  is(asked: Asked): boolean {
    return (
      this.#scan?.code === asked.code &&
      this.#isValue(this.#topic, asked.topic) &&
      this.#isValue(this.#user, asked.user) &&
      (this.#group < 0 || this.#isValue(this.#group, asked.group))
    )
  }

  /** The request found last, to be compared with later ones; undefined when its names are too long to be kept. */
  kept(): Asked | undefined {
    const user = this.#copied(this.#user)
    const topic = this.#copied(this.#topic)
    const group = this.#group < 0 ? NO_BYTES : this.#copied(this.#group)
    if (this.#scan === undefined || user === undefined) return undefined
    if (topic === undefined || group === undefined) return undefined
    return { code: this.#scan.code, user, topic, group }
  }

  #isValue(at: number, wanted: Uint8Array): boolean {
    const scan = this.#scan
    if (scan === undefined) return false
    const { entries, bytes } = scan
    return isSame(bytes, entries[at + 2] as number, entries[at + 3] as number, wanted)
  }

  #copied(at: number): Uint8Array | undefined {
    const scan = this.#scan
    if (scan === undefined || at < 0) return undefined
    const start = scan.entries[at + 2] as number
    const end = scan.entries[at + 3] as number
    return end - start > MAX_NAME_BYTES
      ? undefined
      : Uint8Array.from(scan.bytes.subarray(start, end))
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  const length = wanted.length
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== wanted[i]) return false
  return true
}
