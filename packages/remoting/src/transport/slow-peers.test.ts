// SPDX-License-Identifier: Apache-2.0
// Peers that do not read, write a byte at a time, never stop, promise much, or are gone without a word: what each may cost, and when it ends.
import assert from 'node:assert/strict'
import { memoryUsage } from 'node:process'
import { afterEach, expect, test } from 'vitest'
import { MemoryRuntime, type MemorySocket } from '../../test/memory-runtime.ts'
import { hotEcho, ping, RawPeer } from '../../test/transport.ts'
import { encodeFrame } from '../testing/frames.ts'
import type { Connection } from './connection.ts'
import { handleHot, type Handler } from './handler.ts'
import { RemotingServer, type ServerOptions } from './server.ts'

const MEGABYTE = 1024 * 1024
const IDLE_MS = 120_000

let runtime: MemoryRuntime
let server: RemotingServer

async function serve(
  handlers: readonly Handler[] = [],
  options: Partial<ServerOptions> = {},
): Promise<[RawPeer, MemorySocket]> {
  runtime = new MemoryRuntime()
  server = new RemotingServer({ runtime, handlers, ...options })
  const { port } = await server.listen({ port: 0 })
  const peer = await RawPeer.connect(runtime, port)
  return [peer, runtime.pairs[0]![1]]
}

afterEach(async () => {
  const closing = server.close()
  await runtime.advance(10_000)
  await closing
  assert.equal(runtime.timerCount, 0)
})

const question = encodeFrame('json', { code: ping.code }, { table: {} })

/** Answers every request with 1 MiB and counts them. */
function largeAnswers(): { readonly handler: Handler; readonly count: () => number } {
  const body = [Buffer.alloc(MEGABYTE)]
  let count = 0
  return {
    handler: handleHot(ping, (call) => {
      count++
      call.reply({}, body)
    }),
    count: () => count,
  }
}

test('requests of a peer that does not read are not read either, even within one turn', async () => {
  const { count, handler } = largeAnswers()
  const [peer, serverEnd] = await serve([handler])
  serverEnd.stalled = true
  for (let i = 0; i < 100; i++) peer.send(question)
  await runtime.settle()
  expect(count()).toBeLessThanOrEqual(6)
  expect(serverEnd.queuedBytes()).toBeLessThan(7 * MEGABYTE)
  // Once it reads, everything it asked is answered.
  serverEnd.unstall()
  await runtime.settle()
  expect(peer.frames).toHaveLength(100)
})

test('a peer that reads gets large answers without a pause that lasts', async () => {
  const { handler } = largeAnswers()
  const [peer, serverEnd] = await serve([handler])
  for (let round = 1; round <= 3; round++) {
    for (let i = 0; i < 20; i++) peer.send(question)
    await runtime.settle()
    expect(peer.frames).toHaveLength(20 * round)
    expect(serverEnd.paused).toBe(false)
  }
})

test('a peer that never reads is dropped after the idle time, with all that waits for it', async () => {
  const { handler } = largeAnswers()
  const [peer, serverEnd] = await serve([handler])
  serverEnd.stalled = true
  for (let i = 0; i < 10; i++) peer.send(question)
  await runtime.advance(IDLE_MS - 1000)
  expect(server.connectionCount).toBe(1)
  await runtime.advance(2000)
  expect(server.connectionCount).toBe(0)
  expect(serverEnd.queuedBytes()).toBe(0)
})

test('writing to a peer that never reads does not keep its connection alive', async () => {
  const connections: Connection[] = []
  const [, serverEnd] = await serve([], { onConnect: (each) => void connections.push(each) })
  serverEnd.stalled = true
  for (let i = 0; i < 13; i++) {
    connections[0]!.oneway(ping, {})
    await runtime.advance(10_000)
  }
  expect(server.connectionCount).toBe(0)
})

test('a connection that was told to end is dropped when the peer does not end it', async () => {
  const connections: Connection[] = []
  const [, serverEnd] = await serve([], { onConnect: (each) => void connections.push(each) })
  connections[0]!.oneway(ping, {}, { body: Buffer.alloc(1000) })
  serverEnd.stalled = true
  connections[0]!.close()
  await runtime.advance(IDLE_MS - 1000)
  expect(server.connectionCount).toBe(1)
  await runtime.advance(2000)
  expect(server.connectionCount).toBe(0)
})

test('a half-open connection is dropped after the idle time', async () => {
  const [, serverEnd] = await serve()
  // Nothing comes any more, and no end is ever acknowledged.
  serverEnd.stalled = true
  await runtime.advance(IDLE_MS + 1000)
  expect(server.connectionCount).toBe(0)
})

test('a peer that writes one byte a second is alive, holds nobody up, and is served in the end', async () => {
  const [peer] = await serve([handleHot(hotEcho, (call) => call.refuse(7, 'heard'))])
  const other = await RawPeer.connect(runtime, peer.socket.remote.port)
  const bytes = encodeFrame('rocketmq', { code: hotEcho.code, opaque: 5 }, { table: {} })
  const filler = encodeFrame('json', { code: hotEcho.code, opaque: 4 }, { table: {} })
  const slow = Buffer.concat([filler, filler, bytes])
  expect(slow.length).toBeGreaterThan(IDLE_MS / 1000)
  for (const [second, byte] of slow.entries()) {
    peer.send(Uint8Array.of(byte))
    other.send(encodeFrame('json', { code: hotEcho.code, opaque: second }, { table: {} }))
    await runtime.advance(1000)
    expect(other.frames).toHaveLength(second + 1)
  }
  expect(peer.frames.map(({ opaque }) => opaque)).toEqual([4, 4, 5])
})

test('a peer that stops in the middle of a frame is dropped after the idle time', async () => {
  const [peer] = await serve()
  peer.send(question.subarray(0, 20))
  await runtime.advance(IDLE_MS - 1000)
  expect(server.connectionCount).toBe(1)
  await runtime.advance(2000)
  expect(server.connectionCount).toBe(0)
})

test('a thousand announcements of 16 MiB reserve nothing', async () => {
  const [first] = await serve()
  const announcement = Buffer.concat([
    Buffer.from([0x00, 0xff, 0xff, 0xfc]),
    question.subarray(4, 24),
  ])
  const before = memoryUsage().arrayBuffers
  const peers = await Promise.all(
    Array.from({ length: 1000 }, () => RawPeer.connect(runtime, first.socket.remote.port)),
  )
  for (const peer of peers) peer.send(announcement)
  await runtime.settle()
  expect(server.connectionCount).toBe(1001)
  expect(memoryUsage().arrayBuffers - before).toBeLessThan(32 * MEGABYTE)
  for (const peer of peers) peer.socket.destroy()
  await runtime.settle()
  expect(server.connectionCount).toBe(1)
})
