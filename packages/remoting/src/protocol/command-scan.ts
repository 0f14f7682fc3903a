// SPDX-License-Identifier: Apache-2.0
// Where everything is in one frame: the command's own fields by value, its ext fields and body by position.
import { unescapedText } from './json-text.ts'
import { SERIALIZE_JSON } from './serialize-type.ts'

/** Numbers that describe one ext field in {@link CommandScan.entries}: key start, key end, value start, value end, flags. */
export const ENTRY_SIZE = 5
/** Entry flag: the key holds JSON escapes. */
export const KEY_ESCAPED = 1
/** Entry flag: the value holds JSON escapes. */
export const VALUE_ESCAPED = 2
/** Entry flag: the value is null, which reads as absent. */
export const VALUE_NULL = 4

const NO_BYTES: Buffer = Buffer.alloc(0)
const USUAL_ENTRIES = 64
const MAX_ASCII = 0x7f

/** Positions in one frame. Reused: the next scan overwrites it. */
export class CommandScan {
  bytes: Buffer = NO_BYTES
  serializeType: number = SERIALIZE_JSON
  /** Start of the frame, past its length. */
  frameStart = 0
  headerEnd = 0
  bodyEnd = 0
  code = 0
  language = 0
  version = 0
  opaque = 0
  flag = 0
  /** Negative when there is no remark. */
  remarkStart = -1
  remarkEnd = -1
  remarkEscaped = false
  entryCount = 0
  entries: Int32Array = new Int32Array(ENTRY_SIZE * USUAL_ENTRIES)
  /** Left by the JSON scanner's last string: whether it holds escapes. */
  escaped = false
  /** Left by the JSON scanner: whether a string holds bytes beyond ASCII. */
  nonAscii = false

  /** Forgets what the last scan found. */
  reset(): void {
    if (this.entries.length > ENTRY_SIZE * USUAL_ENTRIES) {
      // One peer's strange header must not hold memory for ever.
      this.entries = new Int32Array(ENTRY_SIZE * USUAL_ENTRIES)
    }
    this.code = 0
    this.language = 0
    this.version = 0
    this.opaque = 0
    this.flag = 0
    this.remarkStart = -1
    this.entryCount = 0
  }

  /** Makes room for as many entries again; returns the larger array. */
  growEntries(): Int32Array {
    const larger = new Int32Array(this.entries.length * 2)
    larger.set(this.entries)
    this.entries = larger
    return larger
  }

  addEntry(
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    flags: number,
  ): void {
    let at = this.entryCount * ENTRY_SIZE
    const entries = at === this.entries.length ? this.growEntries() : this.entries
    entries[at++] = keyStart
    entries[at++] = keyEnd
    entries[at++] = valueStart
    entries[at++] = valueEnd
    entries[at] = flags
    this.entryCount++
  }

  /** The human text that goes with the code. */
  remark(): string | undefined {
    if (this.remarkStart < 0) return undefined
    return this.remarkEscaped
      ? unescapedText(this.bytes, this.remarkStart, this.remarkEnd)
      : this.bytes.toString('utf8', this.remarkStart, this.remarkEnd)
  }

  /** One ext field by name; of several with the name the last. */
  ext(name: string): string | undefined {
    for (let index = this.entryCount - 1; index >= 0; index--) {
      if (this.#keyIs(index, name)) return this.#value(index)
    }
    return undefined
  }

  /** All ext fields that are not null. For cold use: it makes a string of each. */
  extFields(): Map<string, string> {
    const fields = new Map<string, string>()
    for (let index = 0; index < this.entryCount; index++) {
      const value = this.#value(index)
      if (value === undefined) fields.delete(this.#key(index))
      else fields.set(this.#key(index), value)
    }
    return fields
  }

  body(): Uint8Array {
    return this.headerEnd === this.bodyEnd
      ? NO_BYTES
      : this.bytes.subarray(this.headerEnd, this.bodyEnd)
  }

  #key(index: number): string {
    const at = index * ENTRY_SIZE
    const start = this.entries[at] as number
    const end = this.entries[at + 1] as number
    const first = this.bytes[start] as number
    // The fields of SEND_MESSAGE_V2; the engine has these strings already.
    if (end - start === 1 && first <= MAX_ASCII) return String.fromCharCode(first)
    return ((this.entries[at + 4] as number) & KEY_ESCAPED) === 0
      ? this.bytes.toString('utf8', start, end)
      : unescapedText(this.bytes, start, end)
  }

  #value(index: number): string | undefined {
    const at = index * ENTRY_SIZE
    const flags = this.entries[at + 4] as number
    if ((flags & VALUE_NULL) !== 0) return undefined
    const start = this.entries[at + 2] as number
    const end = this.entries[at + 3] as number
    return (flags & VALUE_ESCAPED) === 0
      ? this.bytes.toString('utf8', start, end)
      : unescapedText(this.bytes, start, end)
  }

  #keyIs(index: number, name: string): boolean {
    const at = index * ENTRY_SIZE
    const start = this.entries[at] as number
    const length = (this.entries[at + 1] as number) - start
    if (((this.entries[at + 4] as number) & KEY_ESCAPED) !== 0) return this.#key(index) === name
    if (length !== name.length) return false
    for (let i = 0; i < length; i++) {
      const unit = name.charCodeAt(i)
      // One byte stands for one unit as long as the name is ASCII: another byte is another name.
      if (unit > MAX_ASCII) return this.#key(index) === name
      if (this.bytes[start + i] !== unit) return false
    }
    return true
  }
}
