// SPDX-License-Identifier: Apache-2.0
// A tiny remoting encoder and caller of its own, so that a fault in the system under test cannot hide in the harness.

import { connect, type Socket } from 'node:net'

export type Fields = Readonly<Record<string, string>>

export interface Answer {
  readonly code: number
  readonly remark: string | undefined
  readonly fields: Record<string, string>
  readonly body: Buffer
}

const encodings = { json: 0, binary: 1 } as const
export type Encoding = keyof typeof encodings

/** Java 5.5.0, as `version` in the header. */
const clientVersion = 513

export interface Request {
  readonly code: number
  readonly opaque: number
  readonly fields?: Fields
  readonly body?: Uint8Array
  readonly oneway?: boolean
}

/** Lays out one request frame: length, header word, header, body. */
export function encodeRequest(request: Request, encoding: Encoding): Buffer {
  const header = encoding === 'json' ? jsonHeader(request) : binaryHeader(request)
  const body = request.body ?? new Uint8Array()
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + header.length + body.length, 0)
  head.writeUInt32BE(((encodings[encoding] << 24) | header.length) >>> 0, 4)
  return Buffer.concat([head, header, body])
}

function jsonHeader({ code, opaque, fields, oneway }: Request): Buffer {
  const flag = oneway === true ? 2 : 0
  return Buffer.from(
    JSON.stringify({
      code,
      language: 'JAVA',
      version: clientVersion,
      opaque,
      flag,
      serializeTypeCurrentRPC: 'JSON',
      extFields: fields ?? {},
    }),
  )
}

function binaryHeader({ code, opaque, fields, oneway }: Request): Buffer {
  const entries = Object.entries(fields ?? {}).map(([key, value]) => {
    const keyBytes = Buffer.from(key)
    const valueBytes = Buffer.from(value)
    const entry = Buffer.alloc(6 + keyBytes.length + valueBytes.length)
    entry.writeInt16BE(keyBytes.length, 0)
    keyBytes.copy(entry, 2)
    entry.writeInt32BE(valueBytes.length, 2 + keyBytes.length)
    valueBytes.copy(entry, 6 + keyBytes.length)
    return entry
  })
  const ext = Buffer.concat(entries)
  const head = Buffer.alloc(21)
  head.writeInt16BE(code, 0)
  head.writeInt16BE(clientVersion, 3)
  head.writeInt32BE(opaque, 5)
  head.writeInt32BE(oneway === true ? 2 : 0, 9)
  head.writeInt32BE(ext.length, 17)
  return Buffer.concat([head, ext])
}

/** Reads one whole frame (without its length word). */
export function decodeFrame(frame: Buffer): Answer & { opaque: number } {
  const word = frame.readUInt32BE(0)
  const headerBytes = word & 0xffffff
  const header = frame.subarray(4, 4 + headerBytes)
  const body = frame.subarray(4 + headerBytes)
  return word >>> 24 === encodings.json
    ? { ...decodeJson(header), body }
    : { ...decodeBinary(header), body }
}

function decodeJson(header: Buffer): Omit<Answer, 'body'> & { opaque: number } {
  const value = JSON.parse(header.toString()) as {
    code: number
    opaque: number
    remark?: string
    extFields?: Record<string, string>
  }
  return {
    code: value.code,
    opaque: value.opaque,
    remark: value.remark,
    fields: value.extFields ?? {},
  }
}

function decodeBinary(header: Buffer): Omit<Answer, 'body'> & { opaque: number } {
  const remarkBytes = header.readInt32BE(13)
  const fields: Record<string, string> = {}
  let at = 21 + remarkBytes
  while (at < header.length) {
    const keyBytes = header.readInt16BE(at)
    const key = header.toString('utf8', at + 2, at + 2 + keyBytes)
    at += 2 + keyBytes
    const valueBytes = header.readInt32BE(at)
    fields[key] = header.toString('utf8', at + 4, at + 4 + valueBytes)
    at += 4 + valueBytes
  }
  return {
    code: header.readInt16BE(0),
    opaque: header.readInt32BE(5),
    remark: remarkBytes > 0 ? header.toString('utf8', 17, 17 + remarkBytes) : undefined,
    fields,
  }
}

/** Splits a byte stream into frames (without their length words). */
export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0)

  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (data.length >= 4) {
      const size = data.readInt32BE(0)
      if (data.length < 4 + size) break
      onFrame(data.subarray(4, 4 + size))
      data = data.subarray(4 + size)
    }
    this.#rest = data
  }
}

/** A connection on which any number of calls may be under way. */
export class Caller {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (answer: Answer | Error) => void>()
  #opaque = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    const splitter = new FrameSplitter()
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk, (frame) => {
        const answer = decodeFrame(frame)
        this.#waiting.get(answer.opaque)?.(answer)
      })
    })
    const fail = (error: Error): void => {
      for (const settle of this.#waiting.values()) settle(error)
    }
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the server closed the connection')))
  }

  static open(port: number): Promise<Caller> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Caller(socket))
      })
    })
  }

  call(code: number, fields: Fields = {}, body?: Uint8Array, timeoutMs = 5000): Promise<Answer> {
    const opaque = ++this.#opaque
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(new Error(`no answer to code ${code} within ${timeoutMs} ms`)),
        timeoutMs,
      )
      const settle = (answer: Answer | Error): void => {
        clearTimeout(timer)
        this.#waiting.delete(opaque)
        if (answer instanceof Error) reject(answer)
        else resolve(answer)
      }
      this.#waiting.set(opaque, settle)
      const request: Request =
        body === undefined ? { code, opaque, fields } : { code, opaque, fields, body }
      this.#socket.write(encodeRequest(request, 'json'))
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** One call on a connection of its own. */
export async function callOnce(
  port: number,
  code: number,
  fields: Fields = {},
  body?: Uint8Array,
): Promise<Answer> {
  const caller = await Caller.open(port)
  try {
    return await caller.call(code, fields, body)
  } finally {
    caller.close()
  }
}
