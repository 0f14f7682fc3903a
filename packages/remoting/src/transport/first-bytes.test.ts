// SPDX-License-Identifier: Apache-2.0
// What a server does before the first frame: load balancers that speak for clients, TLS, and what it refuses.
import assert from 'node:assert/strict'
import type { Logger } from '@rocketmq-ts/runtime'
import { afterEach, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo, RawPeer } from '../../test/transport.ts'
import { encodeFrame } from '../testing/frames.ts'
import type { Connection } from './connection.ts'
import { handle, reply } from './handler.ts'
import { RemotingServer, type ServerOptions } from './server.ts'
import { parseTlsSettings, type TlsMode } from './tls-settings.ts'

let runtime: MemoryRuntime
let server: RemotingServer
let seen: Connection[]
let warnings: string[]

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_, sentence) => void warnings.push(sentence),
  error: () => undefined,
  child: () => logger,
}

async function serve(options: Partial<ServerOptions> = {}): Promise<RawPeer> {
  runtime = new MemoryRuntime()
  seen = []
  warnings = []
  const onEcho = handle(echo, ({ request: { text }, connection }) => {
    seen.push(connection)
    return reply({ text, position: 0, last: undefined })
  })
  server = new RemotingServer({ runtime, logger, handlers: [onEcho], ...options })
  const { port } = await server.listen({ port: 0 })
  return RawPeer.connect(runtime, port)
}

afterEach(async () => {
  const closing = server.close()
  await runtime.advance(7000)
  await closing
  assert.equal(runtime.timerCount, 0)
})

const frame = encodeFrame(
  'json',
  { code: echo.code, opaque: 5 },
  { table: echo.request, record: { text: 'hi', count: undefined } },
)
const line = Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.2 51234 10911\r\n')
const handshake = Buffer.from([0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, 7, 7])
const tlsIn = (mode: TlsMode): ServerOptions['tls'] =>
  parseTlsSettings(new Map([['tls.server.mode', mode]]))

test('behind a load balancer the client is who it says', async () => {
  const peer = await serve()
  peer.send(line, frame)
  await runtime.settle()
  expect(peer.frames[0]).toMatchObject({ opaque: 5, code: 0 })
  expect(seen[0]).toMatchObject({
    remoteAddress: '203.0.113.9:51234',
    remote: { host: '127.0.0.1' },
  })
  expect(Object.fromEntries(seen[0]!.attributes)).toEqual({
    proxy_protocol_addr: '203.0.113.9',
    proxy_protocol_port: '51234',
    proxy_protocol_server_addr: '10.0.0.2',
    proxy_protocol_server_port: '10911',
  })
})

test('wherever the bytes are cut', async () => {
  const bytes = Buffer.concat([line, frame])
  for (let cut = 1; cut < bytes.length; cut++) {
    const peer = await serve()
    peer.send(bytes.subarray(0, cut))
    await runtime.settle()
    peer.send(bytes.subarray(cut))
    await runtime.settle()
    expect([cut, peer.frames.length]).toEqual([cut, 1])
    expect(seen[0]?.remoteAddress).toBe('203.0.113.9:51234')
  }
})

test('a balancer that names nobody leaves the address as it is', async () => {
  const peer = await serve()
  peer.send(Buffer.from('PROXY UNKNOWN\r\n'), frame)
  await runtime.settle()
  expect(peer.frames).toHaveLength(1)
  expect(seen[0]!.remoteAddress).toMatch(/^127\.0\.0\.1:/)
  expect(seen[0]!.attributes.size).toBe(0)
})

test.each(['PROXY TCP4 203.0.113.9 10.0.0.2 1 99999\r\n', `PROXY TCP4 ${'1'.repeat(200)}`])(
  'a header that breaks the rules closes the connection: %s',
  async (text) => {
    const peer = await serve()
    peer.send(Buffer.from(text), frame)
    await runtime.settle()
    expect(peer.isClosed).toBe(true)
    expect([seen.length, peer.frames.length]).toEqual([0, 0])
    expect(warnings).toEqual(['closing a connection at its first bytes'])
  },
)

test('a second header is no header', async () => {
  const peer = await serve()
  peer.send(line, line, frame)
  await runtime.settle()
  expect([peer.isClosed, seen.length]).toEqual([true, 0])
})

test.each([
  ['disabled', false, 'served'],
  ['disabled', true, 'closed'],
  ['permissive', false, 'served'],
  ['permissive', true, 'tls'],
  ['enforcing', false, 'closed'],
  ['enforcing', true, 'tls'],
] as const)('%s, a handshake: %s → %s', async (mode, isHandshake, outcome) => {
  for (const before of [Buffer.alloc(0), line]) {
    const peer = await serve({ tls: tlsIn(mode)! })
    peer.send(before, isHandshake ? handshake : frame)
    await runtime.settle()
    const { tls } = runtime.pairs[0]![1]
    expect(peer.isClosed).toBe(outcome === 'closed')
    expect(seen.length).toBe(outcome === 'served' ? 1 : 0)
    expect(tls?.start.received).toEqual(outcome === 'tls' ? handshake : undefined)
  }
})

test('frames follow a handshake', async () => {
  const peer = await serve({ tls: tlsIn('enforcing')! })
  peer.send(handshake)
  await runtime.settle()
  // The memory network deciphers nothing: these stand for what comes out of it.
  peer.send(frame)
  await runtime.settle()
  expect(peer.frames).toHaveLength(1)
})

test('a server that was told nothing about TLS closes a handshake', async () => {
  const peer = await serve()
  peer.send(handshake)
  await runtime.settle()
  expect(peer.isClosed).toBe(true)
  expect(runtime.tlsOptions).toEqual([])
})

test('in test mode the certificate is made at the first handshake, and once', async () => {
  const peer = await serve({ tls: tlsIn('permissive')! })
  expect(runtime.tlsOptions).toHaveLength(0)
  peer.send(handshake)
  const second = await RawPeer.connect(runtime, peer.socket.remote.port)
  second.send(handshake)
  await runtime.settle()
  expect(runtime.tlsOptions).toEqual([
    { side: 'server', selfSigned: true, clientCertificate: 'optional', verifiesPeer: false },
  ])
})
