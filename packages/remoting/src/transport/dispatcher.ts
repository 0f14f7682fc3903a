// SPDX-License-Identifier: Apache-2.0
// From a scanned request to its handler, and from the handler's reply to the connection.
import type { Logger } from '@rocketmq-ts/runtime'
import { handlerFailed, type HandlerFailed } from '../diagnostics.ts'
import { RocketMQError } from '../errors.ts'
import { BadField } from '../protocol/bad-field.ts'
import { CommandScan } from '../protocol/command-scan.ts'
import { compiledTable, type CompiledTable } from '../protocol/compiled-table.ts'
import { FieldScan } from '../protocol/field-scan.ts'
import { FLAG_ONEWAY } from '../protocol/flag.ts'
import { decodeRecord } from '../protocol/record.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import type { Connection } from './connection.ts'
import type { ColdHandler, Gate, GateCall, Handler, HotHandler, Refusal, Reply } from './handler.ts'
import { ColdCall, errorText, PendingCall, type Responder } from './pending-call.ts'
import type { ServedRequest, ServerHook } from './rpc-hook.ts'

interface Entry {
  readonly handler: Handler
  readonly requestTable: CompiledTable
  readonly responseTable: CompiledTable
}

/** Java's text when a server has too much under way. */
const OVERLOAD = '[OVERLOAD]system busy, start flow control for a while'
/** Java's text when the handler of a code takes nothing for now. */
const REJECT_REQUEST = '[REJECTREQUEST]system busy, start flow control for a while'
/** Java's text when a server is about to stop. */
const GO_AWAY = 'please go away'
/** Clients of this version, 5.3.1, and older ones do not know GO_AWAY. */
const LAST_VERSION_WITHOUT_GO_AWAY = 475

/** What stands around the handlers. */
export interface DispatcherOptions {
  readonly gate: Gate | undefined
  readonly hooks: readonly ServerHook[]
  readonly logger: Logger
}

/** The handlers of one port, by request code. */
export class Dispatcher {
  readonly #entries = new Map<number, Entry>()
  readonly #gate: Gate | undefined
  readonly #hooks: readonly ServerHook[]
  readonly #logger: Logger
  /** One for all hot calls: they read it before they return. */
  readonly #fields = new FieldScan()
  /** One for all gates and hooks: they, too, read it before they return. */
  readonly #question = new Question()
  #isLeaving = false
  /** Cold handlers that have not finished yet. */
  #running = 0
  #idle: (() => void)[] = []

