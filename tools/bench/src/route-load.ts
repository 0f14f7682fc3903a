// SPDX-License-Identifier: Apache-2.0
// A lean closed-loop asker for routes: frames are laid out once, answers are counted without being read.

import { connect, type Socket } from 'node:net'
import { encodeRequest } from '../../interop/src/wire.ts'

export interface RouteLoadOptions {
  readonly port: number
  readonly topics: readonly string[]
  readonly connections: number
  /** Questions without an answer at any time, per connection. */
  readonly inFlight: number
}

const GET_ROUTEINFO_BY_TOPIC = 105
/** Where the digits of the code begin: behind two lengths and `{"code":`. */
const CODE_AT = 16
const ZERO = 48
const COMMA = 44

/** Asks until it is stopped. */
export class RouteLoad {
  answered = 0
  /** Answers whose code was not SUCCESS. */
  failed = 0
  answeredBytes = 0
  readonly #frames: readonly Buffer[]
  readonly #lanes: Lane[] = []

  private constructor(topics: readonly string[]) {
    this.#frames = topics.map((topic) =>
      encodeRequest(
        { code: GET_ROUTEINFO_BY_TOPIC, opaque: 1_000_000_000, fields: { topic } },
        'json',
      ),
    )
  }

  static async start(options: RouteLoadOptions): Promise<RouteLoad> {
    const load = new RouteLoad(options.topics)
    for (let i = 0; i < options.connections; i++) {
      load.#lanes.push(await Lane.open(options.port, load))
    }
    for (const lane of load.#lanes) lane.ask(options.inFlight)
    return load
  }

  /** One question, every topic as likely as any other. */
  question(): Buffer {
    const frame = this.#frames[Math.floor(Math.random() * this.#frames.length)]
    if (frame === undefined) throw new Error('no topics to ask for')
    return frame
  }

  stop(): void {
    for (const lane of this.#lanes) lane.close()
  }
}

/** One connection: skips over answers and asks as many new questions as came. */
class Lane {
  readonly #socket: Socket
  readonly #load: RouteLoad
  /** Bytes of the answer under way that are still to come. */
  #left = 0
  /** The beginning of an answer that was cut before its code. */
  #head: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket, load: RouteLoad) {
    this.#socket = socket
    this.#load = load
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => {})
  }

  static open(port: number, load: RouteLoad): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Lane(socket, load)))
    })
  }

  ask(count: number): void {
    if (count === 0) return
    const frames: Buffer[] = []
    for (let i = 0; i < count; i++) frames.push(this.#load.question())
    this.#socket.write(Buffer.concat(frames))
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#load.answeredBytes += chunk.length
    let data = chunk
    let at = Math.min(this.#left, data.length)
    this.#left -= at
    if (this.#head.length > 0) {
      data = Buffer.concat([this.#head, chunk])
      this.#head = Buffer.alloc(0)
    }
    let ended = 0
    while (this.#left === 0 && at < data.length) {
      if (data.length - at < CODE_AT + 2) {
        this.#head = Buffer.from(data.subarray(at))
        break
      }
      if (data[at + CODE_AT] !== ZERO || data[at + CODE_AT + 1] !== COMMA) this.#load.failed++
      ended++
      const size = 4 + data.readInt32BE(at)
      const here = Math.min(size, data.length - at)
      at += here
      this.#left = size - here
    }
    this.#load.answered += ended
    this.ask(ended)
  }
}
