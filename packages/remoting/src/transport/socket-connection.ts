// SPDX-License-Identifier: Apache-2.0
// One socket: frames in, frames out, requests and answers in both directions.
import type { Clock, Logger, Socket, SocketAddress, SocketEvents, Turn } from '@rocketmq-ts/runtime'
import { connectionClosed, connectionOpened, type ConnectionClosed } from '../diagnostics.ts'
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import { compiledTable, type CompiledTable } from '../protocol/compiled-table.ts'
import {
  encodeHeader,
  extFieldsOf,
  type CommandHead,
  type ExtFields,
  type HeaderRecord,
} from '../protocol/encode-command.ts'
import { FLAG_ONEWAY, FLAG_RESPONSE } from '../protocol/flag.ts'
import { FrameDecoder, type FrameSink } from '../protocol/frame.ts'
import { FrameWriter } from '../protocol/frame-writer.ts'
import { MQ_VERSION } from '../protocol/mq-version.ts'
import { scanCommand } from '../protocol/scan-command.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { SegmentPool } from '../protocol/segment-pool.ts'
import { MAX_BINARY_CODE, SERIALIZE_JSON } from '../protocol/serialize-type.ts'
import { addressText } from './address.ts'
import type { Connection, OnewayOptions, RequestOptions, Response } from './connection.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { PendingCall, Responder } from './pending-call.ts'
import { abortedError, ResponseTable } from './response-table.ts'

/** Computes ext fields that depend on all others and on the body. */
export type Sign = (fields: ReadonlyMap<string, string>, body: Uint8Array) => ExtFields

/** What all connections of one server port or one client share. */
export interface ConnectionSetup {
  readonly side: 'server' | 'client'
  readonly clock: Clock
  readonly turn: Turn
  readonly logger: Logger
  readonly pool: SegmentPool
  readonly scan: CommandScan
  readonly dispatcher: Dispatcher
  /** Encoding of requests; an answer takes that of its request. */
  readonly serializeType: number
  readonly language: number
  readonly maxFrameBytes: number
  readonly idleTimeoutMs: number
  /** Requests of the peer without answer, and requests to the peer without answer, each. */
  readonly maxInFlight: number
  readonly sign: Sign | undefined
  /** The connection takes no more requests. */
  readonly onClosing: (connection: SocketConnection) => void
  /** The socket is gone. */
  readonly onClosed: (connection: SocketConnection) => void
}

/** A server stops reading from a peer that leaves this much unread. */
const HIGH_MARK_BYTES = 4 * 1024 * 1024
/** A connection whose peer leaves this much unread is given up; requests on it are refused from half of it on. */
const MAX_QUEUED_BYTES = 256 * 1024 * 1024
/** A peer that has said nothing for this long while a request timed out is taken for gone. */
const SILENCE_MS = 1000
const DEFAULT_TIMEOUT_MS = 3000

const EMPTY: Uint8Array = Buffer.alloc(0)

/** The one implementation of {@link Connection}. */
export class SocketConnection implements Connection, Responder, FrameSink {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  readonly remoteAddress: string
  readonly #setup: ConnectionSetup
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #writer: FrameWriter
  readonly #responses: ResponseTable
  readonly #closeListeners = new Set<(connection: Connection) => void>()
  readonly #head: CommandHead
  readonly #bodyPart: Uint8Array[] = [EMPTY]
  readonly #flush: () => void
  #state: 'open' | 'closing' | 'closed' = 'open'
  #flushAsked = false
  /** The socket did not take all it was given. */
  #choked = false
  #paused = false
  /** Requests of the peer that wait for our answer. */
  #inFlight = 0
  #active = true
  #lastActiveMs: number
  #heard = false
  #lastHeardMs: number

