// SPDX-License-Identifier: Apache-2.0
// One socket: frames in, frames out, requests and answers in both directions.
import type { Socket, SocketAddress, SocketEvents, Turn } from '@rocketmq-ts/runtime'
import { connectionClosed, connectionOpened, type ConnectionClosed } from '../diagnostics.ts'
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import type { CompiledTable } from '../protocol/compiled-table.ts'
import {
  encodeHeader,
  type CommandHead,
  type ExtFields,
  type HeaderRecord,
} from '../protocol/encode-command.ts'
import { FLAG_RESPONSE } from '../protocol/flag.ts'
import { FrameDecoder, type FrameSink } from '../protocol/frame.ts'
import { FrameWriter, type Outgoing } from '../protocol/frame-writer.ts'
import { MQ_VERSION } from '../protocol/mq-version.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import { scanCommand } from '../protocol/scan-command.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { SegmentPool } from '../protocol/segment-pool.ts'
import { MAX_BINARY_CODE, SERIALIZE_JSON } from '../protocol/serialize-type.ts'
import { addressText } from './address.ts'
import type { Connection, OnewayOptions, RequestOptions, Response } from './connection.ts'
import type { Dispatcher } from './dispatcher.ts'
import { OutgoingRequests, type RequestFrame, type RequestSetup } from './outgoing-requests.ts'
import type { PendingCall, Responder } from './pending-call.ts'
import { ProxyAttribute } from './proxy-protocol.ts'
import type { Unanswered } from './response-table.ts'
import type { RpcLatency } from './rpc-latency.ts'

/** What all connections of one server port or one client share. */
export interface ConnectionSetup extends RequestSetup {
  readonly side: 'server' | 'client'
  readonly turn: Turn
  readonly pool: SegmentPool
  readonly scan: CommandScan
  readonly dispatcher: Dispatcher
  /** Encoding of requests; an answer takes that of its request. */
  readonly serializeType: number
  readonly language: number
  readonly maxFrameBytes: number
  readonly idleTimeoutMs: number
  /** Where the time of served requests is counted. */
  readonly latency: RpcLatency | undefined
  /** The peer answered GO_AWAY; undefined passes that on like any answer. */
  readonly onGoAway: GoAwayListener | undefined
  /** The connection takes no more requests. */
  readonly onClosing: (connection: SocketConnection) => void
  /** The socket is gone. */
  readonly onClosed: (connection: SocketConnection) => void
}

/** Settles the request that the peer would not take. */
export type GoAwayListener = (
  connection: SocketConnection,
  request: Unanswered,
  remark: string | undefined,
) => void

/** A server stops reading from a peer that leaves this much unread. */
const HIGH_MARK_BYTES = 4 * 1024 * 1024
/** A connection whose peer leaves this much unread is given up; requests on it are refused from half of it on. */
const MAX_QUEUED_BYTES = 256 * 1024 * 1024
/** A peer that has said nothing for this long while a request timed out is taken for gone. */
const SILENCE_MS = 1000

const EMPTY: Uint8Array = Buffer.alloc(0)
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

/** The one implementation of {@link Connection}. */
export class SocketConnection implements Connection, Responder, FrameSink {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  readonly latency: RpcLatency | undefined
  #remoteAddress: string
  #attributes: ReadonlyMap<string, string> = NO_ATTRIBUTES
  readonly #setup: ConnectionSetup
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #writer: FrameWriter
  readonly #requests: OutgoingRequests
  readonly #closeListeners = new Set<(connection: Connection) => void>()
  readonly #head: CommandHead
  readonly #bodyPart: Uint8Array[] = [EMPTY]
  readonly #flush: () => void
  #state: 'open' | 'closing' | 'closed' = 'open'
  /** Closes once nothing is under way any more. */
  #isFinishing = false
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
    this.latency = setup.latency
    this.#remoteAddress = addressText(socket.remote)
    this.#decoder = new FrameDecoder(this, setup.maxFrameBytes)
    this.#writer = new FrameWriter(setup.pool, setup.maxFrameBytes)
    this.#requests = new OutgoingRequests(setup, this)
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

  get remoteAddress(): string {
    return this.#remoteAddress
  }

  get attributes(): ReadonlyMap<string, string> {
    return this.#attributes
  }

  /** A load balancer said for whom it speaks. As in Java, the address counts only together with its port. */
  proxied(attributes: ReadonlyMap<string, string>): void {
    this.#attributes = attributes
    const host = attributes.get(ProxyAttribute.ADDR)
    const port = attributes.get(ProxyAttribute.PORT)
    if (host !== undefined && port !== undefined) this.#remoteAddress = `${host}:${port}`
  }

  get closed(): boolean {
    return this.#state !== 'open'
  }

