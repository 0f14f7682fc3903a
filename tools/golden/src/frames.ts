// SPDX-License-Identifier: Apache-2.0
// Builds request frames, right ones and wrong ones, and takes answer frames apart.

/** Header members of a JSON frame as they are to be written, right or wrong. */
export type HeaderFields = Readonly<Record<string, unknown>>

const JSON_TYPE = 0
const BINARY_TYPE = 1

/** A frame from any header bytes; `headerBytes` and `frameBytes` may lie about the lengths. */
export function rawFrame(
  type: number,
  header: Uint8Array,
  body: Uint8Array = new Uint8Array(),
  lies: { readonly headerBytes?: number; readonly frameBytes?: number } = {},
): Buffer {
  const start = Buffer.alloc(8)
  start.writeInt32BE(lies.frameBytes ?? 4 + header.length + body.length, 0)
  const headerWord = ((type & 0xff) << 24) | (lies.headerBytes ?? header.length)
  start.writeInt32BE(headerWord | 0, 4)
  return Buffer.concat([start, header, body])
}

/** A JSON frame whose header is exactly `text`. */
export function jsonText(text: string | Uint8Array, body?: Uint8Array): Buffer {
  return rawFrame(JSON_TYPE, typeof text === 'string' ? Buffer.from(text) : text, body)
}

/** A well-formed JSON header with some members replaced; `undefined` leaves a member out. */
export function jsonHeader(changes: HeaderFields): string {
  const usual = {
    code: 0,
    extFields: {},
    flag: 0,
    language: 'JAVA',
    opaque: 7,
    serializeTypeCurrentRPC: 'JSON',
    version: 513,
  }
  return JSON.stringify({ ...usual, ...changes })
}

/** A well-formed JSON request. */
export function jsonRequest(
  code: number,
  extFields: HeaderFields,
  body?: string | Uint8Array,
): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return jsonText(jsonHeader({ code, extFields }), bytes)
}

/** The header bytes of a ROCKETMQ frame. */
export function binaryHeader(
  code: number,
  extFields: Readonly<Record<string, string>>,
  changes: { readonly language?: number; readonly flag?: number; readonly remark?: string } = {},
): Buffer {
  const fixed = Buffer.alloc(13)
  fixed.writeInt16BE((code << 16) >> 16, 0)
  fixed.writeUInt8(changes.language ?? 0, 2)
  fixed.writeInt16BE(513, 3)
  fixed.writeInt32BE(7, 5)
  fixed.writeInt32BE(changes.flag ?? 0, 9)
  const remark = Buffer.from(changes.remark ?? '')
  const ext = Buffer.concat(
    Object.entries(extFields).flatMap(([key, value]) => [
      int16(key.length),
      Buffer.from(key),
      lengthThen(value),
    ]),
  )
  return Buffer.concat([fixed, int32(remark.length), remark, int32(ext.length), ext])
}

/** A ROCKETMQ frame. */
export function binaryRequest(
  code: number,
  extFields: Readonly<Record<string, string>>,
  changes?: { readonly language?: number; readonly flag?: number; readonly remark?: string },
): Buffer {
  return binaryFrame(binaryHeader(code, extFields, changes))
}

/** A ROCKETMQ frame from any header bytes. */
export function binaryFrame(header: Uint8Array, body?: Uint8Array): Buffer {
  return rawFrame(BINARY_TYPE, header, body)
}

/** Four bytes. */
export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value | 0)
  return bytes
}

/** Two bytes. */
export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE((value << 16) >> 16)
  return bytes
}

function lengthThen(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([int32(bytes.length), bytes])
}

/** What an answer frame says. */
export interface Answer {
  readonly code: number
  readonly flag: number
  readonly opaque: number
  readonly remark: string | null
  readonly extFields: Readonly<Record<string, string>>
  readonly serializeType: number
  readonly headerHex: string
  readonly bodyHex: string
}

/** Takes the first frame off `bytes`, or returns undefined when it is not complete. */
export function takeFrame(
  bytes: Buffer,
): { readonly answer: Answer; readonly rest: Buffer } | undefined {
  if (bytes.length < 4) return undefined
  const end = 4 + bytes.readInt32BE(0)
  if (bytes.length < end) return undefined
  const headerWord = bytes.readUInt32BE(4)
  const header = bytes.subarray(8, 8 + (headerWord & 0xffffff))
  const serializeType = headerWord >>> 24
  const parts = serializeType === JSON_TYPE ? fromJson(header) : fromBinary(header)
  const body = bytes.subarray(8 + header.length, end)
  const answer = {
    ...parts,
    serializeType,
    headerHex: header.toString('hex'),
    bodyHex: body.toString('hex'),
  }
  return { answer, rest: bytes.subarray(end) }
}

type HeaderParts = Pick<Answer, 'code' | 'flag' | 'opaque' | 'remark' | 'extFields'>

function fromJson(header: Buffer): HeaderParts {
  const read = JSON.parse(header.toString()) as Partial<HeaderParts>
  return {
    code: read.code ?? 0,
    flag: read.flag ?? 0,
    opaque: read.opaque ?? 0,
    remark: read.remark ?? null,
    extFields: read.extFields ?? {},
  }
}

function fromBinary(header: Buffer): HeaderParts {
  const remarkBytes = header.readInt32BE(13)
  const extFields: Record<string, string> = {}
  let at = 17 + remarkBytes + 4
  while (at < header.length) {
    const keyEnd = at + 2 + header.readInt16BE(at)
    const valueEnd = keyEnd + 4 + header.readInt32BE(keyEnd)
    extFields[header.toString('utf8', at + 2, keyEnd)] = header.toString(
      'utf8',
      keyEnd + 4,
      valueEnd,
    )
    at = valueEnd
  }
  return {
    code: header.readInt16BE(0),
    opaque: header.readInt32BE(5),
    flag: header.readInt32BE(9),
    remark: remarkBytes === 0 ? null : header.toString('utf8', 17, 17 + remarkBytes),
    extFields,
  }
}
