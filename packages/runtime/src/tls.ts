// SPDX-License-Identifier: Apache-2.0
// The TLS part of the network seam: what a side shows, whom it trusts.

/** Whether a server asks its clients for a certificate: never, if they have one, always. */
export type ClientCertificate = 'none' | 'optional' | 'require'

/** Keys, certificates and rules of one side. Certificates and keys are PEM. */
export interface TlsOptions {
  readonly side: 'server' | 'client'
  /** Our own certificate, followed by those that signed it. A server needs it, or `selfSigned`. */
  readonly certificateChain?: string
  /** The key of our certificate, PKCS#8 or older, encrypted when there is a password. */
  readonly privateKey?: string
  readonly privateKeyPassword?: string
  /** Whose signatures count; absent: those the platform ships with. */
  readonly trustedCertificates?: string
  /** Refuse a peer whose certificate nobody trusted has signed. */
  readonly verifiesPeer: boolean
  /** Client: also refuse a certificate that is for another name; only together with `verifiesPeer`. */
  readonly verifiesName?: boolean
  /** Server: `none` unless told. */
  readonly clientCertificate?: ClientCertificate
  /** Server: makes a certificate of its own that nobody has signed, for tests. */
  readonly selfSigned?: boolean
  /** Names as IANA or OpenSSL spell them; absent: the platform's choice. */
  readonly ciphers?: readonly string[]
  /** From TLSv1, TLSv1.1, TLSv1.2, TLSv1.3; absent: the platform's choice. */
  readonly protocols?: readonly string[]
}

/** Made by the network’s `createTlsContext`, for any number of connections. */
export interface TlsContext {
  readonly side: 'server' | 'client'
}
