// SPDX-License-Identifier: Apache-2.0
// A connection as its users see it: who the peer is, requests to it, and the answers.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import type { RequestType } from '../protocol/schema.ts'
import { refusedError } from '../errors.ts'
import { ResponseCode } from '../protocol/response-code.ts'

/** What goes with a request. */
export interface RequestOptions {
  /** Must not change until the answer is there. */
  readonly body?: Uint8Array
  /** How long to wait for the answer; 3,000 unless told. Rounded up to the next tenth of a second. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Ext fields beyond those of the request's table. */
  readonly ext?: Readonly<Record<string, string>>
}

/** What goes with a request nobody answers. */
export interface OnewayOptions {
  /** Must not change afterwards: from 4 KiB on it is not copied. */
  readonly body?: Uint8Array
  readonly ext?: Readonly<Record<string, string>>
}

/** A peer's answer. Views into received bytes: copy what is kept for long. */
export interface Response<Res> {
  /** See `ResponseCode`. */
  readonly code: number
  readonly remark: string | undefined
  readonly body: Uint8Array
  /**
   * The header, decoded at each call.
   * @throws {RMQ_PROTOCOL} when a required field is missing.
   */
  header(): Res
  /** One ext field, also such as the table does not have. */
  ext(name: string): string | undefined
}

/** One connection to a peer; also usable as a Map key. Either side may send requests. */
export interface Connection {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  /** `host:port` of the peer; behind a load balancer that speaks the PROXY protocol, of the client it speaks for. */
  readonly remoteAddress: string
  /** What a load balancer said in a PROXY protocol header, by Java's names; see `ProxyAttribute`. Mostly empty. */
  readonly attributes: ReadonlyMap<string, string>
  readonly closed: boolean
  /** Frames of the peer may be this long from the next on, never longer than the server takes: for peers nobody knows yet. */
  limitFrames(maxFrameBytes: number): void
  /** Calls `run` once when the connection is gone, now if it is; returns how to take that back. */
  onClose(run: (connection: Connection) => void): () => void
  /**
   * Sends a request; resolves with the answer, whatever its code.
   * @throws {RMQ_TIMEOUT} {RMQ_CONNECTION_CLOSED} {RMQ_ABORTED} {RMQ_TOO_MANY_REQUESTS} {RMQ_INVALID_ARGUMENT}
   */
  request<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options?: RequestOptions,
  ): Promise<Response<Res>>
  /** Sends a request nobody answers. On a connection that is closed or choked it is lost without a word. */
  oneway<Req, Res>(type: RequestType<Req, Res>, header: Req, options?: OnewayOptions): void
  /** Sends what is waiting to be written, then closes. Requests without answer fail now. */
  close(): void
}

/**
 * The same response when its code is SUCCESS.
 * @throws {RMQ_REFUSED} with responseCode and remark otherwise.
 */
export function expectSuccess<Res>(response: Response<Res>, address: string): Response<Res> {
  if (response.code === ResponseCode.SUCCESS) return response
  throw refusedError(response.code, response.remark, address)
}
