// SPDX-License-Identifier: Apache-2.0
// The requests one connection sends to its peer: permits, hooks, signature, and the wait for the answer.
import type { Clock, Logger } from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import { compiledTable, type CompiledTable } from '../protocol/compiled-table.ts'
import { extFieldsOf, type ExtFields, type HeaderRecord } from '../protocol/encode-command.ts'
import { FLAG_ONEWAY } from '../protocol/flag.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { OnewayOptions, RequestOptions, Response } from './connection.ts'
import type { Permits } from './permits.ts'
import { abortedError, ResponseTable, type Unanswered } from './response-table.ts'
import type { ClientHook, RequestOutcome, SentRequest } from './rpc-hook.ts'

/** Computes ext fields that depend on all others and on the body. */
export type Sign = (fields: ReadonlyMap<string, string>, body: Uint8Array) => ExtFields

/** What all connections share that send requests. */
export interface RequestSetup {
  readonly clock: Clock
  readonly logger: Logger
  /** Requests to one peer that may wait for their answer. */
  readonly maxInFlight: number
  /** Requests to all peers that may wait for their answer. */
  readonly requestPermits: Permits
  /** Oneway requests to all peers that the kernel has not taken yet. */
  readonly onewayPermits: Permits
  readonly sign: Sign | undefined
  readonly hooks: readonly ClientHook[]
}

/** One frame to write. */
export interface RequestFrame {
  readonly code: number
  readonly opaque: number
  readonly flag: number
  readonly table: CompiledTable
  readonly record: HeaderRecord | undefined
  readonly ext: ExtFields | undefined
  readonly body: Uint8Array
}

/** The connection, as its requests need it. */
export interface RequestPort {
  readonly remoteAddress: string
  /** Takes no more requests. */
  readonly closed: boolean
  /** The peer leaves so much unread that nothing more should be written. */
  isFull(): boolean
  writeRequest(frame: RequestFrame): void
}

/** What hooks were told, and what they made of the ext fields. */
interface Hooked {
  readonly request: SentRequest
  readonly ext: ExtFields | undefined
}

const DEFAULT_TIMEOUT_MS = 3000
const EMPTY: Uint8Array = Buffer.alloc(0)

/** One per connection. */
export class OutgoingRequests {
  readonly #setup: RequestSetup
  readonly #port: RequestPort
  readonly #responses: ResponseTable
  /** Oneway requests in the write buffer. */
  #unwrittenOneways = 0

  constructor(setup: RequestSetup, port: RequestPort) {
    this.#setup = setup
    this.#port = port
    this.#responses = new ResponseTable(port, setup.requestPermits)
  }

  /** Requests that wait for their answer. */
  get size(): number {
    return this.#responses.size
  }

