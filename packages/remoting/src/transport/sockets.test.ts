// SPDX-License-Identifier: Apache-2.0
// Server and client over real sockets: what the memory network cannot show.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { echo, hotEcho, ping, type EchoResponse } from '../../test/transport.ts'
import { FrameDecoder } from '../protocol/frame.ts'
import { encodeFrame, readFrame, type ReadFrame } from '../testing/frames.ts'
import { RemotingClient } from './client.ts'
import { handle, handleHot, reply, type HotCall } from './handler.ts'
import { RemotingServer } from './server.ts'
import { parseTlsSettings } from './tls-settings.ts'

const runtime = nodeRuntime()
const large = Buffer.alloc(1024 * 1024, 5)
let server: RemotingServer
let port: number
let address: string
let parked: HotCall<EchoResponse>[]
let sent = 0
let released = 0
let client: RemotingClient
const raw: Socket[] = []

beforeEach(async () => {
  parked = []
  sent = 0
  released = 0
  client = new RemotingClient({ runtime })
  server = new RemotingServer({
    runtime,
    handlers: [
      handle(echo, ({ request: { text }, body }) =>
        reply({ text, position: body.length, last: true }, { body: [body] }),
      ),
      handleHot(hotEcho, (call) => void parked.push(call)),
      handleHot(ping, (call) => {
        sent++
        call.reply({}, [large], { written: () => void released++ })
      }),
    ],
  })
  port = (await server.listen({ host: '127.0.0.1', port: 0 })).port
  address = `127.0.0.1:${port}`
})

afterEach(async () => {
  for (const socket of raw.splice(0)) socket.destroy()
  await client.close()
  await server.close()
})

function nextTurn(): Promise<void> {
  return new Promise((resolve) => runtime.turn.atEnd(resolve))
}

async function rawPeer(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  raw.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Resolves with the first `count` frames that arrive. */
function frames(socket: Socket, count: number): Promise<ReadFrame[]> {
  return new Promise((resolve) => {
    const got: ReadFrame[] = []
    const decoder = new FrameDecoder({
      frame(bytes, from, end) {
        got.push(readFrame(Buffer.from(bytes.subarray(from - 4, end))))
        if (got.length === count) resolve(got)
        return true
      },
    })
    socket.on('data', (chunk) => decoder.push(chunk as Uint8Array))
  })
}

function echoFrame(opaque: number, body?: Uint8Array): Buffer {
  return encodeFrame(
    opaque % 2 === 0 ? 'json' : 'rocketmq',
    { code: echo.code, opaque },
    {
      table: echo.request,
      record: { text: `t${opaque}`, count: opaque },
      ...(body === undefined ? {} : { body }),
    },
  )
}

describe.each(['json', 'rocketmq'] as const)('in %s', (serializeType) => {
  test('thousands of requests at once come back, each with its own body', async () => {
    client = new RemotingClient({ runtime, serializeType })
    const answers = await Promise.all(
      Array.from({ length: 3000 }, async (_, index) => {
        const body = Buffer.alloc((index * 37) % 9000, index)
        const response = await client.request(
          address,
          echo,
          { text: `${index}`, count: index },
          { body },
        )
        return (
          response.header().text === `${index}` &&
          response.header().position === body.length &&
          body.equals(response.body)
        )
      }),
    )
    expect(answers.every(Boolean)).toBe(true)
    expect(server.connectionCount).toBe(1)
  })
})

test('a body near the limit comes back whole', async () => {
  const body = Buffer.alloc(16 * 1024 * 1024 - 1000)
  for (let at = 0; at < body.length; at += 4093) body[at] = at % 251
  const response = await client.request(
    address,
    echo,
    { text: 'x', count: 1 },
    { body, timeoutMs: 20_000 },
  )
  expect(body.equals(response.body)).toBe(true)
})

test('requests that trickle in byte by byte are answered', async () => {
  const socket = await rawPeer()
  const answers = frames(socket, 2)
  for (const byte of Buffer.concat([echoFrame(1), echoFrame(2)])) {
    await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve))
  }
  expect((await answers).map((frame) => frame.ext.get('text'))).toEqual(['t1', 't2'])
})

test('garbage ends its own connection only', async () => {
  const good = await rawPeer()
  const bad = await rawPeer()
  const closed = once(bad, 'close')
  bad.resume()
  bad.write('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')
  await closed
  const answers = frames(good, 1)
  good.write(echoFrame(1))
  expect(await answers).toMatchObject([{ opaque: 1, code: 0 }])
})

test('half a frame from one peer holds up nobody', async () => {
  const half = await rawPeer()
  half.write(echoFrame(1, large).subarray(0, 500_000))
  const other = await rawPeer()
  const answers = frames(other, 1)
  other.write(echoFrame(2))
  expect(await answers).toMatchObject([{ opaque: 2 }])
  expect(half.destroyed).toBe(false)
})

