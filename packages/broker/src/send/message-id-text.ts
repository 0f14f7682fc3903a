// SPDX-License-Identifier: Apache-2.0
// The message id of a stored message, made once per message: store host and log offset in upper case hexadecimal.

const DIGITS = Buffer.from('0123456789ABCDEF', 'latin1')
const OFFSET_DIGITS = 16
const TWO_32 = 2 ** 32

/** Makes ids for one store host. */
export class MessageIdText {
  readonly #text: Buffer

  constructor(storeHost: Uint8Array) {
    const prefix = Buffer.from(storeHost).toString('hex').toUpperCase()
    this.#text = Buffer.from(prefix + '0'.repeat(OFFSET_DIGITS), 'latin1')
  }

  /** The id of the record at a commit log offset. */
  of(offset: number): string {
    const text = this.#text
    const end = text.length
    putHex(text, end, offset >>> 0)
    putHex(text, end - 8, Math.floor(offset / TWO_32))
    return text.toString('latin1', 0, end)
  }
}

/** Writes eight digits that end before `end`. */
function putHex(text: Buffer, end: number, value: number): void {
  for (let at = end - 1, rest = value; at >= end - 8; at--, rest >>>= 4) {
    text[at] = DIGITS[rest & 15] as number
  }
}
