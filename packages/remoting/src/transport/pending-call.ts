// SPDX-License-Identifier: Apache-2.0
// Calls under way: what a handler gets, and how its answer finds back to the right request.
import { requestAnswered, type RequestAnswered } from '../diagnostics.ts'
import { BadField } from '../protocol/bad-field.ts'
import { CommandScan } from '../protocol/command-scan.ts'
import type { CompiledTable } from '../protocol/compiled-table.ts'
import type { HeaderRecord } from '../protocol/encode-command.ts'
import { FieldScan, type FieldView } from '../protocol/field-scan.ts'
import { FLAG_ONEWAY } from '../protocol/flag.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import { scanCommand } from '../protocol/scan-command.ts'
import type { Connection } from './connection.ts'
import type { Call, HotCall, HotReplyOptions } from './handler.ts'
import type { ServedRequest } from './rpc-hook.ts'
import {
  RESULT_ONEWAY,
  RESULT_SUCCESS,
  RESULT_WRITE_FAILED,
  type RpcLatency,
} from './rpc-latency.ts'

/** Where answers go. */
export interface Responder {
  readonly connection: Connection
  /** Where the time it took is counted. */
  readonly latency: RpcLatency | undefined
  /** A request that will be answered is under way. */
  began(): void
  /** Writes a response; `record` undefined leaves the ext fields out. Calls `written` in any case. */
  respond(
    call: PendingCall,
    code: number,
    remark: string | undefined,
    record: HeaderRecord | undefined,
    body: readonly Uint8Array[],
    written: (() => void) | undefined,
  ): void
}

/** Hears of an answer once it is in the connection's buffer. */
export type AnswerListener = (
  request: ServedRequest,
  responseCode: number,
  remark: string | undefined,
) => void

const NO_BODY: Uint8Array = Buffer.alloc(0)
const NO_PARTS: readonly Uint8Array[] = []
const NO_FIELDS: FieldView = new FieldScan()

/** A request that waits for its answer. For hot handlers this is the call itself. */
export class PendingCall implements HotCall<unknown> {
  readonly code: number
  readonly opaque: number
  readonly serializeType: number
  readonly language: number
  readonly version: number
  readonly oneway: boolean
  readonly responseTable: CompiledTable
  /** There is a handler for its code. */
  isServed = true
  readonly #responder: Responder
  fields: FieldView = NO_FIELDS
  body: Uint8Array = NO_BODY
  /** Set while the handler runs. */
  #scan: CommandScan | undefined
  answered = false
  suspended = false
  /** Told of the answer; does not throw. */
  onAnswer: AnswerListener | undefined
  /** By the latency's clock. */
  readonly #receivedMs: number

  constructor(scan: CommandScan, responder: Responder, responseTable: CompiledTable) {
    this.code = scan.code
    this.opaque = scan.opaque
    this.serializeType = scan.serializeType
    this.language = scan.language
    this.version = scan.version
    this.oneway = (scan.flag & FLAG_ONEWAY) !== 0
    this.responseTable = responseTable
    this.#responder = responder
    this.#receivedMs = responder.latency?.nowMs() ?? 0
    if (!this.oneway) responder.began()
  }

  get connection(): Connection {
    return this.#responder.connection
  }

  /** Time has passed within this turn: the handler may have worked for long. */
  timePassed(): void {
    this.#responder.latency?.timePassed()
  }

  /** Gives the hot handler what it may read until it returns. */
  lend(fields: FieldView, scan: CommandScan): void {
    this.fields = fields
    this.body = scan.body()
    this.#scan = scan
  }

  /** Ends the loan, so that a parked call keeps no received bytes alive. */
  takeBack(): void {
    this.fields = NO_FIELDS
    this.body = NO_BODY
    this.#scan = undefined
  }

  ext(name: string): string | undefined {
    if (this.#scan === undefined)
      throw new Error('ext fields can be read only until the handler returns')
    return this.#scan.ext(name)
  }

  reply(header: unknown, body: readonly Uint8Array[] = NO_PARTS, options?: HotReplyOptions): void {
    this.#answer(
      options?.code ?? ResponseCode.SUCCESS,
      options?.remark,
      this.responseTable.count === 0 ? undefined : (header as HeaderRecord),
      body,
      options?.written,
    )
  }

  refuse(code: number, remark: string): void {
    this.#answer(code, remark, undefined, NO_PARTS, undefined)
  }

  #answer(
    code: number,
    remark: string | undefined,
    record: HeaderRecord | undefined,
    body: readonly Uint8Array[],
    written: (() => void) | undefined,
  ): void {
    if (this.answered) throw new Error(`a call of code ${this.code} was answered twice`)
    this.answered = true
    if (requestAnswered.hasSubscribers) {
      requestAnswered.publish({
        requestCode: this.code,
        responseCode: code,
        oneway: this.oneway,
        remoteAddress: this.connection.remoteAddress,
      } satisfies RequestAnswered)
    }
    // A code without a handler has no response table of its own and is not counted: anyone can invent them.
    if (this.#responder.latency !== undefined && this.isServed) this.#count(code)
    try {
      this.#responder.respond(this, code, remark, record, body, written)
    } catch (error) {
      // A header that cannot be written is a mistake of ours; the peer must not wait for its time-out.
      this.#responder.respond(
        this,
        ResponseCode.SYSTEM_ERROR,
        errorText(error),
        undefined,
        [],
        undefined,
      )
      throw error
    }
    this.onAnswer?.(this, code, remark)
  }

  #count(code: number): void {
    const { latency, connection } = this.#responder
    const result = this.oneway
      ? RESULT_ONEWAY
      : connection.closed
        ? RESULT_WRITE_FAILED
        : RESULT_SUCCESS
    latency?.record(this.code, code, this.suspended, result, this.#receivedMs)
  }
}

/** What a thrown error tells the peer: class and message, as Java's text begins. */
export function errorText(error: unknown): string {
  if (error instanceof BadField) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** A request for a cold handler: decoded, with its bytes kept for a later look at other ext fields. */
export class ColdCall implements Call<unknown> {
  readonly request: unknown
  readonly code: number
  readonly body: Uint8Array
  readonly connection: Connection
  readonly oneway: boolean
  readonly language: number
  readonly version: number
  /** A closure, so that handlers may take it out of the call. */
  readonly ext: (name: string) => string | undefined

  constructor(request: unknown, scan: CommandScan, connection: Connection) {
    this.request = request
    this.code = scan.code
    this.body = scan.body()
    this.connection = connection
    this.oneway = (scan.flag & FLAG_ONEWAY) !== 0
    this.language = scan.language
    this.version = scan.version
    const { bytes, frameStart, bodyEnd } = scan
    this.ext = (name) => rescanned(bytes, frameStart, bodyEnd).ext(name)
  }
}

// Looking at a frame again is synchronous, so one is enough.
const scan = new CommandScan()

/** Scans a frame that was good once more; the result is overwritten by the next call. */
export function rescanned(bytes: Buffer, start: number, end: number): CommandScan {
  scanCommand(scan, bytes, start, end)
  return scan
}
