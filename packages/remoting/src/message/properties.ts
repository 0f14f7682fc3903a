// SPDX-License-Identifier: Apache-2.0
// A message's properties as text: name U+0001 value U+0002 … ; and finding some in the bytes without parsing all.

const NAME_END = 1
const PROPERTY_END = 2

/** Properties by name; null prototype when decoded, so any name is safe. */
export type Properties = Record<string, string>

/** The text, with the closing U+0002 that Java writes. Undefined values are left out. */
export function encodeProperties(properties: Readonly<Record<string, string | undefined>>): string {
  let text = ''
  for (const name in properties) {
    const value = properties[name]
    if (value !== undefined) text += `${name}\u0001${value}\u0002`
  }
  return text
}

/** Reads the text as Java does: what has no name or no value is passed over, the last of two alike counts. */
export function decodeProperties(text: string): Properties {
  const properties = Object.create(null) as Properties
  let at = 0
  while (at < text.length) {
    const found = text.indexOf('\u0002', at)
    const end = found < 0 ? text.length : found
    const nameEnd = text.indexOf('\u0001', at)
    if (nameEnd > at && nameEnd < end - 1) {
      properties[text.slice(at, nameEnd)] = text.slice(nameEnd + 1, end)
    }
    at = end + 1
  }
  return properties
}

/**
 * Where the value of `name` begins in encoded properties between `from` and `to`, or −1 when it is not there.
 * The value ends at {@link propertyEnd}. Allocates nothing.
 */
export function findProperty(
  bytes: Uint8Array,
  name: Uint8Array,
  from: number = 0,
  to: number = bytes.length,
): number {
  let found = -1
  for (let at = from; at < to;) {
    const valueAt = valueStart(bytes, name, at, to)
    if (valueAt >= 0 && valueAt < to && bytes[valueAt] !== PROPERTY_END) found = valueAt
    at = propertyEnd(bytes, valueAt >= 0 ? valueAt : at, to) + 1
  }
  return found
}

/** Where the value that begins at `valueStart` ends: at the next U+0002 or at `to`. */
export function propertyEnd(
  bytes: Uint8Array,
  valueStart: number,
  to: number = bytes.length,
): number {
  let at = valueStart
  while (at < to && bytes[at] !== PROPERTY_END) at += 1
  return at
}

function valueStart(bytes: Uint8Array, name: Uint8Array, at: number, to: number): number {
  const end = at + name.length
  if (end >= to || bytes[end] !== NAME_END) return -1
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[at + index] !== name[index]) return -1
  }
  return end + 1
}

/** Finds several properties in one pass, for code that looks at each message. Reused: it holds the last scan's positions. */
export class PropertyScanner {
  readonly #names: readonly Uint8Array[]
  readonly #starts: Int32Array
  readonly #ends: Int32Array

  /** Slots are numbered as the names are given. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name, 'utf8'))
    this.#starts = new Int32Array(names.length)
    this.#ends = new Int32Array(names.length)
  }

  /** Reads encoded properties between `from` and `to`. */
  scan(bytes: Uint8Array, from: number, to: number): void {
    this.#starts.fill(-1)
    for (let at = from; at < to;) {
      let nameEnd = at
      while (nameEnd < to && (bytes[nameEnd] as number) > PROPERTY_END) nameEnd += 1
      const end = propertyEnd(bytes, nameEnd, to)
      if (bytes[nameEnd] === NAME_END && nameEnd < end - 1) this.#note(bytes, at, nameEnd, end)
      at = end + 1
    }
  }

  /** Where the value begins, or −1 when the property was not there. */
  start(slot: number): number {
    return this.#starts[slot] ?? -1
  }

  /** Where the value ends; means nothing when `start` is −1. */
  end(slot: number): number {
    return this.#ends[slot] ?? -1
  }

  #note(bytes: Uint8Array, at: number, nameEnd: number, end: number): void {
    for (let slot = 0; slot < this.#names.length; slot += 1) {
      const name = this.#names[slot] as Uint8Array
      if (name.length !== nameEnd - at || !equalAt(bytes, at, name)) continue
      this.#starts[slot] = nameEnd + 1
      this.#ends[slot] = end
      return
    }
  }
}

function equalAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[at + index] !== name[index]) return false
  }
  return true
}
