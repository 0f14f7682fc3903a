// SPDX-License-Identifier: Apache-2.0
// Bytes that are no request, or no good one: case by case what the Java servers did with them.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { RawPeer } from '../../test/transport.ts'
import { RemotingServer } from './server.ts'

interface BadInput {
  readonly name: string
  readonly target: string
  readonly connection: 'fresh' | 'used'
  readonly sendHex: string
  readonly outcome: 'answer' | 'closed' | 'silent'
  readonly sameConnection?: 'serves' | 'closed' | 'silent'
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/bad-input.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly BadInput[] }

// What a code's own handler makes of its header and body is tested with that handler.
const ofEveryCode = cases.filter(({ name }) => !/^\d+: /.test(name))
const ofOneCode = cases.filter(({ name }) => /^\d+: /.test(name))

/** What the recorder sent before and after, to see whether a connection still serves. */
function goodRequest(target: string): Buffer {
  const recorded = cases.find(
    (each) => each.target === target && each.name === 'good JSON request',
  )!
  const header = Buffer.from(recorded.sendHex, 'hex').toString('utf8', 8)
  const text = Buffer.from(header.replace('"opaque":7,', `"opaque":${0x600d},`))
  const lengths = Buffer.alloc(8)
  lengths.writeInt32BE(4 + text.length)
  lengths.writeInt32BE(text.length, 4)
  return Buffer.concat([lengths, text])
}

/** Known to differ, and why. */
const different = new Map([
  ['garbage: TLS handshake byte, then noise', 'TLS is not spoken yet'],
  ['garbage: PROXY v2 signature, then noise', 'the PROXY protocol is not spoken yet'],
  ['good PROXY v1 line, then a good request', 'the PROXY protocol is not spoken yet'],
  [
    'members of the Java class that are not wire members',
    'what fills internals of a Java class is unknown here, and ignored',
  ],
])

async function peerOf(
  connection: 'fresh' | 'used',
  good: Buffer = goodRequest('broker'),
): Promise<[MemoryRuntime, RawPeer, () => void]> {
  const runtime = new MemoryRuntime()
  const server = new RemotingServer({ runtime, handlers: [] })
  const { port } = await server.listen({ port: 0 })
  const peer = await RawPeer.connect(runtime, port)
  if (connection === 'used') {
    peer.send(good)
    await runtime.settle()
    peer.frames.length = 0
  }
  return [runtime, peer, () => void server.close()]
}

function outcomeOf(peer: RawPeer): BadInput['outcome'] {
  if (peer.frames.length > 0) return 'answer'
  return peer.isClosed ? 'closed' : 'silent'
}

test('there are cases, and those that differ exist', () => {
  expect(ofEveryCode.length).toBeGreaterThan(350)
  expect(ofOneCode.length).toBeGreaterThan(350)
  const names = new Set(cases.map(({ name }) => name))
  expect([...different.keys()].filter((name) => !names.has(name))).toEqual([])
})

describe.each(ofEveryCode.filter(({ sameConnection }) => sameConnection !== undefined))(
  '$target, $connection connection: $name',
  ({ name, target, connection, sendHex, outcome, sameConnection }) => {
    const good = goodRequest(target)
    const why = different.get(name)
    test('ends as with Java, or is harmless where it is known to differ', async () => {
      const [runtime, peer, close] = await peerOf(connection, good)
      peer.send(Buffer.from(sendHex, 'hex'))
      await runtime.settle()
      if (why === undefined) expect(outcomeOf(peer)).toBe(outcome)
      peer.frames.length = 0
      if (!peer.isClosed) peer.send(good)
      await runtime.settle()
      if (why === undefined) {
        const after = { answer: 'serves', closed: 'closed', silent: 'silent' } as const
        expect(after[outcomeOf(peer)]).toBe(sameConnection)
      }
      const bystander = await RawPeer.connect(runtime, peer.socket.remote.port)
      bystander.send(good)
      await runtime.settle()
      expect(bystander.frames).toHaveLength(1)
      close()
    })
  },
)

test.each(['connection on which nothing is sent', 'half a frame, then silence'])(
  '%s: closed after two minutes',
  async (name) => {
    const [runtime, peer, close] = await peerOf('fresh')
    const bytes = Buffer.from(cases.find((each) => each.name === name)!.sendHex, 'hex')
    if (bytes.length > 0) peer.send(bytes)
    await runtime.advance(119_900)
    expect(peer.isClosed).toBe(false)
    await runtime.advance(400)
    expect(peer.isClosed).toBe(true)
    close()
  },
)

test('whatever one code’s header or body holds ends no connection', async () => {
  for (const { name, sendHex, outcome } of ofOneCode) {
    const [runtime, peer, close] = await peerOf('used')
    peer.send(Buffer.from(sendHex, 'hex'))
    await runtime.settle()
    expect(outcome, name).not.toBe('closed')
    expect(peer.isClosed, name).toBe(false)
    close()
  }
})
