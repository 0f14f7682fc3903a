// SPDX-License-Identifier: Apache-2.0
// Peers that ask too much of running servers, on real sockets: many, greedy, endless. Others are served meanwhile, and memory stays bounded.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, layOut } from './fuzz/compose.ts'
import { usedBytes, type UsedBytes } from './fuzz/heap.ts'
import { Peer } from './fuzz/peer.ts'
import { startStage, type Stage } from './fuzz/stage.ts'
import type { Target } from './fuzz/session.ts'

const MEGABYTE = 1024 * 1024
/** How long a good question may take while others misbehave. */
const PATIENCE_MS = 5000
const UPDATE_CONSUMER_OFFSET = 15
const FLAG_ONEWAY = 2

let stage: Stage

beforeAll(async () => {
  stage = await startStage([])
})
afterAll(() => stage.cluster.close())

function question({ probeCode, probeFields }: Target, opaque: number): Buffer {
  return layOut({
    encoding: 'json',
    code: probeCode,
    opaque,
    flag: 0,
    entries: Object.entries(probeFields).map(([name, value]) => entry(name, value)),
    body: undefined,
  })
}

async function ask(target: Target, peer: Peer, opaque: number): Promise<void> {
  peer.send(question(target, opaque))
  await peer.until(() => peer.answerTo(opaque) !== undefined, PATIENCE_MS)
  expect(peer.answerTo(opaque)?.code).toBe(0)
}

/** Waits until the connections are let go: what is in use is what it was, but for a pool of segments. */
async function expectLike(before: UsedBytes): Promise<void> {
  await expect
    .poll(async () => (await usedBytes()).heap - before.heap, { timeout: 20_000 })
    .toBeLessThan(2 * MEGABYTE)
  expect((await usedBytes()).buffers - before.buffers).toBeLessThan(6 * MEGABYTE)
}

/** A socket that nobody reads from. */
async function openUnread(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket.pause()
}

describe.each([0, 1] as const)('server %i', (which) => {
  test('five hundred connections cost little, answer after all are open, and cost nothing once gone', async () => {
    const target = stage.targets[which]
    const before = await usedBytes()
    const peers = await Promise.all(Array.from({ length: 500 }, () => Peer.open(target.port)))
    for (const [index, peer] of peers.entries()) await ask(target, peer, index)
    const open = await usedBytes()
    // Both ends of each are in this process.
    expect((open.heap - before.heap) / 500).toBeLessThan(24 * 1024)
    expect((open.buffers - before.buffers) / 500).toBeLessThan(16 * 1024)
    await Promise.all(peers.map((peer, index) => ask(target, peer, 1000 + index)))
    for (const peer of peers) peer.destroy()
    await expectLike(before)
  })

  test('five hundred announcements of 16 MiB that never come reserve nothing', async () => {
    const target = stage.targets[which]
    const before = await usedBytes()
    const announcement = Buffer.from(question(target, 1).subarray(0, 60))
    announcement.writeInt32BE(16 * MEGABYTE - 4)
    const peers = await Promise.all(Array.from({ length: 500 }, () => Peer.open(target.port)))
    for (const peer of peers) peer.send(announcement)
    const bystander = await Peer.open(target.port)
    await ask(target, bystander, 1)
    expect((await usedBytes()).buffers - before.buffers).toBeLessThan(24 * MEGABYTE)
    expect(peers.some(({ isClosed }) => isClosed)).toBe(false)
    for (const peer of [...peers, bystander]) peer.destroy()
    await expectLike(before)
  })

  test('a peer that asks and never reads is not read from for long, and others are served', async () => {
    const target = stage.targets[which]
    const before = await usedBytes()
    const greedy = await openUnread(target.port)
    const bystander = await Peer.open(target.port)
    const questions = Buffer.concat(
      Array.from({ length: 2000 }, (_, index) => question(target, index)),
    )
    let written = 0
    // As long as the kernel takes questions, the server does.
    for (let round = 0; round < 120; round++) {
      if (!greedy.writableNeedDrain) {
        greedy.write(questions)
        written += questions.length
      }
      await ask(target, bystander, round)
    }
    expect(greedy.writableNeedDrain).toBe(true)
    expect(written).toBeLessThan(64 * MEGABYTE)
    const after = await usedBytes()
    expect(after.buffers + after.heap - before.buffers - before.heap).toBeLessThan(24 * MEGABYTE)
    greedy.destroy()
    bystander.destroy()
  })
})

test('a peer that never stops sending holds nobody up', async () => {
  const target = stage.targets[1]
  const before = await usedBytes()
  const endless = await openUnread(target.port)
  const bystander = await Peer.open(target.port)
  const fields = { consumerGroup: 'Endless', topic: 'FuzzTopic', queueId: '0', commitOffset: '1' }
  const oneway = layOut({
    encoding: 'binary',
    code: UPDATE_CONSUMER_OFFSET,
    opaque: 1,
    flag: FLAG_ONEWAY,
    entries: Object.entries(fields).map(([name, value]) => entry(name, value)),
    body: undefined,
  })
  const many = Buffer.concat(Array.from({ length: 500 }, () => oneway))
  let isStopped = false
  let sent = 0
  const flood = (async () => {
    while (!isStopped) {
      sent += many.length
      if (!endless.write(many)) await once(endless, 'drain')
    }
  })()
  for (let round = 0; round < 100; round++) {
    await ask(target, bystander, round)
  }
  isStopped = true
  await flood
  // It was read from all along.
  expect(sent).toBeGreaterThan(MEGABYTE)
  const after = await usedBytes()
  expect(after.buffers + after.heap - before.buffers - before.heap).toBeLessThan(16 * MEGABYTE)
  endless.destroy()
  bystander.destroy()
})
