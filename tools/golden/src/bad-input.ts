// SPDX-License-Identifier: Apache-2.0
// Sends bad input to a real name server and broker and records what each does.

import { connect, type Socket } from 'node:net'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { badFrames } from './bad-frames.ts'
import { badRequests } from './bad-requests.ts'
import { goldenFolders, provenanceOf, writeFixture } from './fixtures.ts'
import { jsonRequest, rawFrame, takeFrame, type Answer } from './frames.ts'
import type { JavaRecorders } from './java.ts'
import { startServers } from './servers.ts'

/** A server that gets bad input. */
export type Target = 'namesrv' | 'broker'

/**
 * Whether the bytes are the first on their connection. Java looks at the first 12 bytes of a connection
 * for a TLS or PROXY start before it takes any frame, so short input waits there.
 */
export type ConnectionState = 'fresh' | 'used'

/** Bytes to send to one server. */
export interface BadCase {
  readonly name: string
  readonly target: Target
  readonly connection: ConnectionState
  readonly bytes: Buffer
}

/** No answer of a live server takes this long. */
const quietMs = 1000

/** Java closes a connection that neither reads nor writes for this long. */
const idleMs = 120_000

/** Records all cases; returns how many there were. */
export async function recordBadInput(java: JavaRecorders, workFolder: string): Promise<number> {
  const folder = join(workFolder, 'servers')
  mkdirSync(folder)
  const servers = await startServers(java, folder)
  const ports = { namesrv: servers.namesrvPort, broker: servers.brokerPort }
  try {
    for (const target of ['namesrv', 'broker'] as const) {
      await untilServing(ports[target], target)
    }
    const idle = idleCases().map((bad) => watchIdle(bad, ports[bad.target]))
    const cases: object[] = []
    for (const bad of [...badFrames(), ...badRequests()]) {
      const outcome = await probe(bad, ports[bad.target])
      cases.push({
        name: bad.name,
        target: bad.target,
        connection: bad.connection,
        sendHex: bad.bytes.toString('hex'),
        ...outcome,
      })
    }
    cases.push(...(await Promise.all(idle)))
    const provenance = provenanceOf('bad-input', 'src/bad-input.ts', java.javaVersion)
    writeFixture(join(goldenFolders.remoting, 'bad-input.json'), provenance, {
      quietMs,
      cases,
    })
    return cases.length
  } finally {
    await servers.close()
  }
}

async function probe(bad: BadCase, port: number): Promise<object> {
  const peer = new Peer(port)
  try {
    if (bad.connection === 'used' && (await afterwards(peer, bad.target)) !== 'serves') {
      throw new Error(`the Java ${bad.target} does not serve before "${bad.name}"`)
    }
    peer.send(bad.bytes)
    const startedMs = performance.now()
    const outcome = await peer.nextResponse(quietMs)
    const ms = Math.round(performance.now() - startedMs)
    const pushed = peer.takePushed()
    const sameConnection = outcome === 'closed' ? 'closed' : await afterwards(peer, bad.target)
    const serverServes = await serves(port, bad.target)
    const common = { sameConnection, serverServes, ...(pushed.length > 0 ? { pushed } : {}) }
    if (outcome === 'closed') return { outcome, ms, ...common }
    if (outcome === 'silent') return { outcome, ...common }
    const remarkIsException = /^(java|com|org|io)\.[\w.$]+(Exception|Error)/.test(
      outcome.remark ?? '',
    )
    return { outcome: 'answer', remarkIsException, answer: outcome, ...common }
  } finally {
    peer.close()
  }
}

/** What a good request on the same connection gets. */
async function afterwards(peer: Peer, target: Target): Promise<'serves' | 'closed' | 'silent'> {
  peer.send(goodRequest(target))
  // An answer to the bad bytes that comes late is passed over.
  for (;;) {
    const outcome = await peer.nextResponse(quietMs)
    if (outcome === 'closed' || outcome === 'silent') return outcome
    if (outcome.opaque === goodOpaque && outcome.code === 0) return 'serves'
  }
}

async function serves(port: number, target: Target): Promise<boolean> {
  const peer = new Peer(port)
  try {
    return (await afterwards(peer, target)) === 'serves'
  } finally {
    peer.close()
  }
}

/** The route appears when the broker's registration has gone through. */
async function untilServing(port: number, target: Target): Promise<void> {
  const deadlineMs = performance.now() + 30_000
  while (!(await serves(port, target))) {
    if (performance.now() > deadlineMs) throw new Error(`the Java ${target} does not serve`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const goodOpaque = 0x600d

function goodRequest(target: Target): Buffer {
  const frame =
    target === 'namesrv'
      ? jsonRequest(105, { topic: 'TopicTest' })
      : jsonRequest(30, { topic: 'TopicTest', queueId: '0' })
  const header = JSON.parse(frame.toString('utf8', 8)) as object
  return rawFrame(0, Buffer.from(JSON.stringify({ ...header, opaque: goodOpaque })))
}

function idleCases(): BadCase[] {
  return (['namesrv', 'broker'] as const).flatMap((target) => [
    {
      name: 'connection on which nothing is sent',
      target,
      connection: 'fresh' as const,
      bytes: Buffer.alloc(0),
    },
    {
      name: 'half a frame, then silence',
      target,
      connection: 'fresh' as const,
      bytes: goodRequest(target).subarray(0, 20),
    },
  ])
}

async function watchIdle(bad: BadCase, port: number): Promise<object> {
  const peer = new Peer(port)
  if (bad.bytes.length > 0) peer.send(bad.bytes)
  const startedMs = performance.now()
  const outcome = await peer.nextResponse(idleMs + 20_000)
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  peer.close()
  return {
    name: bad.name,
    target: bad.target,
    connection: bad.connection,
    sendHex: bad.bytes.toString('hex'),
    outcome: outcome === 'closed' || outcome === 'silent' ? outcome : 'answer',
    ms: seconds * 1000,
    serverServes: await serves(port, bad.target),
  }
}

const responseFlag = 1

/** One raw connection whose answers are taken one by one. */
class Peer {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #closed = false
  readonly #pushed: Answer[] = []
  #wake: () => void = () => {}

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    // A reset is one way of closing; what matters is that the connection is gone.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** The next response, or what happened instead within `withinMs`; requests are kept aside. */
  async nextResponse(withinMs: number): Promise<Answer | 'closed' | 'silent'> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const frame = takeFrame(this.#received)
      if (frame !== undefined) {
        this.#received = frame.rest
        if ((frame.answer.flag & responseFlag) !== 0) return frame.answer
        this.#pushed.push(frame.answer)
        continue
      }
      if (this.#closed) return 'closed'
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) return 'silent'
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** The requests the server has sent of its own accord so far. */
  takePushed(): Answer[] {
    return this.#pushed.splice(0)
  }

  close(): void {
    this.#socket.destroy()
  }
}