test('a peer that does not read is not read from, and gets everything once it reads', async () => {
  const slow = await rawPeer()
  slow.pause()
  const one = encodeFrame('json', { code: ping.code }, { table: {} })
  const count = 64
  const waiting = frames(slow, count)
  slow.pause()
  for (let i = 0; i < count; i++) {
    slow.write(one)
    // One request per turn, so that the server can stop between them.
    await nextTurn()
  }
  const fast = await rawPeer()
  const answer = frames(fast, 1)
  fast.write(echoFrame(2))
  await answer
  expect(released).toBeLessThan(count)
  slow.resume()
  expect(await waiting).toHaveLength(count)
  expect(released).toBe(count)
})

test('a reset connection frees all that waited to be written to it', async () => {
  const socket = await rawPeer()
  socket.pause()
  const count = 40
  for (let i = 0; i < count; i++) {
    socket.write(encodeFrame('json', { code: ping.code }, { table: {} }))
  }
  while (sent < 5) await nextTurn()
  expect(released).toBeLessThan(sent)
  socket.resetAndDestroy()
  while (server.connectionCount > 0) await nextTurn()
  expect(released).toBe(sent)
})

test('abort, time-out and refusal to connect', async () => {
  const abort = new AbortController()
  const aborted = client.request(address, hotEcho, { text: '', count: 1 }, { signal: abort.signal })
  const late = client.request(address, hotEcho, { text: '', count: 2 }, { timeoutMs: 150 })
  late.catch(() => undefined)
  while (parked.length < 2) await nextTurn()
  abort.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'RMQ_ABORTED' })
  await expect(late).rejects.toMatchObject({ code: 'RMQ_TIMEOUT' })
  const { port: unused } = await freePort()
  await expect(client.request(`127.0.0.1:${unused}`, ping, {})).rejects.toMatchObject({
    code: 'RMQ_CONNECT_FAILED',
    cause: expect.objectContaining({ code: 'ECONNREFUSED' }) as unknown,
  })
})

async function freePort(): Promise<{ port: number }> {
  const other = new RemotingServer({ runtime, handlers: [] })
  const bound = await other.listen({ host: '127.0.0.1', port: 0 })
  await other.close()
  return bound
}

test('a server that closes ends the connections, and a new one on its port is found again', async () => {
  await client.request(address, echo, { text: 'a', count: 1 })
  const waiting = client.request(address, hotEcho, { text: 'a', count: 1 })
  waiting.catch(() => undefined)
  while (parked.length === 0) await nextTurn()
  await server.close()
  await expect(waiting).rejects.toMatchObject({ code: 'RMQ_CONNECTION_CLOSED' })
  server = new RemotingServer({
    runtime,
    handlers: [handle(echo, ({ request: { text } }) => reply({ text, position: 2, last: true }))],
  })
  await server.listen({ host: '127.0.0.1', port })
  const again = await client.request(address, echo, { text: 'again', count: 1 })
  expect(again.header().position).toBe(2)
})

describe('TLS', () => {
  const settings = parseTlsSettings(new Map([['tls.server.mode', 'permissive']]))

  test('plain and ciphered requests are served on one port, large bodies too', async () => {
    const handler = handle(ping, ({ body }) => reply({}, { body: [body] }))
    const server = new RemotingServer({ runtime, handlers: [handler], tls: settings })
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
    const clients = [
      new RemotingClient({ runtime }),
      new RemotingClient({ runtime, tls: settings }),
    ]
    const body = Buffer.alloc(5_000_000, 'x')
    const answers = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 5 }, () => client.request(`127.0.0.1:${port}`, ping, {}, { body })),
      ),
    )
    expect(answers.every((answer) => Buffer.compare(answer.body, body) === 0)).toBe(true)
    expect(server.connectionCount).toBe(2)
    await Promise.all([...clients.map((client) => client.close()), server.close()])
  })

  test('a client behind a load balancer that speaks both protocols', async () => {
    const seen: string[] = []
    const handler = handle(ping, ({ connection }) => {
      seen.push(connection.remoteAddress)
      return reply({})
    })
    const enforcing = { ...settings, mode: 'enforcing' } as const
    const server = new RemotingServer({ runtime, handlers: [handler], tls: enforcing })
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
    const { network } = runtime
    const secured = Promise.withResolvers<void>()
    const frames: Uint8Array[] = []
    const answered = Promise.withResolvers<void>()
    const socket = await network.connect({ host: '127.0.0.1', port, timeoutMs: 1000 }, () => ({
      data: (chunk) => {
        frames.push(chunk)
        answered.resolve()
      },
      drained: () => undefined,
      closed: () => undefined,
    }))
    await new Promise<void>((resolve) => {
      socket.write([Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.2 51234 10911\r\n')], resolve)
    })
    const context = network.createTlsContext({ side: 'client', verifiesPeer: false })
    socket.startTls(context, { secured: () => secured.resolve() })
    await secured.promise
    socket.write([encodeFrame('json', { code: ping.code, opaque: 9 }, { table: {} })])
    await answered.promise
    expect(seen).toEqual(['203.0.113.9:51234'])
    socket.destroy()
    await server.close()
  })
})
