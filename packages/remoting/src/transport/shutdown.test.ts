// SPDX-License-Identifier: Apache-2.0
// The end of a server: handlers at work finish within a bound, and clients that know GO_AWAY go elsewhere first.
import assert from 'node:assert/strict'
import { afterEach, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo, hotEcho, ping, RawPeer, type EchoResponse } from '../../test/transport.ts'
import { encodeFrame } from '../testing/frames.ts'
import { RemotingClient } from './client.ts'
import { handle, handleHot, reply, type HotCall, type Reply } from './handler.ts'
import { RemotingServer, type ServerOptions } from './server.ts'

let runtime: MemoryRuntime
let server: RemotingServer
let parked: HotCall<EchoResponse>[]
let finish: (() => void)[]
let finished: number

async function serve(options: Partial<ServerOptions> = {}): Promise<number> {
  runtime = new MemoryRuntime()
  parked = []
  finish = []
  finished = 0
  server = new RemotingServer({
    runtime,
    handlers: [
      handle(
        echo,
        ({ request: { text } }) =>
          new Promise<Reply<EchoResponse>>((resolve) => {
            finish.push(() => {
              finished++
              resolve(reply({ text, position: 0, last: undefined }))
            })
          }),
      ),
      handleHot(hotEcho, (call) => void parked.push(call)),
      handle(ping, () => reply({})),
    ],
    ...options,
  })
  const { port } = await server.listen({ port: 0 })
  return port
}

function frame(type: typeof echo, opaque: number, version = 513, flag = 0): Buffer {
  const record = { text: 'x', count: undefined }
  return encodeFrame(
    'json',
    { code: type.code, opaque, version, flag },
    { table: type.request, record },
  )
}

function pingFrame(opaque: number, version: number): Buffer {
  return encodeFrame('json', { code: ping.code, opaque, version }, { table: {} })
}

/** Closes, and says whether that is done yet. */
function closing(): { isDone: () => boolean } {
  let isDone = false
  void server.close().then(() => {
    isDone = true
  })
  return { isDone: () => isDone }
}

afterEach(async () => {
  const closed = server.close()
  await runtime.advance(60_000)
  await closed
  assert.equal(runtime.timerCount, 0)
})

test('close waits for the answers of handlers at work, then closes at once', async () => {
  const peer = await RawPeer.connect(runtimeOf(await serve()), lastPort)
  peer.send(frame(echo, 1), frame(hotEcho, 2))
  await runtime.settle()
  const close = closing()
  await runtime.advance(1000)
  expect([close.isDone(), peer.isClosed]).toEqual([false, false])
  finish[0]!()
  await runtime.settle()
  expect([close.isDone(), peer.isClosed]).toEqual([false, false])
  parked[0]!.reply({ text: 'y', position: 1, last: undefined })
  await runtime.settle()
  expect([close.isDone(), peer.isClosed]).toEqual([true, true])
  expect(peer.frames.map(({ opaque }) => opaque)).toEqual([1, 2])
})

test('what comes after the close is not taken any more', async () => {
  const peer = await RawPeer.connect(runtimeOf(await serve()), lastPort)
  peer.send(frame(hotEcho, 1))
  await runtime.settle()
  closing()
  peer.send(frame(hotEcho, 2), pingFrame(3, 513))
  await runtime.settle()
  expect(parked).toHaveLength(1)
  parked[0]!.reply({ text: 'y', position: 1, last: undefined })
  await runtime.settle()
  expect(peer.frames.map(({ opaque }) => opaque)).toEqual([1])
})

test('a handler that takes too long is not waited for', async () => {
  const peer = await RawPeer.connect(runtimeOf(await serve()), lastPort)
  peer.send(frame(echo, 1))
  await runtime.settle()
  const close = closing()
  await runtime.advance(2999)
  expect(close.isDone()).toBe(false)
  await runtime.advance(1)
  expect([close.isDone(), peer.isClosed]).toEqual([true, true])
  finish[0]!()
  await runtime.settle()
  expect(peer.frames).toEqual([])
})

test('a oneway request keeps the close waiting, though nobody waits for its answer', async () => {
  const peer = await RawPeer.connect(runtimeOf(await serve()), lastPort)
  peer.send(frame(echo, 1, 513, 2))
  await runtime.settle()
  const close = closing()
  await runtime.advance(500)
  expect([close.isDone(), finished]).toEqual([false, 0])
  finish[0]!()
  await runtime.settle()
  expect([close.isDone(), finished]).toEqual([true, 1])
})