  limitFrames(maxFrameBytes: number): void {
    this.#decoder.limit(Math.min(maxFrameBytes, this.#setup.maxFrameBytes))
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
  readonly events: SocketEvents = {
    data: (chunk) => this.#data(chunk),
    drained: () => this.#drained(),
    closed: (error) => this.#closed(error),
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
    this.#resume()
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
    if ((scan.flag & FLAG_RESPONSE) !== 0) this.#answered(scan)
    // A server that closes answers what it took; what comes now goes to another.
    else if (!this.#isFinishing || this.#setup.side === 'client') {
      dispatcher.dispatch(scan, this, this.#inFlight >= maxInFlight)
    }
    return this.#state === 'open'
  }

  #answered(scan: CommandScan): void {
    const { onGoAway } = this.#setup
    if (scan.code === ResponseCode.GO_AWAY && onGoAway !== undefined) {
      const request = this.#requests.takeUnanswered(scan.opaque)
      if (request !== undefined) onGoAway(this, request, scan.remark())
    } else this.#requests.answer(scan)
    if (this.#isFinishing) this.#closeWhenDone()
  }

  // ── requests to the peer ──

  request<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options?: RequestOptions,
  ): Promise<Response<Res>> {
    return this.#requests.request(type, header, options)
  }

  /** Sends what another connection was told to send elsewhere. */
  requestAgain(request: Unanswered): void {
    this.#requests.requestAgain(request)
  }

  oneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options?: OnewayOptions): void {
    this.#requests.oneway(type, header, options)
  }

  /** As {@link oneway}; false when the request is lost. */
  tryOneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options?: OnewayOptions): boolean {
    return this.#requests.oneway(type, header, options)
  }

  writeRequest(frame: RequestFrame): void {
    const head = this.#head
    head.code = frame.code
    head.opaque = frame.opaque
    head.flag = frame.flag
    head.remark = undefined
    this.#bodyPart[0] = frame.body
    this.#writeFrame(
      frame.code > MAX_BINARY_CODE ? SERIALIZE_JSON : this.#setup.serializeType,
      frame.table,
      frame.record,
      frame.ext,
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
    if (this.#isFinishing) this.#closeWhenDone()
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
    // Before the end of the turn: one turn may bring many requests whose answers are all large.
    if (writer.byteLength > HIGH_MARK_BYTES) this.#pause()
    if (!this.#flushAsked) {
      this.#flushAsked = true
      this.#setup.turn.atEnd(this.#flush)
    }
  }

  /** The one write of a turn. */
  #writeTurn(): void {
    this.#flushAsked = false
    if (this.#writer.isEmpty || this.#state === 'closed') return
    const outgoing = this.#writer.take()
    const oneways = this.#requests.takeUnwrittenOneways()
    const accepted = this.#socket.write(outgoing.chunks, () => this.#written(outgoing, oneways))
    if (accepted) {
      this.#resume()
      return
    }
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
    } else if (queuedBytes > HIGH_MARK_BYTES) {
      this.#pause()
    }
  }

  /** A client goes on reading: were both sides to wait for the other to read, neither would. */
  #pause(): void {
    if (this.#paused || this.#setup.side === 'client') return
    this.#paused = true
    this.#socket.pause()
  }

  #resume(): void {
    if (!this.#paused || this.#state !== 'open') return
    this.#paused = false
    this.#socket.resume()
  }

  #written(outgoing: Outgoing, oneways: number): void {
    // Only now: what a peer leaves unread is no sign of life.
    this.#active = true
    this.#writer.release(outgoing)
    this.#requests.onewaysWritten(oneways)
  }

  isFull(): boolean {
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
    const sentMs = this.#requests.expire(nowMs)
    if (sentMs !== undefined && nowMs - Math.max(sentMs, this.#lastHeardMs) >= SILENCE_MS) {
      // Nothing at all came since the request left: a half-open connection would fail every request to come.
      this.#setup.logger.warn({ remoteAddress: this.remoteAddress }, 'closing a silent connection')
      this.destroy(this.#requests.closedError('a request', undefined))
    } else if (nowMs - this.#lastActiveMs >= this.#setup.idleTimeoutMs) {
      this.#setup.logger.debug({ remoteAddress: this.remoteAddress }, 'closing an idle connection')
      // One that was told to end and did not, or does not take what is queued, would stay for ever.
      if (this.#state === 'open' && this.#socket.queuedBytes() === 0) this.close()
      else this.destroy()
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

  /** Takes no more requests, and closes once what is under way is answered; on a client, also what it has asked itself. */
  finish(): void {
    if (this.#state !== 'open') return
    this.#isFinishing = true
    this.#closeWhenDone()
  }

  #closeWhenDone(): void {
    const asked = this.#setup.side === 'client' ? this.#requests.size : 0
    if (this.#inFlight + asked === 0) this.close()
  }

  #rejectWaiting(cause: Error | undefined): void {
    this.#requests.rejectAll(cause)
  }

  #dropUnwritten(): void {
    this.#requests.onewaysWritten(this.#requests.takeUnwrittenOneways())
    if (!this.#writer.isEmpty) this.#writer.release(this.#writer.take())
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
