// SPDX-License-Identifier: Apache-2.0
// A connection that sends JSON commands as written, of any version and with any fields, and hands out the answers.
import { connect, type Socket } from 'node:net'

export interface RawRequest {
  readonly code: number
  readonly version?: number | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly body?: Uint8Array | undefined
}

export interface RawAnswer {
  readonly code: number
  readonly remark: string | undefined
  readonly fields: Readonly<Record<string, string>>
  readonly body: Buffer
}

interface AnswerHeader {
  readonly code: number
  readonly remark?: string | null
  readonly opaque: number
  readonly extFields?: Record<string, string> | null
}

export class RawClient {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (answer: RawAnswer) => void>()
  #received: Buffer = Buffer.alloc(0)
  #opaque = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => undefined)
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new RawClient(socket)))
      socket.once('error', reject)
    })
  }

  request({ code, version = 513, fields = {}, body }: RawRequest): Promise<RawAnswer> {
    this.#opaque += 1
    const command = { code, language: 'JAVA', version, opaque: this.#opaque, flag: 0 }
    const header = Buffer.from(JSON.stringify({ ...command, extFields: fields }), 'utf8')
    const lengths = Buffer.alloc(8)
    lengths.writeInt32BE(4 + header.length + (body?.length ?? 0), 0)
    lengths.writeInt32BE(header.length, 4)
    this.#socket.write(Buffer.concat([lengths, header, body ?? Buffer.alloc(0)]))
    return new Promise((resolve) => this.#waiting.set(this.#opaque, resolve))
  }

  /** Resolves once the connection is gone on both sides. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve())
      this.#socket.destroy()
    })
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      this.#answered(this.#received.subarray(4, end))
      this.#received = this.#received.subarray(end)
    }
  }

  #answered(frame: Buffer): void {
    const bodyStart = 4 + (frame.readInt32BE(0) & 0xffffff)
    const header = JSON.parse(frame.toString('utf8', 4, bodyStart)) as AnswerHeader
    this.#waiting.get(header.opaque)?.({
      code: header.code,
      remark: header.remark ?? undefined,
      fields: header.extFields ?? {},
      body: Buffer.from(frame.subarray(bodyStart)),
    })
    this.#waiting.delete(header.opaque)
  }
}
