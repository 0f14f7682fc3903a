// SPDX-License-Identifier: Apache-2.0
// Hooks around requests, for access control and tracing, on the side that sends and on the side that answers. Java: RPCHook.
import type { Connection } from './connection.ts'
import type { GateCall, Refusal } from './handler.ts'

/** One request on its way; the same object goes to both ends of a hook, so that it can be a Map key. */
export interface SentRequest {
  readonly code: number
  readonly name: string
  /** `host:port` of the server. */
  readonly address: string
  readonly oneway: boolean
  readonly body: Uint8Array
  /** All ext fields, those of earlier hooks included. */
  readonly fields: ReadonlyMap<string, string>
}

/** How a request ended: with an answer, or without one. */
export interface RequestOutcome {
  /** Undefined when no answer came. */
  readonly responseCode: number | undefined
  readonly remark: string | undefined
  /** Why there is no answer. */
  readonly error: unknown
}

/** Around the requests this side sends. */
export interface ClientHook {
  /** Before the request is encoded; may add ext fields. What it throws is thrown to the caller instead of sending. */
  beforeRequest?(request: SentRequest): Readonly<Record<string, string>> | undefined
  /** After the answer, or the lack of one. Not called for oneway requests. What it throws is logged. */
  afterResponse?(request: SentRequest, outcome: RequestOutcome): void
}

/** A request that is answered here; the same object goes to both ends of a hook. */
export interface ServedRequest {
  readonly code: number
  readonly connection: Connection
  readonly oneway: boolean
  readonly language: number
  readonly version: number
}

/** Around the requests this side answers. */
export interface ServerHook {
  /** Before the handler, after the gate; may refuse. `call` is good until this returns, `request` stays. */
  beforeRequest?(request: ServedRequest, call: GateCall): Refusal | undefined
  /** Once the answer is written into the connection's buffer. What it throws is logged. */
  afterResponse?(request: ServedRequest, responseCode: number, remark: string | undefined): void
}
