// SPDX-License-Identifier: Apache-2.0
// TLS through node:tls, over sockets that are connected already.
import * as net from 'node:net'
import type * as tls from 'node:tls'
import type { TlsContext, TlsOptions } from '../tls.ts'
import { selfSignedCertificate } from './self-signed.ts'

/** As long as Netty waits. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Loaded with the first context: it takes megabytes, and most processes make none. */
function nodeTls(): typeof tls {
  return process.getBuiltinModule('node:tls')
}

/** What a handshake tells. */
export interface Handshake {
  readonly received: Uint8Array | undefined
  readonly serverName: string | undefined
  /** Done: everything goes through `secure` from now on. */
  readonly secured: (secure: tls.TLSSocket) => void
  /** Why `raw` is about to close. */
  readonly failed: (error: Error) => void
}

/** The contexts of this runtime; others are refused. */
export abstract class NodeTlsContext implements TlsContext {
  abstract readonly side: 'server' | 'client'
  /** Begins the handshake on a connected socket that has no listeners of its own any more. */
  abstract start(raw: net.Socket, handshake: Handshake): void
}

/** Listens to nothing: connections are handed to it once their first bytes have been seen. */
class ServerContext extends NodeTlsContext {
  readonly side = 'server'
  readonly #server: tls.Server
  readonly #needed: boolean
  readonly #verifies: boolean
  /** Handshakes under way, by the four parts of a connection's address. */
  readonly #handshakes = new Map<string, Handshake>()

  constructor(options: TlsOptions) {
    super()
    const { clientCertificate = 'none' } = options
    this.#needed = clientCertificate === 'require'
    this.#verifies = options.verifiesPeer
    this.#server = nodeTls().createServer({
      ...commonOptions(options),
      requestCert: clientCertificate !== 'none',
      // Node would also refuse a client without a certificate: `optional` could not be had.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    })
    this.#server.on('secureConnection', (secure) => this.#secured(secure))
    this.#server.on('tlsClientError', (error, secure) => {
      this.#handshakes.get(keyOf(secure))?.failed(error)
    })
  }

  override start(raw: net.Socket, handshake: Handshake): void {
    const key = keyOf(raw)
    this.#handshakes.set(key, handshake)
    raw.once('close', () => {
      if (this.#handshakes.get(key) === handshake) this.#handshakes.delete(key)
    })
    if (handshake.received !== undefined) raw.unshift(handshake.received)
    this.#server.emit('connection', raw)
  }

  #secured(secure: tls.TLSSocket): void {
    const handshake = this.#handshakes.get(keyOf(secure))
    if (handshake === undefined) {
      secure.destroy()
      return
    }
    const reason = this.#reasonToRefuse(secure)
    if (reason === undefined) handshake.secured(secure)
    else {
      const error = new Error(reason)
      handshake.failed(error)
      secure.destroy()
    }
  }

  #reasonToRefuse(secure: tls.TLSSocket): string | undefined {
    const certificate = secure.getPeerX509Certificate()
    if (certificate === undefined) {
      return this.#needed ? 'the client showed no certificate' : undefined
    }
    if (!this.#verifies || secure.authorized) return undefined
    // The types say Error; servers get the code alone.
    return `the client's certificate is not trusted: ${String(secure.authorizationError)}`
  }
}

class ClientContext extends NodeTlsContext {
  readonly side = 'client'
  readonly #options: TlsOptions
  readonly #secureContext: tls.SecureContext

  constructor(options: TlsOptions) {
    super()
    this.#options = options
    this.#secureContext = nodeTls().createSecureContext(commonOptions(options))
  }

  override start(raw: net.Socket, handshake: Handshake): void {
    const { verifiesPeer, verifiesName = false } = this.#options
    const { serverName } = handshake
    const { connect, checkServerIdentity } = nodeTls()
    const secure = connect({
      socket: raw,
      secureContext: this.#secureContext,
      rejectUnauthorized: verifiesPeer,
      // SNI carries names only.
      ...(serverName === undefined || net.isIP(serverName) !== 0 ? {} : { servername: serverName }),
      checkServerIdentity: (host, certificate) =>
        verifiesName ? checkServerIdentity(serverName ?? host, certificate) : undefined,
    })
    const fail = (error: Error): void => {
      clearTimeout(timer)
      handshake.failed(error)
      secure.destroy()
      raw.destroy()
    }
    const timer = setTimeout(
      () => fail(new Error(`the TLS handshake took longer than ${HANDSHAKE_TIMEOUT_MS} ms`)),
      HANDSHAKE_TIMEOUT_MS,
    )
    secure.once('error', fail)
    secure.once('close', () => clearTimeout(timer))
    secure.once('secureConnect', () => {
      clearTimeout(timer)
      secure.off('error', fail)
      handshake.secured(secure)
    })
  }
}

function keyOf(socket: net.Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}|${socket.localPort}`
}

function commonOptions(options: TlsOptions): tls.SecureContextOptions {
  const { certificateChain, privateKey, privateKeyPassword, trustedCertificates } =
    options.selfSigned === true ? { ...options, ...selfSignedCertificate('localhost') } : options
  if (options.side === 'server' && (certificateChain === undefined || privateKey === undefined)) {
    throw new Error('a TLS server needs a certificate and its key')
  }
  if ((certificateChain === undefined) !== (privateKey === undefined)) {
    throw new Error('a certificate and its key are of use together only')
  }
  return {
    ...(certificateChain === undefined ? {} : { cert: certificateChain }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    ...(privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword }),
    ...(trustedCertificates === undefined ? {} : { ca: trustedCertificates }),
    ...(options.ciphers === undefined ? {} : { ciphers: cipherList(options.ciphers) }),
    ...(options.protocols === undefined ? {} : protocolRange(options.protocols)),
  }
}

/** OpenSSL's spelling; those of TLS 1.3 are the same in both. */
function cipherList(names: readonly string[]): string {
  return names.map((name) => openSslName(name.trim())).join(':')
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256` there. */
function openSslName(name: string): string {
  const parts = /^TLS_(.+)_WITH_(.+)$/.exec(name)
  if (parts === null) return name
  const [, exchange = '', cipher = ''] = parts
  const bulk = cipher
    .replace(/AES_(\d+)/, 'AES$1')
    .replace(/_CBC_SHA/, '_SHA')
    .replace(/POLY1305_SHA256/, 'POLY1305')
  return (exchange === 'RSA' ? bulk : `${exchange}_${bulk}`).replaceAll('_', '-')
}

const VERSIONS: readonly tls.SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

function protocolRange(names: readonly string[]): tls.SecureContextOptions {
  const places = names.map((name) => VERSIONS.findIndex((version) => version === name.trim()))
  const minVersion = VERSIONS[Math.min(...places)]
  const maxVersion = VERSIONS[Math.max(...places)]
  if (minVersion === undefined || maxVersion === undefined) {
    throw new Error(`TLS versions are ${VERSIONS.join(', ')}, not ${names.join(', ')}`)
  }
  return { minVersion, maxVersion }
}

/** @throws when keys and certificates cannot be read or do not belong together. */
export function createTlsContext(options: TlsOptions): TlsContext {
  return options.side === 'server' ? new ServerContext(options) : new ClientContext(options)
}
