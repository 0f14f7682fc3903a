// SPDX-License-Identifier: Apache-2.0
// A lean closed-loop sender: frames are laid out once, then only their opaque and unique key change.

import { connect, type Socket } from 'node:net'
import { type Signer, signedFields } from '../../golden/src/acl/ask.ts'
import { type Encoding, encodeRequest, FrameSplitter } from '../../interop/src/wire.ts'
import { Sample } from './statistics.ts'

export interface LoadOptions {
  readonly port: number
  readonly topic: string
  readonly queues: number
  /** Requests without an answer at any time, over all connections. */
  readonly inFlight: number
  readonly connections: number
  readonly bodyBytes: number
  /** Messages per request; above 1 SEND_BATCH_MESSAGE. */
  readonly batch: number
  readonly encoding: Encoding
  /** Signs the requests; all then carry the same unique key, for it is signed as well. Not with batches. */
  readonly signer?: Signer
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Ends after this many messages instead, without a warm-up. */
  readonly messages?: number
  /** Called at the begin and at the end of the measured window. */
  readonly onWindow?: (edge: 'begin' | 'end') => void
}

export interface LoadResult {
  readonly messages: number
  readonly failed: number
  readonly seconds: number
  /** Microseconds from the write of a request to its answer. */
  readonly latency: Sample
}

const SEND_MESSAGE_V2 = 310
const SEND_BATCH_MESSAGE = 320

/** Every opaque has ten digits, so that it can be overwritten in place in a JSON header too. */
const firstOpaque = 1_000_000_000
const keyMark = 'KKKKKKKK'
const opaqueAt = { binary: 8 + 5 } as const

/** A request frame in which opaque and unique key can be overwritten. */
class Template {
  readonly frame: Buffer
  readonly #encoding: Encoding
  readonly #opaqueAt: number
  readonly #keyAt: number
  readonly #isSigned: boolean

  constructor(options: LoadOptions, queueId: number) {
    this.#encoding = options.encoding
    const code = options.batch > 1 ? SEND_BATCH_MESSAGE : SEND_MESSAGE_V2
    const fields = {
      a: 'bench_load',
      b: options.topic,
      c: 'TBW102',
      d: '4',
      e: String(queueId),
      f: '0',
      g: String(Date.now()),
      h: '0',
      i: options.batch > 1 ? '' : properties,
      j: '0',
      k: 'false',
      m: String(options.batch > 1),
    }
    const { signer } = options
    this.#isSigned = signer !== undefined
    this.frame = encodeRequest(
      {
        code,
        opaque: firstOpaque,
        fields: signedFields({ code, fields, body: 'x'.repeat(options.bodyBytes) }, signer),
        body: options.batch > 1 ? batchBody(options) : Buffer.alloc(options.bodyBytes, 'x'),
      },
      options.encoding,
    )
    this.#opaqueAt =
      options.encoding === 'binary' ? opaqueAt.binary : this.frame.indexOf(String(firstOpaque))
    this.#keyAt = this.frame.indexOf(keyMark)
  }

