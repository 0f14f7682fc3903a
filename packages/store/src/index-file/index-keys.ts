// SPDX-License-Identifier: Apache-2.0
// The keys under which a record is indexed, as hashes.
import { PropertyScanner, type RecordLocation, tagHash } from '@rocketmq-ts/remoting/message'

const SPACE = 0x20
const HASH_SIGN = 0x23
const UNIQUE = 0
const KEYS = 1
const TAGS = 2

/** The text whose hash stands for a key of a topic; tags have a kind of their own. @see IndexService.buildKey */
export function indexKeyHash(topic: string, key: string, indexType: string | undefined): number {
  return tagHash(indexType === 'T' ? `${topic}#T#${key}` : `${topic}#${key}`)
}

/** Hashes of one record's keys, in the order in which Java enters them: unique key, each of KEYS, tags. Reused from record to record. */
export class RecordKeys {
  readonly #scanner = new PropertyScanner(['UNIQ_KEY', 'KEYS', 'TAGS'])
  #hashes = new Int32Array(16)
  #count = 0
  #prefixHash = 0

  get count(): number {
    return this.#count
  }

  /** Java's hash code of the key text. */
  hash(at: number): number {
    return this.#hashes[at] ?? 0
  }

  /** Reads the keys of a record. @see IndexService.buildIndex */
  read(bytes: Uint8Array, location: RecordLocation): void {
    const scanner = this.#scanner
    this.#count = 0
    scanner.scan(bytes, location.propertiesStart, location.propertiesEnd)
    if (scanner.start(UNIQUE) < 0 && scanner.start(KEYS) < 0 && scanner.start(TAGS) < 0) return
    const topicHash = extendHash(0, bytes, location.topicStart, location.topicEnd)
    this.#prefixHash = extendBy(topicHash, HASH_SIGN)
    if (scanner.start(UNIQUE) >= 0) this.#add(bytes, scanner.start(UNIQUE), scanner.end(UNIQUE))
    if (scanner.start(KEYS) >= 0) this.#addEach(bytes, scanner.start(KEYS), scanner.end(KEYS))
    if (scanner.start(TAGS) >= 0) {
      this.#prefixHash = extendBy(extendBy(this.#prefixHash, 0x54), HASH_SIGN)
      this.#add(bytes, scanner.start(TAGS), scanner.end(TAGS))
    }
  }

  #addEach(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      let keyEnd = at
      while (keyEnd < end && bytes[keyEnd] !== SPACE) keyEnd++
      if (keyEnd > at) this.#add(bytes, at, keyEnd)
      at = keyEnd + 1
    }
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#count === this.#hashes.length) {
      const larger = new Int32Array(this.#count * 2)
      larger.set(this.#hashes)
      this.#hashes = larger
    }
    this.#hashes[this.#count++] = extendHash(this.#prefixHash, bytes, start, end)
  }
}

function extendBy(hash: number, unit: number): number {
  return (Math.imul(hash, 31) + unit) | 0
}

/** Hash code of a text with hash code `hash` followed by the UTF-8 text in `bytes`. */
function extendHash(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let extended = hash
  for (let at = start; at < end; at++) {
    const unit = bytes[at] ?? 0
    if (unit >= 0x80) return extendByText(extended, bytes, at, end)
    extended = extendBy(extended, unit)
  }
  return extended
}

function extendByText(hash: number, bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'utf8',
    start,
    end,
  )
  let extended = hash
  for (let at = 0; at < text.length; at++) extended = extendBy(extended, text.charCodeAt(at))
  return extended
}