  constructor(setup: ConnectionSetup, socket: Socket) {
    this.#setup = setup
    this.#socket = socket
    this.remote = socket.remote
    this.local = socket.local
    this.remoteAddress = addressText(socket.remote)
    this.#decoder = new FrameDecoder(this, setup.maxFrameBytes)
    this.#writer = new FrameWriter(setup.pool, setup.maxFrameBytes)
    this.#responses = new ResponseTable(this.remoteAddress)
    this.#head = {
      code: 0,
      language: setup.language,
      version: MQ_VERSION,
      opaque: 0,
      flag: 0,
      remark: undefined,
    }
    this.#flush = () => this.#writeTurn()
    this.#lastActiveMs = setup.clock.monotonicMs()
    this.#lastHeardMs = this.#lastActiveMs
    if (connectionOpened.hasSubscribers) {
      connectionOpened.publish({ side: setup.side, remoteAddress: this.remoteAddress })
    }
  }

  get connection(): Connection {
    return this
  }

  get closed(): boolean {
    return this.#state !== 'open'
  }

  onClose(run: (connection: Connection) => void): () => void {
    if (this.#state === 'closed') {
      run(this)
      return () => undefined
    }
    this.#closeListeners.add(run)
    return () => this.#closeListeners.delete(run)
  }

  // ── what the socket tells ──

  /** For the network seam. */
  events(): SocketEvents {
    return {
      data: (chunk) => this.#data(chunk),
      drained: () => this.#drained(),
      closed: (error) => this.#closed(error),
    }
  }

  #data(chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    this.#active = true
    this.#heard = true
    try {
      this.#decoder.push(chunk)
    } catch (error) {
      // Java closes the connection on whatever it cannot read, without an answer.
      this.#setup.logger.warn(
        { remoteAddress: this.remoteAddress, err: error },
        'closing a connection whose bytes cannot be read',
      )
      this.destroy(asError(error))
    }
  }

  #drained(): void {
    this.#active = true
    this.#choked = false
    if (this.#paused && this.#state === 'open') {
      this.#paused = false
      this.#socket.resume()
    }
  }

  #closed(error: Error | undefined): void {
    if (this.#state === 'closed') return
    if (this.#state === 'open') this.#setup.onClosing(this)
    this.#state = 'closed'
    this.#rejectWaiting(error)
    this.#dropUnwritten()
    const listeners = [...this.#closeListeners]
    this.#closeListeners.clear()
    for (const run of listeners) {
      try {
        run(this)
      } catch (thrown) {
        this.#setup.logger.error({ err: thrown }, 'a close listener failed')
      }
    }
    if (connectionClosed.hasSubscribers) {
      connectionClosed.publish({
        side: this.#setup.side,
        remoteAddress: this.remoteAddress,
        error,
      } satisfies ConnectionClosed)
    }
    this.#setup.onClosed(this)
  }

  /** One frame of the peer. */
  frame(bytes: Buffer, start: number, end: number): boolean {
    const { scan, dispatcher, maxInFlight } = this.#setup
    scanCommand(scan, bytes, start, end)
    if ((scan.flag & FLAG_RESPONSE) !== 0) {
      this.#responses.answer(scan)
    } else {
      dispatcher.dispatch(scan, this, this.#inFlight >= maxInFlight)
    }
    return this.#state === 'open'
  }

  // ── requests to the peer ──

  request<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions = {},
  ): Promise<Response<Res>> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options
    if (this.#state !== 'open') return Promise.reject(this.#closedError(type.name, undefined))
    if (signal?.aborted === true) {
      return Promise.reject(abortedError(type.name, this.remoteAddress, signal))
    }
    if (this.#responses.size >= this.#setup.maxInFlight || this.#isFull()) {
      return Promise.reject(this.#tooManyError(type.name))
    }
    const opaque = this.#responses.nextOpaque()
    try {
      this.#writeRequest(type, header, options, opaque, 0)
    } catch (error) {
      return Promise.reject(asError(error))
    }
    return this.#responses.wait(opaque, type, this.#setup.clock.monotonicMs(), timeoutMs, signal)
  }

  oneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options: OnewayOptions = {}): void {
    if (this.#state !== 'open' || this.#isFull()) return
    this.#writeRequest(type, header, options, this.#responses.nextOpaque(), FLAG_ONEWAY)
  }

  #writeRequest<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: OnewayOptions,
    opaque: number,
    flag: number,
  ): void {
    const { serializeType, sign } = this.#setup
    const table = compiledTable(type.request)
    const record = table.count === 0 ? undefined : (header as HeaderRecord)
    const body = options.body ?? EMPTY
    let ext: ExtFields | undefined = options.ext
    if (sign !== undefined) ext = { ...ext, ...sign(extFieldsOf(table, record, ext), body) }
    const head = this.#head
    head.code = type.code
    head.opaque = opaque
    head.flag = flag
    head.remark = undefined
    this.#bodyPart[0] = body
    this.#writeFrame(
      type.code > MAX_BINARY_CODE ? SERIALIZE_JSON : serializeType,
      table,
      record,
      ext,
      this.#bodyPart,
      undefined,
    )
    this.#bodyPart[0] = EMPTY
  }

  // ── answers to the peer ──

  respond(
    call: PendingCall,
    code: number,
    remark: string | undefined,
    record: HeaderRecord | undefined,
    body: readonly Uint8Array[],
    written: (() => void) | undefined,
  ): void {
    if (call.oneway || this.#state !== 'open') {
      written?.()
      return
    }
    const head = this.#head
    head.code = code
    head.opaque = call.opaque
    head.flag = FLAG_RESPONSE
    head.remark = remark
    try {
      this.#writeFrame(call.serializeType, call.responseTable, record, undefined, body, written)
    } catch (error) {
      written?.()
      throw error
    }
    this.#inFlight--
  }

  /** A request of the peer was taken and will be answered. */
  began(): void {
    this.#inFlight++
  }

  // ── writing ──

  #writeFrame(
    serializeType: number,
    table: CompiledTable,
    record: HeaderRecord | undefined,
    ext: ExtFields | undefined,
    body: readonly Uint8Array[],
    written: (() => void) | undefined,
  ): void {
    const writer = this.#writer
    writer.beginFrame()
    try {
      encodeHeader(writer, serializeType, this.#head, table, record, ext)
      writer.endFrame(serializeType, body, written)
    } catch (error) {
      writer.abandonFrame()
      throw error
    }
    if (!this.#flushAsked) {
      this.#flushAsked = true
      this.#setup.turn.atEnd(this.#flush)
    }
  }

  /** The one write of a turn. */
  #writeTurn(): void {
    this.#flushAsked = false
    if (this.#writer.isEmpty || this.#state === 'closed') return
    this.#active = true
    const outgoing = this.#writer.take()
    const accepted = this.#socket.write(outgoing.chunks, () => this.#writer.release(outgoing))
    if (accepted) return
    this.#choked = true
    const queuedBytes = this.#socket.queuedBytes()
    if (queuedBytes > MAX_QUEUED_BYTES) {
      this.destroy(
        new RocketMQError(
          'RMQ_CONNECTION_CLOSED',
          `${this.remoteAddress} leaves ${queuedBytes} bytes unread`,
          { address: this.remoteAddress },
        ),
      )
    } else if (
      // A client goes on reading: were both sides to wait for the other to read, neither would.
      this.#setup.side === 'server' &&
      !this.#paused &&
      queuedBytes > HIGH_MARK_BYTES
    ) {
      this.#paused = true
      this.#socket.pause()
    }
  }

  #isFull(): boolean {
    return (
      this.#choked && this.#socket.queuedBytes() + this.#writer.byteLength > MAX_QUEUED_BYTES / 2
    )
  }

  // ── time and end ──

  /** Time-outs and idleness; called about ten times a second. */
  tick(nowMs: number): void {
    if (this.#heard) {
      this.#heard = false
      this.#lastHeardMs = nowMs
    }
    if (this.#active) {
      this.#active = false
      this.#lastActiveMs = nowMs
    }
    const sentMs = this.#responses.expire(nowMs)
    if (sentMs !== undefined && nowMs - Math.max(sentMs, this.#lastHeardMs) >= SILENCE_MS) {
      // Nothing at all came since the request left: a half-open connection would fail every request to come.
      this.#setup.logger.warn({ remoteAddress: this.remoteAddress }, 'closing a silent connection')
      this.destroy(this.#closedError('a request', undefined))
    } else if (nowMs - this.#lastActiveMs >= this.#setup.idleTimeoutMs) {
      this.#setup.logger.debug({ remoteAddress: this.remoteAddress }, 'closing an idle connection')
      this.close()
    }
  }

  close(): void {
    if (this.#state !== 'open') return
    this.#writeTurn()
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#setup.onClosing(this)
    this.#rejectWaiting(undefined)
    this.#socket.end()
  }

  /** Closes without writing what waits. */
  destroy(error?: Error): void {
    if (this.#state === 'closed') return
    if (this.#state === 'open') this.#setup.onClosing(this)
    this.#state = 'closing'
    this.#rejectWaiting(error)
    this.#dropUnwritten()
    this.#socket.destroy(error)
  }

  #rejectWaiting(cause: Error | undefined): void {
    this.#responses.rejectAll((name) => this.#closedError(name, cause))
  }

  #dropUnwritten(): void {
    if (!this.#writer.isEmpty) this.#writer.release(this.#writer.take())
  }

  #closedError(requestName: string, cause: Error | undefined): RocketMQError {
    return new RocketMQError(
      'RMQ_CONNECTION_CLOSED',
      `the connection to ${this.remoteAddress} closed before ${requestName} was answered`,
      { address: this.remoteAddress, cause },
    )
  }

  #tooManyError(requestName: string): RocketMQError {
    return new RocketMQError(
      'RMQ_TOO_MANY_REQUESTS',
      `cannot send ${requestName} to ${this.remoteAddress}, ${this.#responses.size} requests wait for their answer`,
      { address: this.remoteAddress },
    )
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
