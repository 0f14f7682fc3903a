// SPDX-License-Identifier: Apache-2.0
// Lays out frames by hand in both encodings, also such as no writer of ours would write.

/** A field of a header: bytes of text, or JSON that stands there as it is (binary headers take it for text). */
export interface Entry {
  readonly name: Uint8Array
  readonly value: Uint8Array
  readonly isRaw: boolean
}

/** What a frame is laid out from. */
export interface Layout {
  readonly encoding: 'json' | 'binary'
  readonly code: number
  readonly opaque: number
  readonly flag: number
  readonly entries: readonly Entry[]
  readonly body: Uint8Array | undefined
}

/** Java 5.5.0, as `version` in headers. */
const VERSION = 513
const QUOTE = Buffer.from('"')
const NO_BYTES = Buffer.alloc(0)

export function entry(name: string, value: string | Uint8Array, isRaw = false): Entry {
  return {
    name: Buffer.from(name),
    value: typeof value === 'string' ? Buffer.from(value) : value,
    isRaw,
  }
}

/** The frame with its length. */
export function layOut(layout: Layout): Buffer {
  // A code that does not fit two bytes travels in JSON only.
  const isJson = layout.encoding === 'json' || layout.code > 32_767
  const header = isJson ? jsonHeader(layout) : binaryHeader(layout)
  const body = layout.body ?? NO_BYTES
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + header.length + body.length)
  head.writeUInt32BE(((isJson ? 0 : 1) * 0x100_0000 + header.length) % 0x1_0000_0000, 4)
  return Buffer.concat([head, header, body])
}

/** The length in front of a frame set right again. */
export function withLength(frame: Buffer): Buffer {
  if (frame.length >= 4) frame.writeInt32BE(frame.length - 4)
  return frame
}

function jsonHeader({ code, entries, flag, opaque }: Layout): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`{"code":${code},"extFields":{`)]
  for (const [index, { isRaw, name, value }] of entries.entries()) {
    if (index > 0) parts.push(Buffer.from(','))
    parts.push(quoted(name), Buffer.from(':'), isRaw ? value : quoted(value))
  }
  parts.push(
    Buffer.from(
      `},"flag":${flag},"language":"JAVA","opaque":${opaque},"serializeTypeCurrentRPC":"JSON","version":${VERSION}}`,
    ),
  )
  return Buffer.concat(parts)
}

function needsEscape(byte: number): boolean {
  return byte < 0x20 || byte === 0x22 || byte === 0x5c
}

/** Text as it is, good UTF-8 or not; only what would end the string is escaped. */
function quoted(bytes: Uint8Array): Uint8Array {
  if (!bytes.some(needsEscape)) return Buffer.concat([QUOTE, bytes, QUOTE])
  const text = Array.from(Buffer.from(bytes).toString('latin1'), (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    const unit = character.charCodeAt(0)
    return unit < 0x20 ? `\\u${unit.toString(16).padStart(4, '0')}` : character
  }).join('')
  return Buffer.concat([QUOTE, Buffer.from(text, 'latin1'), QUOTE])
}

function binaryHeader({ code, entries, flag, opaque }: Layout): Buffer {
  const parts = entries.flatMap(({ name, value }) => {
    const keyLength = Buffer.alloc(2)
    const valueLength = Buffer.alloc(4)
    keyLength.writeUInt16BE(name.length % 0x1_0000)
    valueLength.writeInt32BE(value.length)
    return [keyLength, name, valueLength, value]
  })
  const ext = Buffer.concat(parts)
  const head = Buffer.alloc(21)
  head.writeInt16BE(code)
  head.writeUInt8(0, 2)
  head.writeInt16BE(VERSION, 3)
  head.writeInt32BE(opaque, 5)
  head.writeInt32BE(flag, 9)
  head.writeInt32BE(0, 13)
  head.writeInt32BE(ext.length, 17)
  return Buffer.concat([head, ext])
}