  /** A copy of the frame for one request. */
  stamp(opaque: number, serial: number): Buffer {
    const frame = Buffer.from(this.frame)
    if (this.#encoding === 'binary') frame.writeInt32BE(opaque, this.#opaqueAt)
    else frame.write(String(opaque), this.#opaqueAt, 'latin1')
    if (this.#isSigned) return frame
    frame.write((serial >>> 0).toString(16).padStart(8, '0'), this.#keyAt, 'latin1')
    return frame
  }
}

const properties = `UNIQ_KEY\u00017F000001000000000000000000${keyMark}\u0002WAIT\u0001true`

/** The messages of a batch, each: total size, magic, crc, flag, body size, body, property size, properties. */
function batchBody({ batch, bodyBytes }: LoadOptions): Buffer {
  const propertyBytes = Buffer.from(properties)
  const one = Buffer.alloc(22 + bodyBytes + propertyBytes.length)
  one.writeInt32BE(one.length, 0)
  one.writeInt32BE(bodyBytes, 16)
  one.fill('x', 20, 20 + bodyBytes)
  one.writeInt16BE(propertyBytes.length, 20 + bodyBytes)
  propertyBytes.copy(one, 22 + bodyBytes)
  return Buffer.concat(new Array<Buffer>(batch).fill(one))
}

/** Runs one load; rejects when a connection fails. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const latency = new Sample()
  let acknowledged = 0
  let failed = 0
  let measuring = options.messages !== undefined
  let stopping = false
  let started = 0

  const templates = Array.from({ length: options.queues }, (_, id) => new Template(options, id))
  const lanes = await Promise.all(
    Array.from({ length: options.connections }, (_, i) =>
      openLane(options, Math.floor((options.inFlight + i) / options.connections)),
    ),
  )

  function next(): Template | undefined {
    if (stopping || (options.messages !== undefined && started >= options.messages))
      return undefined
    const template = templates[Math.floor(started / options.batch) % templates.length]
    started += options.batch
    return template
  }

  const finished = Promise.all(
    lanes.map((lane) =>
      lane.run(next, (code, micros) => {
        if (code !== 0) {
          failed += options.batch
          return
        }
        acknowledged += options.batch
        if (measuring) latency.add(micros)
      }),
    ),
  )
  let begin = performance.now()
  let before = 0
  if (options.messages === undefined) {
    await Promise.race([finished, wait(options.warmUpSeconds * 1000)])
    options.onWindow?.('begin')
    measuring = true
    begin = performance.now()
    before = acknowledged
    await Promise.race([finished, wait(options.seconds * 1000)])
    stopping = true
    measuring = false
  } else await finished
  const messages = acknowledged - before
  const seconds = (performance.now() - begin) / 1000
  options.onWindow?.('end')
  await finished
  for (const lane of lanes) lane.socket.destroy()
  return { messages, failed, seconds, latency }
}

interface Lane {
  readonly socket: Socket
  run(
    next: () => Template | undefined,
    onAnswer: (code: number, micros: number) => void,
  ): Promise<void>
}

/** One connection with `slots` requests under way; the opaque says which slot is answered. */
async function openLane(options: LoadOptions, slots: number): Promise<Lane> {
  const socket = connect(options.port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  socket.setNoDelay(true)
  const begun = new Float64Array(slots)
  let serial = 0
  let open = 0
  return {
    socket,
    run: (next, onAnswer) =>
      new Promise<void>((resolve, reject) => {
        const splitter = new FrameSplitter()
        let outgoing: Buffer[] = []
        const send = (slot: number): void => {
          const template = next()
          if (template === undefined) return
          begun[slot] = performance.now()
          open++
          outgoing.push(template.stamp(firstOpaque + slot, ++serial))
        }
        const flush = (): void => {
          if (outgoing.length > 0) {
            socket.write(outgoing.length === 1 ? (outgoing[0] ?? '') : Buffer.concat(outgoing))
          }
          outgoing = []
          if (open === 0) resolve()
        }
        socket.on('data', (chunk: Buffer) => {
          splitter.push(chunk, (frame) => {
            const { code, opaque } = readHead(frame)
            const slot = opaque - firstOpaque
            open--
            onAnswer(code, (performance.now() - (begun[slot] ?? 0)) * 1000)
            send(slot)
          })
          flush()
        })
        socket.on('error', reject)
        socket.on('close', () => reject(new Error('the server closed the connection')))
        for (let slot = 0; slot < slots; slot++) send(slot)
        flush()
      }),
  }
}

/** Code and opaque of an answer, read in place. */
function readHead(frame: Buffer): { code: number; opaque: number } {
  if (frame[0] === 1) return { code: frame.readInt16BE(4), opaque: frame.readInt32BE(9) }
  const header = frame.toString('latin1', 4, 4 + (frame.readUInt32BE(0) & 0xffffff))
  return { code: numberAfter(header, '"code":'), opaque: numberAfter(header, '"opaque":') }
}

function numberAfter(text: string, mark: string): number {
  const at = text.indexOf(mark)
  return Number.parseInt(text.slice(at + mark.length, at + mark.length + 12), 10)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
