// SPDX-License-Identifier: Apache-2.0
// An address that fails again and again is tried less and less often, and at once when it has answered.
import { expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { ping } from '../../test/transport.ts'
import { RemotingClient } from './client.ts'
import { ConnectBackoff } from './connect-backoff.ts'
import { handle, reply } from './handler.ts'
import { RemotingServer } from './server.ts'

test('the pause begins with the second failure, doubles, and has a bound', () => {
  const backoff = new ConnectBackoff(300)
  const pauses = [1, 2, 3, 4, 5, 6].map(() => {
    backoff.failed('a', 1000)
    return backoff.pauseMs('a', 1000)
  })
  expect(pauses).toEqual([0, 50, 100, 200, 300, 300])
  expect(backoff.pauseMs('a', 1200)).toBe(100)
  expect(backoff.pauseMs('b', 1000)).toBe(0)
  backoff.succeeded('a')
  expect(backoff.pauseMs('a', 1000)).toBe(0)
})

test.each([
  [undefined, 3],
  [0, 6],
])(
  'with a bound of %s, six requests in a row make %i attempts',
  async (maxConnectPauseMs, attempts) => {
    const runtime = new MemoryRuntime()
    const client = new RemotingClient({
      runtime,
      ...(maxConnectPauseMs === undefined ? {} : { maxConnectPauseMs }),
    })
    const codes: string[] = []
    for (let i = 0; i < 6; i++) {
      const answer = client.request('127.0.0.1:9', ping, {})
      answer.catch((error: unknown) => codes.push((error as { code: string }).code))
      await runtime.advance(20)
    }
    expect(new Set(codes)).toEqual(new Set(['RMQ_CONNECT_FAILED']))
    expect([codes.length, runtime.connects]).toEqual([6, attempts])
    await client.close()
  },
)

test('once the server is there, the next try after the pause finds it', async () => {
  const runtime = new MemoryRuntime()
  const client = new RemotingClient({ runtime })
  for (let i = 0; i < 4; i++) {
    client.request('127.0.0.1:4000', ping, {}).catch(() => undefined)
    await runtime.advance(200)
  }
  const server = new RemotingServer({ runtime, handlers: [handle(ping, () => reply({}))] })
  await server.listen({ port: 4000 })
  await runtime.advance(1000)
  const answer = client.request('127.0.0.1:4000', ping, {})
  await runtime.settle()
  expect((await answer).code).toBe(0)
  await Promise.all([client.close(), runtime.advance(4000), server.close()])
})