  constructor(handlers: readonly Handler[], options: DispatcherOptions) {
    for (const handler of handlers) {
      const { code, name, request, response } = handler.type
      if (this.#entries.has(code)) throw new TypeError(`two handlers for ${name} (${code})`)
      this.#entries.set(code, {
        handler,
        requestTable: compiledTable(request),
        responseTable: compiledTable(response),
      })
    }
    this.#gate = options.gate
    this.#hooks = options.hooks
    this.#logger = options.logger
  }

  /** From now on clients that understand it are asked to go elsewhere; the others are served on. */
  leave(): void {
    this.#isLeaving = true
  }

  /** Calls `run` once no cold handler is at work, now if that is so. */
  whenIdle(run: () => void): void {
    if (this.#running === 0) run()
    else this.#idle.push(run)
  }

  /** Handles one request. Never throws. `scan` is free again when this returns. */
  dispatch(scan: CommandScan, responder: Responder, overloaded: boolean): void {
    const entry = this.#entries.get(scan.code)
    if (entry === undefined) {
      this.#refuseUnhandled(scan, responder)
      return
    }
    const remark = this.#reasonToRefuse(entry, scan, overloaded)
    if (remark !== undefined) {
      const code = remark === GO_AWAY ? ResponseCode.GO_AWAY : ResponseCode.SYSTEM_BUSY
      if ((scan.flag & FLAG_ONEWAY) === 0) {
        new PendingCall(scan, responder, entry.responseTable).refuse(code, remark)
      }
      return
    }
    const call = new PendingCall(scan, responder, entry.responseTable)
    try {
      const refusal = this.#ask(scan, responder, call)
      if (refusal !== undefined) call.refuse(refusal.code, refusal.remark)
      else if (entry.handler.kind === 'hot') this.#runHot(entry.handler, entry, scan, call)
      else this.#runCold(entry.handler, scan, responder.connection, call)
    } catch (error) {
      this.#failed(call, error)
    }
  }

  /** In Java's order. */
  #reasonToRefuse(entry: Entry, scan: CommandScan, overloaded: boolean): string | undefined {
    if (this.#isLeaving && scan.version > LAST_VERSION_WITHOUT_GO_AWAY) return GO_AWAY
    const { rejects } = entry.handler
    if (rejects !== undefined && rejects()) return REJECT_REQUEST
    return overloaded ? OVERLOAD : undefined
  }

  /** Who may ask nothing is not told what is served either: in Java, too, the gate comes first. */
  #refuseUnhandled(scan: CommandScan, responder: Responder): void {
    if ((scan.flag & FLAG_ONEWAY) !== 0) return
    const call = new PendingCall(scan, responder, NO_TABLE)
    call.isServed = false
    try {
      const refusal = this.#gate?.(this.#question.about(scan, responder))
      if (refusal !== undefined) return call.refuse(refusal.code, refusal.remark)
      const remark = ` request type ${scan.code} not supported`
      call.refuse(ResponseCode.REQUEST_CODE_NOT_SUPPORTED, remark)
    } catch (error) {
      this.#failed(call, error)
    }
  }

  /** Gate and hooks, which may refuse. */
  #ask(scan: CommandScan, responder: Responder, call: PendingCall): Refusal | undefined {
    const gate = this.#gate
    const hooks = this.#hooks
    if (gate === undefined && hooks.length === 0) return undefined
    const question = this.#question.about(scan, responder)
    const refusal = gate?.(question)
    if (refusal !== undefined || hooks.length === 0) return refusal
    call.onAnswer = this.#afterHooks
    for (const hook of hooks) {
      const refused = hook.beforeRequest?.(call, question)
      if (refused !== undefined) return refused
    }
    return undefined
  }

  readonly #afterHooks = (
    request: ServedRequest,
    responseCode: number,
    remark: string | undefined,
  ): void => {
    for (const hook of this.#hooks) {
      try {
        hook.afterResponse?.(request, responseCode, remark)
      } catch (err) {
        this.#logger.error({ code: request.code, err }, 'a hook failed after an answer')
      }
    }
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
      this.#running++
      result
        .then(
          (value) => this.#finish(call, value),
          (error: unknown) => this.#failed(call, error),
        )
        // Neither of the two throws.
        .finally(() => this.#ended())
    }
  }

  #ended(): void {
    this.#running--
    if (this.#running > 0) return
    for (const run of this.#idle.splice(0)) run()
  }

  #finish(call: PendingCall, result: Reply<unknown>): void {
    call.timePassed()
    try {
      if (result.kind === 'refusal') call.refuse(result.code, result.remark)
      else call.reply(result.header, result.body, result)
    } catch (error) {
      this.#failed(call, error)
    }
  }

  #failed(call: PendingCall, error: unknown): void {
    const remoteAddress = call.connection.remoteAddress
    if (RocketMQError.is(error) && error.code === 'RMQ_PROTOCOL') {
      // The peer's mistake, not ours: a stack would say nothing.
      this.#logger.warn(
        { code: call.code, remoteAddress, reason: error.message },
        'the body of a request cannot be read',
      )
    } else if (!(error instanceof BadField)) {
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

/** What a gate sees of a request. Reused; only its own scan and connection change. */
class Question implements GateCall {
  scan: CommandScan = new CommandScan()
  #connection: Connection | undefined

  about(scan: CommandScan, responder: Responder): this {
    this.scan = scan
    this.#connection = responder.connection
    return this
  }

  get connection(): Connection {
    const connection = this.#connection
    if (connection === undefined) throw new TypeError('a gate call is about no request yet')
    return connection
  }

  get code(): number {
    return this.scan.code
  }

  get language(): number {
    return this.scan.language
  }

  get version(): number {
    return this.scan.version
  }

  get body(): Uint8Array {
    return this.scan.body()
  }

  // Taken off the object by those who read it, so bound once.
  readonly ext = (name: string): string | undefined => this.scan.ext(name)
  readonly extFields = (): Map<string, string> => this.scan.extFields()
}

const NO_TABLE: CompiledTable = compiledTable({})
