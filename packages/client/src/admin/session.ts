// SPDX-License-Identifier: Apache-2.0
// What all admin calls share: connections, the name servers, and one way to ask each kind of server.
import {
  expectSuccess,
  RemotingClient,
  type RequestOptions,
  type RequestType,
  type Response,
} from '@rocketmq-ts/remoting'
import { successBody } from '../answers.ts'
import type { ClientConfig } from '../config.ts'
import { signer } from '../signer.ts'
import { discoveryOf, NameServers } from '../name-servers.ts'

/** What ends the wait for an admin call. */
export interface AdminCallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** What goes with an admin request. */
export interface AdminRequest extends AdminCallOptions {
  readonly body?: Uint8Array
}

/** Lives as long as its admin client. */
export class AdminSession {
  readonly remoting: RemotingClient
  readonly nameServers: NameServers
  readonly #timeoutMs: number

  constructor(config: ClientConfig) {
    const { runtime, requestTimeoutMs } = config
    this.#timeoutMs = requestTimeoutMs
    this.remoting = new RemotingClient({
      runtime,
      logger: config.logger,
      serializeType: config.serializeType,
      ...config.network,
      ...(config.credentials === undefined ? {} : { sign: signer(config.credentials) }),
    })
    this.nameServers = new NameServers(this.remoting, config.nameServers, {
      random: runtime.random,
      timeoutMs: requestTimeoutMs,
      ...discoveryOf(config, config.logger),
    })
  }

  /** Time and signal for one request. */
  options(request: AdminRequest = {}): RequestOptions {
    return { timeoutMs: this.#timeoutMs, ...request }
  }

  /** Asks a server whatever its answer. */
  request<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    request?: AdminRequest,
  ): Promise<Response<Res>> {
    return this.remoting.request(address, type, header, this.options(request))
  }

  /** Asks a server and expects success. @throws RMQ_REFUSED */
  async ask<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    request?: AdminRequest,
  ): Promise<Response<Res>> {
    return expectSuccess(await this.request(address, type, header, request), address)
  }

  /** Asks a server for a body. @throws RMQ_REFUSED, RMQ_PROTOCOL */
  async body<Req, T>(
    address: string,
    type: RequestType<Req, unknown>,
    header: Req,
    decode: (bytes: Uint8Array) => T,
    request?: AdminRequest,
  ): Promise<T> {
    return successBody(await this.request(address, type, header, request), address, decode)
  }

  /** Asks any name server for a body. @throws RMQ_REFUSED, RMQ_PROTOCOL, RMQ_NO_NAME_SERVER */
  async bodyFromNameServer<Req, T>(
    type: RequestType<Req, unknown>,
    header: Req,
    decode: (bytes: Uint8Array) => T,
    request?: AdminRequest,
  ): Promise<T> {
    const { address, response } = await this.nameServers.request(
      type,
      header,
      this.options(request),
    )
    return successBody(response, address, decode)
  }

  /** Tells every name server, one after another; stops at the first that refuses. @throws RMQ_REFUSED */
  async tellAllNameServers<Req>(
    type: RequestType<Req, unknown>,
    header: Req,
    addresses: Iterable<string>,
    request?: AdminRequest,
  ): Promise<void> {
    for (const address of addresses) await this.ask(address, type, header, request)
  }

  close(): Promise<void> {
    this.nameServers.close()
    return this.remoting.close()
  }
}
