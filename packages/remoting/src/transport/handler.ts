// SPDX-License-Identifier: Apache-2.0
// Handlers: a function from a call to a reply or a refusal. It never sees a socket, an opaque number or an encoder.
import type { CommandScan } from '../protocol/command-scan.ts'
import type { FieldView } from '../protocol/field-scan.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { Connection } from './connection.ts'

/** One request for a cold handler. Valid as long as the handler's promise; copy what is kept longer. */
export interface Call<Req> {
  readonly request: Req
  readonly code: number
  readonly body: Uint8Array
  readonly connection: Connection
  readonly oneway: boolean
  /** The peer's language number, see `LanguageCode`; −1 when unknown. */
  readonly language: number
  /** The peer's protocol version, see `MQ_VERSION`. */
  readonly version: number
  /** One ext field, also such as the table does not have. */
  ext(name: string): string | undefined
}

/** A handler's answer. */
export interface Answer<Res> {
  readonly kind: 'answer'
  readonly code: number
  readonly remark: string | undefined
  readonly header: Res
  readonly body: readonly Uint8Array[]
}

/** A handler's no: a code and a text for people. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: number
  readonly remark: string
}

/** What a cold handler returns. */
export type Reply<Res> = Answer<Res> | Refusal

/** What goes with an answer's header. */
export interface AnswerOptions {
  /** Written one after another. They must not change after the handler has returned them. */
  readonly body?: readonly Uint8Array[]
  readonly remark?: string
  /** SUCCESS unless told. */
  readonly code?: number
}

const NO_BODY: readonly Uint8Array[] = []

/** An answer; `{}` is the header of a request type without response fields. */
export function reply<Res>(header: Res, options?: AnswerOptions): Answer<Res> {
  return {
    kind: 'answer',
    code: options?.code ?? ResponseCode.SUCCESS,
    remark: options?.remark,
    header,
    body: options?.body ?? NO_BODY,
  }
}

/** A refusal, as a value. */
export function refuse(code: number, remark: string): Refusal {
  return { kind: 'refusal', code, remark }
}

/** What goes with a hot handler's answer. */
export interface HotReplyOptions {
  /** SUCCESS unless told. */
  readonly code?: number
  readonly remark?: string | undefined
  /** Called once the body's bytes are no longer needed: handed to the kernel, copied, or lost with the connection. */
  readonly written?: () => void
}

/** One request for a hot handler. `fields`, `body` and `ext` are good until the handler returns; the rest stays. */
export interface HotCall<Res> {
  readonly fields: FieldView
  readonly code: number
  /** Borrowed: copy what you keep. Empty once the handler has returned. */
  readonly body: Uint8Array
  readonly connection: Connection
  readonly oneway: boolean
  readonly language: number
  readonly version: number
  /** Set by a handler that puts the call aside until something happens, as pulls without messages are: its latency is counted apart. */
  suspended: boolean
  ext(name: string): string | undefined
  /** Answers, now or later, exactly once. Body parts of 4 KiB and more must not change until `written`. */
  reply(header: Res, body?: readonly Uint8Array[], options?: HotReplyOptions): void
  /** Answers with a refusal, now or later, instead of {@link HotCall.reply}. */
  refuse(code: number, remark: string): void
}

/** What goes with a handler. */
export interface HandlerOptions {
  /** True while requests should be answered SYSTEM_BUSY instead of being handled: Java's rejectRequest. */
  readonly rejects?: () => boolean
}

/** What a gate may look at before the header is decoded. Good until the gate returns. */
export interface GateCall {
  readonly code: number
  readonly connection: Connection
  readonly body: Uint8Array
  readonly language: number
  readonly version: number
  /** The request where it lies in its frame, for a gate that makes no strings of it. Without it the gate reads {@link GateCall.ext}. */
  readonly scan?: CommandScan | undefined
  ext(name: string): string | undefined
  extFields(): Map<string, string>
}

/** Looks at every request before its handler; a refusal is answered instead of calling the handler. */
export type Gate = (call: GateCall) => Refusal | undefined

/** A handler for records. */
export interface ColdHandler {
  readonly kind: 'cold'
  readonly type: RequestType<unknown, unknown>
  readonly run: (call: Call<unknown>) => Reply<unknown> | Promise<Reply<unknown>>
  readonly rejects: (() => boolean) | undefined
}

/** A handler for fields read in place. */
export interface HotHandler {
  readonly kind: 'hot'
  readonly type: RequestType<unknown, unknown>
  readonly run: (call: HotCall<unknown>) => void
  readonly rejects: (() => boolean) | undefined
}

/** Made by {@link handle} or {@link handleHot}, put into a server's or client's table. */
export type Handler = ColdHandler | HotHandler

/** Serves a request code with a decoded record in and a reply, or a promise of one, out. */
export function handle<Req, Res>(
  type: RequestType<Req, Res>,
  run: (call: Call<Req>) => Reply<NoInfer<Res>> | Promise<Reply<NoInfer<Res>>>,
  options?: HandlerOptions,
): Handler {
  // A table holds handlers of every type; the dispatcher decodes with the same `type`, so the pairing holds.
  return { kind: 'cold', type, run, rejects: options?.rejects } as unknown as ColdHandler
}

/**
 * Serves a request code that carries the load: `run` is called synchronously with fields to read in place
 * and answers exactly once, now or later. What a benchmark does not show to matter belongs into {@link handle}.
 */
export function handleHot<Req, Res>(
  type: RequestType<Req, Res>,
  run: (call: HotCall<Res>) => void,
  options?: HandlerOptions,
): Handler {
  return { kind: 'hot', type, run, rejects: options?.rejects } as unknown as HotHandler
}
