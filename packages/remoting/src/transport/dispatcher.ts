// SPDX-License-Identifier: Apache-2.0
// From a scanned request to its handler, and from the handler's reply to the connection.
import type { Logger } from '@rocketmq-ts/runtime'
import { handlerFailed, type HandlerFailed } from '../diagnostics.ts'
import { BadField } from '../protocol/bad-field.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import { compiledTable, type CompiledTable } from '../protocol/compiled-table.ts'
import { FieldScan } from '../protocol/field-scan.ts'
import { FLAG_ONEWAY } from '../protocol/flag.ts'
import { decodeRecord } from '../protocol/record.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import type { Connection } from './connection.ts'
import type { ColdHandler, Gate, Handler, HotHandler, Refusal, Reply } from './handler.ts'
import { ColdCall, errorText, PendingCall, type Responder } from './pending-call.ts'

interface Entry {
  readonly handler: Handler
  readonly requestTable: CompiledTable
  readonly responseTable: CompiledTable
}

/** Java's text when a server has too much under way. */
const OVERLOAD = '[OVERLOAD]system busy, start flow control for a while'

/** The handlers of one port, by request code. */
export class Dispatcher {
  readonly #entries = new Map<number, Entry>()
  readonly #gate: Gate | undefined
  readonly #logger: Logger
  /** One for all hot calls: they read it before they return. */
  readonly #fields = new FieldScan()

  constructor(handlers: readonly Handler[], gate: Gate | undefined, logger: Logger) {
    for (const handler of handlers) {
      const { code, name, request, response } = handler.type
      if (this.#entries.has(code)) throw new TypeError(`two handlers for ${name} (${code})`)
      this.#entries.set(code, {
        handler,
        requestTable: compiledTable(request),
        responseTable: compiledTable(response),
      })
    }
    this.#gate = gate
    this.#logger = logger
  }

  /** Handles one request. Never throws. `scan` is free again when this returns. */
  dispatch(scan: CommandScan, responder: Responder, overloaded: boolean): void {
    const entry = this.#entries.get(scan.code)
    if (entry === undefined) {
      this.#refuseUnhandled(
        scan,
        responder,
        ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
        ` request type ${scan.code} not supported`,
      )
      return
    }
    if (overloaded) {
      this.#refuseUnhandled(scan, responder, ResponseCode.SYSTEM_BUSY, OVERLOAD)
      return
    }
    const call = new PendingCall(scan, responder, entry.responseTable)
    try {
      const refusal =
        this.#gate === undefined ? undefined : this.#askGate(this.#gate, scan, responder)
      if (refusal !== undefined) call.refuse(refusal.code, refusal.remark)
      else if (entry.handler.kind === 'hot') this.#runHot(entry.handler, entry, scan, call)
      else this.#runCold(entry.handler, scan, responder.connection, call)
    } catch (error) {
      this.#failed(call, error)
    }
  }

  #refuseUnhandled(scan: CommandScan, responder: Responder, code: number, remark: string): void {
    if ((scan.flag & FLAG_ONEWAY) !== 0) return
    new PendingCall(scan, responder, NO_TABLE).refuse(code, remark)
  }

  #askGate(gate: Gate, scan: CommandScan, responder: Responder): Refusal | undefined {
    return gate({
      code: scan.code,
      connection: responder.connection,
      body: scan.body(),
      language: scan.language,
      version: scan.version,
      ext: (name) => scan.ext(name),
      extFields: () => scan.extFields(),
    })
  }

  #runHot(handler: HotHandler, entry: Entry, scan: CommandScan, call: PendingCall): void {
    this.#fields.match(scan, entry.requestTable)
    call.lend(this.#fields, scan)
    try {
      handler.run(call)
    } finally {
      call.takeBack()
    }
  }

  #runCold(
    handler: ColdHandler,
    scan: CommandScan,
    connection: Connection,
    call: PendingCall,
  ): void {
    const request = decodeRecord(scan, handler.type.request)
    const result = handler.run(new ColdCall(request, scan, connection))
    if (!(result instanceof Promise)) this.#finish(call, result)
    else {
      result.then(
        (value) => this.#finish(call, value),
        (error: unknown) => this.#failed(call, error),
      )
    }
  }

  #finish(call: PendingCall, result: Reply<unknown>): void {
    try {
      if (result.kind === 'refusal') call.refuse(result.code, result.remark)
      else call.reply(result.header, result.body, result)
    } catch (error) {
      this.#failed(call, error)
    }
  }

  #failed(call: PendingCall, error: unknown): void {
    const remoteAddress = call.connection.remoteAddress
    if (!(error instanceof BadField)) {
      this.#logger.error({ code: call.code, remoteAddress, err: error }, 'a handler failed')
      if (handlerFailed.hasSubscribers) {
        handlerFailed.publish({
          requestCode: call.code,
          remoteAddress,
          error,
        } satisfies HandlerFailed)
      }
    }
    if (!call.answered) call.refuse(ResponseCode.SYSTEM_ERROR, errorText(error))
  }
}

const NO_TABLE: CompiledTable = compiledTable({})