  request<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions = {},
  ): Promise<Response<Res>> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options
    const { maxInFlight, requestPermits } = this.#setup
    if (this.#port.closed) return Promise.reject(this.closedError(type.name, undefined))
    if (signal?.aborted === true) {
      return Promise.reject(abortedError(type.name, this.#port.remoteAddress, signal))
    }
    if (this.#responses.size >= maxInFlight || this.#port.isFull()) {
      return Promise.reject(this.#tooManyError(type.name))
    }
    if (!requestPermits.take()) return this.#waitForPermit(type, header, options, timeoutMs)
    return this.#send(type, header, options, timeoutMs)
  }

  /** Sends what another connection was told to send elsewhere. */
  requestAgain(unanswered: Unanswered): void {
    const { type, header, options, ext, deadlineMs, resolve, reject } = unanswered
    const { clock, requestPermits } = this.#setup
    const timeoutMs = deadlineMs - clock.monotonicMs()
    if (this.#port.closed) reject(this.closedError(type.name, undefined))
    else if (options.signal?.aborted === true) {
      reject(abortedError(type.name, this.#port.remoteAddress, options.signal))
    } else if (timeoutMs <= 0 || !requestPermits.take()) reject(this.#tooManyError(type.name))
    else this.#write(type, header, options, timeoutMs, ext, true).then(resolve, reject)
  }

  /** False when it cannot be sent now nor soon. */
  oneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options: OnewayOptions = {}): boolean {
    if (this.#port.closed || this.#port.isFull()) return false
    const { onewayPermits, clock, logger } = this.#setup
    if (onewayPermits.take()) {
      this.#writeOneway(type, header, options)
      return true
    }
    return onewayPermits.wait({
      deadlineMs: clock.monotonicMs() + DEFAULT_TIMEOUT_MS,
      run: () => {
        if (this.#port.closed || this.#port.isFull()) onewayPermits.give()
        else this.#writeOneway(type, header, options)
      },
      expired: () =>
        logger.warn(
          { remoteAddress: this.#port.remoteAddress, request: type.name },
          'a oneway request was dropped, too many wait to be written',
        ),
    })
  }

  #writeOneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options: OnewayOptions): void {
    try {
      const opaque = this.#responses.nextOpaque()
      const frame = frameOf(type, header, options, opaque, FLAG_ONEWAY)
      this.#port.writeRequest({ ...frame, ext: this.#extOf(type, frame) })
      this.#unwrittenOneways++
    } catch (error) {
      this.#setup.onewayPermits.give()
      throw error
    }
  }

  /** The oneway requests of this turn; give them back to {@link onewaysWritten}. */
  takeUnwrittenOneways(): number {
    const count = this.#unwrittenOneways
    this.#unwrittenOneways = 0
    return count
  }

  /** The kernel has them, or they are lost. */
  onewaysWritten(count: number): void {
    if (count > 0) this.#setup.onewayPermits.give(count)
  }

  /** Waits as long as the request may take; then too many were under way all that time. */
  #waitForPermit<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions,
    timeoutMs: number,
  ): Promise<Response<Res>> {
    const { clock, requestPermits } = this.#setup
    const { signal } = options
    if (timeoutMs <= 0) return Promise.reject(this.#tooManyError(type.name))
    return new Promise((resolve, reject) => {
      const deadlineMs = clock.monotonicMs() + timeoutMs
      const onAbort = (): void => {
        if (requestPermits.forget(waiter)) {
          reject(abortedError(type.name, this.#port.remoteAddress, signal))
        }
      }
      const settle = (): void => signal?.removeEventListener('abort', onAbort)
      const waiter = {
        deadlineMs,
        run: (): void => {
          settle()
          if (this.#port.closed) {
            requestPermits.give()
            reject(this.closedError(type.name, undefined))
            return
          }
          const leftMs = Math.max(deadlineMs - clock.monotonicMs(), 0)
          this.#send(type, header, options, leftMs).then(resolve, reject)
        },
        expired: (): void => {
          settle()
          reject(this.#tooManyError(type.name))
        },
      }
      if (!requestPermits.wait(waiter)) reject(this.#tooManyError(type.name))
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** A permit was taken. */
  #send<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions,
    timeoutMs: number,
  ): Promise<Response<Res>> {
    if (this.#setup.hooks.length > 0) return this.#sendHooked(type, header, options, timeoutMs)
    return this.#write(type, header, options, timeoutMs, undefined, false)
  }

  #write<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions,
    timeoutMs: number,
    knownExt: ExtFields | undefined,
    isRetry: boolean,
  ): Promise<Response<Res>> {
    const opaque = this.#responses.nextOpaque()
    let ext = knownExt
    try {
      let frame = frameOf(type, header, options, opaque, 0)
      if (isRetry) frame = { ...frame, ext }
      else if (this.#setup.sign !== undefined) {
        ext = this.#signed(frame)
        frame = { ...frame, ext }
      } else ext = options.ext
      this.#port.writeRequest(frame)
    } catch (error) {
      this.#setup.requestPermits.give()
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    const nowMs = this.#setup.clock.monotonicMs()
    return this.#responses.wait(opaque, { type, header, options, ext, isRetry }, nowMs, timeoutMs)
  }

  #signed(frame: RequestFrame): ExtFields | undefined {
    const { sign } = this.#setup
    const { table, record, ext, body } = frame
    return sign === undefined ? ext : { ...ext, ...sign(extFieldsOf(table, record, ext), body) }
  }

  /** With what hooks and the signature add. */
  #extOf<Req, Res>(type: RequestType<Req, Res>, frame: RequestFrame): ExtFields | undefined {
    if (this.#setup.hooks.length === 0) return this.#signed(frame)
    const { ext } = this.#beforeHooks(type, frame, true)
    return this.#signed({ ...frame, ext })
  }

  #beforeHooks<Req, Res>(
    type: RequestType<Req, Res>,
    frame: RequestFrame,
    oneway: boolean,
  ): Hooked {
    let { ext } = frame
    const fields = extFieldsOf(frame.table, frame.record, ext)
    const { body } = frame
    const address = this.#port.remoteAddress
    const request: SentRequest = { code: type.code, name: type.name, address, oneway, body, fields }
    for (const hook of this.#setup.hooks) {
      const added = hook.beforeRequest?.(request)
      if (added === undefined) continue
      ext = { ...ext, ...added }
      for (const [key, value] of Object.entries(added)) fields.set(key, value)
    }
    return { request, ext }
  }

  #sendHooked<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions,
    timeoutMs: number,
  ): Promise<Response<Res>> {
    let before: Hooked
    try {
      before = this.#beforeHooks(type, frameOf(type, header, options, 0, 0), false)
    } catch (error) {
      this.#setup.requestPermits.give()
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    const { request, ext } = before
    const all = ext === undefined ? options : { ...options, ext }
    const answer = this.#write(type, header, all, timeoutMs, undefined, false)
    answer.then(
      ({ code, remark }) =>
        this.#afterHooks(request, { responseCode: code, remark, error: undefined }),
      (error: unknown) =>
        this.#afterHooks(request, { responseCode: undefined, remark: undefined, error }),
    )
    return answer
  }

  #afterHooks(request: SentRequest, outcome: RequestOutcome): void {
    for (const hook of this.#setup.hooks) {
      try {
        hook.afterResponse?.(request, outcome)
      } catch (err) {
        this.#setup.logger.error({ err, request: request.name }, 'a hook failed after an answer')
      }
    }
  }

  /** Hands an answer to who waits for it. */
  answer(scan: CommandScan): void {
    this.#responses.answer(scan)
  }

  /** Takes out the request that was answered, to be sent elsewhere. */
  takeUnanswered(opaque: number): Unanswered | undefined {
    return this.#responses.take(opaque)
  }

  /** @see ResponseTable.expire */
  expire(nowMs: number): number | undefined {
    this.#setup.requestPermits.expire(nowMs)
    this.#setup.onewayPermits.expire(nowMs)
    return this.#responses.expire(nowMs)
  }

  /** Fails everything that waits. */
  rejectAll(cause: Error | undefined): void {
    this.#responses.rejectAll((name) => this.closedError(name, cause))
  }

  closedError(requestName: string, cause: Error | undefined): RocketMQError {
    const { remoteAddress } = this.#port
    return new RocketMQError(
      'RMQ_CONNECTION_CLOSED',
      `the connection to ${remoteAddress} closed before ${requestName} was answered`,
      { address: remoteAddress, cause },
    )
  }

  #tooManyError(requestName: string): RocketMQError {
    const { remoteAddress } = this.#port
    const { requestPermits } = this.#setup
    return new RocketMQError(
      'RMQ_TOO_MANY_REQUESTS',
      `cannot send ${requestName} to ${remoteAddress}, ${this.#responses.size} requests wait for their answer there, ${requestPermits.waitingCount} wait for their turn`,
      { address: remoteAddress },
    )
  }
}

function frameOf<Req, Res>(
  type: RequestType<Req, Res>,
  header: Req,
  options: OnewayOptions,
  opaque: number,
  flag: number,
): RequestFrame {
  const table = compiledTable(type.request)
  return {
    code: type.code,
    opaque,
    flag,
    table,
    record: table.count === 0 ? undefined : (header as HeaderRecord),
    ext: options.ext,
    body: options.body ?? EMPTY,
  }
}
