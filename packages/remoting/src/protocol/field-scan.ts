// SPDX-License-Identifier: Apache-2.0
// Header fields by slot: one pass finds where each value lies, nothing is decoded before it is asked for.
import { malformedNumber, missingField, type BadField } from './bad-field.ts'
import {
  ENTRY_SIZE,
  KEY_ESCAPED,
  VALUE_ESCAPED,
  VALUE_NULL,
  type CommandScan,
} from './command-scan.ts'
import { KIND_INT32, KIND_LONG, KIND_OFFSET, type CompiledTable } from './compiled-table.ts'
import { parseBoolean, parseInt32, parseLong, parseOffset } from './field-text.ts'
import { unescapedBytes, unescapedText, unescapeInto } from './json-text.ts'

/** Reads header fields in place; slots come from `slotsOf(table)`. Valid only until the handler returns. */
export interface FieldView {
  /** Whether the field is there. A number that cannot be read is not, unless Java reads the header by hand and refuses it. */
  has(slot: number): boolean
  string(slot: number): string | undefined
  /** @throws {BadField} when absent or malformed; the server then answers as Java does. */
  int32(slot: number): number
  /** @throws {BadField} when absent, malformed, or outside what a number holds exactly. */
  offset(slot: number): number
  /** @throws {BadField} when absent or malformed. */
  long(slot: number): bigint
  /** Undefined when absent; any text but `true` is false. */
  boolean(slot: number): boolean | undefined
  /** Bytes of the UTF-8 text, escapes resolved; 0 when absent. */
  byteLength(slot: number): number
  /** Writes the UTF-8 text to `target` from `at`; returns the new end. */
  copyInto(slot: number, target: Uint8Array, at: number): number
}

const NO_TABLE: CompiledTable = {
  count: 0,
  properties: [],
  names: [],
  kinds: new Uint8Array(0),
  required: new Uint8Array(0),
  absentAs: [],
  isStrict: false,
  keys: [],
  binaryPrefixes: [],
  jsonPrefixes: [],
}

/** Reused for request after request: {@link FieldScan.match} overwrites it. */
export class FieldScan implements FieldView {
  #bytes: Buffer = Buffer.alloc(0)
  #table: CompiledTable = NO_TABLE
  /** Negative where the field is absent. */
  #starts: Int32Array = new Int32Array(32).fill(-1)
  #ends: Int32Array = new Int32Array(32)
  #escaped: Uint8Array = new Uint8Array(32)

  /** Finds the fields of a table among the ext fields of a scanned command. Later entries win, null is absent. */
  match(scan: CommandScan, table: CompiledTable): void {
    const count = table.count
    if (count > this.#starts.length) this.#grow(count)
    this.#bytes = scan.bytes
    this.#table = table
    const starts = this.#starts
    starts.fill(-1, 0, count)
    if (count === 0) return
    const bytes = scan.bytes
    const entries = scan.entries
    const keys = table.keys
    const last = scan.entryCount * ENTRY_SIZE
    let expected = 0
    for (let at = 0; at < last; at += ENTRY_SIZE) {
      const keyStart = entries[at] as number
      const keyEnd = entries[at + 1] as number
      const flags = entries[at + 4] as number
      let slot = -1
      if ((flags & KEY_ESCAPED) !== 0) {
        slot = table.names.indexOf(unescapedText(bytes, keyStart, keyEnd))
      } else {
        // Peers that write in table order hit at once; the search starts where the last hit was.
        for (let tried = 0; tried < count; tried++) {
          if (isKey(bytes, keyStart, keyEnd, keys[expected] as Uint8Array)) {
            slot = expected
            break
          }
          if (++expected === count) expected = 0
        }
      }
      if (slot < 0) continue
      expected = slot + 1 === count ? 0 : slot + 1
      starts[slot] = (flags & VALUE_NULL) === 0 ? (entries[at + 2] as number) : -1
      this.#ends[slot] = entries[at + 3] as number
      this.#escaped[slot] = flags & VALUE_ESCAPED
    }
  }

  #grow(count: number): void {
    this.#starts = new Int32Array(count)
    this.#ends = new Int32Array(count)
    this.#escaped = new Uint8Array(count)
  }

  has(slot: number): boolean {
    if ((this.#starts[slot] as number) < 0) return false
    return this.#table.isStrict || this.#isReadable(slot)
  }

  #isReadable(slot: number): boolean {
    switch (this.#table.kinds[slot]) {
      case KIND_INT32:
        return !Number.isNaN(this.#parsed(slot, parseInt32))
      case KIND_OFFSET:
        return !Number.isNaN(this.#parsed(slot, parseOffset))
      case KIND_LONG:
        return parseLong(this.string(slot) ?? '') !== undefined
      default:
        return true
    }
  }

  string(slot: number): string | undefined {
    const start = this.#starts[slot] as number
    if (start < 0) return undefined
    const end = this.#ends[slot] as number
    return this.#escaped[slot] === 0
      ? this.#bytes.toString('utf8', start, end)
      : unescapedText(this.#bytes, start, end)
  }

  int32(slot: number): number {
    const start = this.#starts[slot] as number
    const value =
      start >= 0 && this.#escaped[slot] === 0
        ? parseInt32(this.#bytes, start, this.#ends[slot] as number)
        : this.#parsed(slot, parseInt32)
    if (Number.isNaN(value)) throw this.#unreadable(slot)
    return value
  }

  offset(slot: number): number {
    const start = this.#starts[slot] as number
    const value =
      start >= 0 && this.#escaped[slot] === 0
        ? parseOffset(this.#bytes, start, this.#ends[slot] as number)
        : this.#parsed(slot, parseOffset)
    if (Number.isNaN(value)) throw this.#unreadable(slot)
    return value
  }

  long(slot: number): bigint {
    const value = parseLong(this.string(slot) ?? '')
    if (value === undefined) throw this.#unreadable(slot)
    return value
  }

  boolean(slot: number): boolean | undefined {
    const start = this.#starts[slot] as number
    if (start < 0) return undefined
    return this.#escaped[slot] === 0
      ? parseBoolean(this.#bytes, start, this.#ends[slot] as number)
      : this.string(slot)?.toLowerCase() === 'true'
  }

  byteLength(slot: number): number {
    const start = this.#starts[slot] as number
    if (start < 0) return 0
    const end = this.#ends[slot] as number
    return this.#escaped[slot] === 0 ? end - start : unescapedBytes(this.#bytes, start, end)
  }

  copyInto(slot: number, target: Uint8Array, at: number): number {
    const start = this.#starts[slot] as number
    if (start < 0) return at
    const end = this.#ends[slot] as number
    if (this.#escaped[slot] !== 0) return unescapeInto(this.#bytes, start, end, target, at)
    this.#bytes.copy(target, at, start, end)
    return at + end - start
  }

  /** NaN when absent or malformed. */
  #parsed(slot: number, parse: (bytes: Uint8Array, start: number, end: number) => number): number {
    const start = this.#starts[slot] as number
    if (start < 0) return NaN
    if (this.#escaped[slot] === 0) return parse(this.#bytes, start, this.#ends[slot] as number)
    const text = Buffer.from(unescapedText(this.#bytes, start, this.#ends[slot] as number))
    return parse(text, 0, text.length)
  }

  #unreadable(slot: number): BadField {
    const text = this.string(slot)
    return text === undefined
      ? missingField(this.#table.names[slot] as string)
      : malformedNumber(text)
  }
}

function isKey(bytes: Buffer, start: number, end: number, key: Uint8Array): boolean {
  const length = key.length
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== key[i]) return false
  return true
}
