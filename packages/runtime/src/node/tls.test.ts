// SPDX-License-Identifier: Apache-2.0
// TLS on real sockets: first bytes read before, certificates of both sides, and what is refused.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import type { Listener, Network, Socket, SocketEvents } from '../network.ts'
import type { TlsContext, TlsOptions } from '../tls.ts'
import { nodeRuntime } from './index.ts'
import { selfSignedCertificate } from './self-signed.ts'

const network: Network = nodeRuntime().network
const own = selfSignedCertificate('rocketmq.example')
const other = selfSignedCertificate('rocketmq.example')

const server = (options: Partial<TlsOptions> = {}): TlsContext =>
  network.createTlsContext({ side: 'server', verifiesPeer: false, ...own, ...options })
const client = (options: Partial<TlsOptions> = {}): TlsContext =>
  network.createTlsContext({ side: 'client', verifiesPeer: false, ...options })

/** Echoes; the first byte of a connection tells whether it is TLS, as on a server with both on one port. */
async function echoServer(
  context: TlsContext,
): Promise<Listener & { ends: (Error | undefined)[] }> {
  const ends: (Error | undefined)[] = []
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, (socket): SocketEvents => {
    let isFirst = true
    return {
      data: (chunk) => {
        if (isFirst && chunk[0] === 0x16) socket.startTls(context, { received: chunk })
        else socket.write([chunk.subarray(0, 1), chunk.subarray(1)])
        isFirst = false
      },
      drained: () => undefined,
      closed: (error) => ends.push(error),
    }
  })
  return { ...listener, ends }
}

/** What comes back for `text`, or why the connection ended before. */
async function exchange(
  port: number,
  text: string,
  context?: TlsContext,
  serverName?: string,
): Promise<string> {
  let socket: Socket | undefined
  const outcome = await new Promise<string>((resolve, reject) => {
    let answer = ''
    const send = (): void => void socket?.write([Buffer.from(text)])
    network
      .connect({ host: '127.0.0.1', port, timeoutMs: 2000 }, () => ({
        data: (chunk) => {
          answer += Buffer.from(chunk).toString()
          if (answer.length >= text.length) resolve(answer)
        },
        drained: () => undefined,
        closed: (error) => resolve(`closed: ${error?.message}`),
      }))
      .then((connected) => {
        socket = connected
        if (context === undefined) send()
        else {
          socket.startTls(context, {
            secured: send,
            ...(serverName === undefined ? {} : { serverName }),
          })
        }
      }, reject)
  })
  socket?.destroy()
  return outcome
}

test('a certificate of our own making is read by OpenSSL, names its host and fits its key', () => {
  const certificate = new X509Certificate(own.certificateChain)
  expect(certificate.subject).toBe('CN=rocketmq.example')
  expect(certificate.checkHost('rocketmq.example')).toBe('rocketmq.example')
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate.checkPrivateKey(createPrivateKey(own.privateKey))).toBe(true)
  expect(new X509Certificate(other.certificateChain).serialNumber).not.toBe(
    certificate.serialNumber,
  )
})

test('one port serves both, and large answers come back whole through TLS', async () => {
  const listener = await echoServer(server())
  const { port } = listener.address
  const large = 'x'.repeat(3_000_000)
  expect(await exchange(port, 'plain')).toBe('plain')
  expect(await exchange(port, 'secret', client())).toBe('secret')
  expect(await exchange(port, large, client())).toBe(large)
  await listener.close()
  await vi.waitFor(() => expect(listener.ends).toHaveLength(3))
})

test('a client that checks accepts the certificate it trusts, for the right name, and no other', async () => {
  const listener = await echoServer(server())
  const { port } = listener.address
  const trusting = (extra: Partial<TlsOptions>): TlsContext =>
    client({ verifiesPeer: true, trustedCertificates: own.certificateChain, ...extra })
  const { certificateChain } = other
  expect(await exchange(port, 'a', trusting({}))).toBe('a')
  expect(await exchange(port, 'b', trusting({ verifiesName: true }), 'rocketmq.example')).toBe('b')
  expect(await exchange(port, 'c', trusting({ verifiesName: true }), 'else.example')).toMatch(
    /^closed: Hostname/,
  )
  expect(await exchange(port, 'd', trusting({ trustedCertificates: certificateChain }))).toMatch(
    /^closed: self-signed certificate/,
  )
  expect(await exchange(port, 'e', client({ verifiesPeer: true }))).toMatch(/^closed: self-signed/)
  await listener.close()
})

test.each([
  ['none', true, undefined, true],
  ['optional', true, undefined, true],
  ['optional', true, own, true],
  ['optional', true, other, false],
  ['optional', false, other, true],
  ['require', true, undefined, false],
  ['require', false, undefined, false],
  ['require', false, other, true],
  ['require', true, own, true],
  ['require', true, other, false],
] as const)(
  'certificates of clients: %s, checked %s',
  async (clientCertificate, verifiesPeer, shown, isAccepted) => {
    const listener = await echoServer(
      server({ clientCertificate, verifiesPeer, trustedCertificates: own.certificateChain }),
    )
    const outcome = await exchange(listener.address.port, 'hello', client(shown ?? {}))
    expect(outcome === 'hello').toBe(isAccepted)
    await listener.close()
    await vi.waitFor(() => expect(listener.ends).toHaveLength(1))
    expect(listener.ends[0] === undefined).toBe(isAccepted)
  },
)

test('an encrypted key is read with its password only', () => {
  const privateKey = createPrivateKey(own.privateKey).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'open sesame',
  })
  server({ privateKey, privateKeyPassword: 'open sesame' })
  expect(() => server({ privateKey, privateKeyPassword: 'wrong' })).toThrow()
  expect(() => server({ privateKey })).toThrow()
  expect(() => server({ privateKey: other.privateKey })).toThrow(/mismatch/)
  expect(() => network.createTlsContext({ side: 'server', verifiesPeer: false })).toThrow(/needs/)
})

test('ciphers may be named as Java names them, and versions are those listed', async () => {
  const listener = await echoServer(
    server({ ciphers: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], protocols: ['TLSv1.2'] }),
  )
  const { port } = listener.address
  const common = { protocols: ['TLSv1.2'] }
  const ciphers = (name: string): TlsContext => client({ ...common, ciphers: [name] })
  expect(await exchange(port, 'a', ciphers('ECDHE-ECDSA-AES128-GCM-SHA256'))).toBe('a')
  expect(await exchange(port, 'b', ciphers('ECDHE-ECDSA-AES256-GCM-SHA384'))).toMatch(/^closed/)
  expect(await exchange(port, 'c', client({ protocols: ['TLSv1.3'] }))).toMatch(/^closed/)
  expect(() => client({ protocols: ['SSLv3'] })).toThrow(/versions/)
  await listener.close()
})

test('what only looks like a handshake closes the connection and nothing else', async () => {
  const listener = await echoServer(server())
  const { port } = listener.address
  expect(await exchange(port, '\u0016not a handshake at all')).toMatch(/^closed/)
  expect(await exchange(port, 'still here', client())).toBe('still here')
  await listener.close()
})
