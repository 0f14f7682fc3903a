// SPDX-License-Identifier: Apache-2.0
// Turns a header field into a text without making the same text again and again: topics and groups repeat in every request.
import type { FieldView } from '@rocketmq-ts/remoting'

const SLOTS = 1024
const MAX_BYTES = 255

/** A fixed table of the texts seen last, by the hash of their bytes. */
export class InternedText {
  readonly #bytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '')
  readonly #scratch = new Uint8Array(MAX_BYTES)

  /** The field's text, the same object as last time when it is the same text; undefined when the field is absent. */
  of(fields: FieldView, slot: number): string | undefined {
    const length = fields.byteLength(slot)
    if (length === 0 || length > MAX_BYTES) return fields.string(slot)
    const scratch = this.#scratch
    fields.copyInto(slot, scratch, 0)
    let hash = length
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (scratch[i] as number)) | 0
    const at = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const known = this.#bytes[at]
    if (known?.length === length && isEqual(known, scratch)) return this.#texts[at]
    const text = fields.string(slot)
    if (text === undefined) return undefined
    this.#bytes[at] = scratch.slice(0, length)
    this.#texts[at] = text
    return text
  }
}

function isEqual(known: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== other[i]) return false
  return true
}