test('a graceful stop asks those who know to go away and serves the others', async () => {
  const peer = await RawPeer.connect(
    runtimeOf(await serve({ gracefulShutdownMs: 30_000 })),
    lastPort,
  )
  const close = closing()
  peer.send(pingFrame(1, 475), pingFrame(2, 476), pingFrame(3, 513))
  peer.send(encodeFrame('json', { code: 1, opaque: 4 }, { table: {} }))
  await runtime.settle()
  expect(peer.frames).toMatchObject([
    { opaque: 1, code: 0 },
    { opaque: 2, code: 1500, remark: 'please go away' },
    { opaque: 3, code: 1500, remark: 'please go away' },
    { opaque: 4, code: 3 },
  ])
  await runtime.advance(29_000)
  expect([close.isDone(), peer.isClosed]).toEqual([false, false])
  await runtime.advance(1000)
  expect([close.isDone(), peer.isClosed]).toEqual([true, true])
})

test('who has more to close asks clients away first, and is served on meanwhile', async () => {
  const peer = await RawPeer.connect(runtimeOf(await serve({ gracefulShutdownMs: 2000 })), lastPort)
  let hasLeft = false
  void server.leave().then(() => {
    hasLeft = true
  })
  await runtime.advance(1999)
  peer.send(pingFrame(1, 475))
  await runtime.settle()
  expect([hasLeft, peer.frames.length]).toEqual([false, 1])
  await runtime.advance(1)
  expect([hasLeft, peer.isClosed]).toEqual([true, false])
  const close = closing()
  await runtime.settle()
  expect([close.isDone(), peer.isClosed]).toEqual([true, true])
})

test('a graceful stop ends as soon as everyone has gone', async () => {
  const peer = await RawPeer.connect(
    runtimeOf(await serve({ gracefulShutdownMs: 30_000 })),
    lastPort,
  )
  const close = closing()
  await runtime.advance(1000)
  peer.socket.destroy()
  await runtime.settle()
  expect(close.isDone()).toBe(true)
})

test('a client that is asked to go away sends the request once more over a new connection', async () => {
  const port = await serve({ gracefulShutdownMs: 10_000 })
  const client = new RemotingClient({ runtime })
  const address = `127.0.0.1:${port}`
  const held = client.request(address, hotEcho, { text: 'held', count: undefined })
  await runtime.settle()
  closing()
  // Behind the address stands another server from now on, as behind a load balancer.
  const answered: string[] = []
  const other = new RemotingServer({
    runtime,
    handlers: [
      handle(ping, ({ ext }) => {
        answered.push(ext('trace') ?? '')
        return reply({}, { remark: 'the other' })
      }),
    ],
  })
  await other.listen({ port })
  const answer = client.request(address, ping, {}, { ext: { trace: 't-1' } })
  await runtime.settle()
  expect(await answer).toMatchObject({ code: 0, remark: 'the other' })
  expect(answered).toEqual(['t-1'])
  expect(runtime.connects).toBe(2)
  // What the first server had taken is still answered, and then that connection ends.
  expect(runtime.pairs[0]![0].isClosed).toBe(false)
  parked[0]!.reply({ text: 'late', position: 1, last: undefined })
  await runtime.settle()
  expect((await held).header().text).toBe('late')
  expect(runtime.pairs[0]![0].isClosed).toBe(true)
  const ends = Promise.all([client.close(), other.close()])
  await runtime.advance(7000)
  await ends
})

test('asked to go away twice, the request fails and may be tried elsewhere', async () => {
  const port = await serve({ gracefulShutdownMs: 10_000 })
  // Without anyone else the server would be gone as soon as the client leaves.
  await RawPeer.connect(runtime, port)
  const client = new RemotingClient({ runtime })
  const address = `127.0.0.1:${port}`
  const first = client.request(address, ping, {})
  await runtime.settle()
  await first
  closing()
  const refused = client.request(address, ping, {})
  refused.catch(() => undefined)
  await runtime.settle()
  await expect(refused).rejects.toMatchObject({
    code: 'RMQ_REFUSED',
    responseCode: 1500,
    retryable: true,
  })
  await Promise.all([client.close(), runtime.settle()])
})

test('a client may be told not to reconnect', async () => {
  const port = await serve({ gracefulShutdownMs: 10_000 })
  const client = new RemotingClient({ runtime, reconnectForGoAway: false })
  const first = client.request(`127.0.0.1:${port}`, ping, {})
  await runtime.settle()
  await first
  closing()
  const refused = client.request(`127.0.0.1:${port}`, ping, {})
  refused.catch(() => undefined)
  await runtime.settle()
  await expect(refused).rejects.toMatchObject({ responseCode: 1500 })
  expect(runtime.connects).toBe(1)
  await Promise.all([client.close(), runtime.settle()])
})

let lastPort = 0

function runtimeOf(port: number): MemoryRuntime {
  lastPort = port
  return runtime
}
