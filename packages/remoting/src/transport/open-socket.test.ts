// SPDX-License-Identifier: Apache-2.0
// A client behind a SOCKS5 proxy, with and without TLS: what it says to the proxy, and what ends the attempt.
import type { Socket } from '@rocketmq-ts/runtime'
import { beforeEach, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo } from '../../test/transport.ts'
import { RemotingClient, type ClientOptions } from './client.ts'

/** A proxy that says the next of `answers` to each message. */
class Proxy {
  readonly heard: string[] = []
  #socket: Socket | undefined
  readonly #answers: string[]

  constructor(answers: readonly string[]) {
    this.#answers = [...answers]
  }

  async listen(runtime: MemoryRuntime): Promise<number> {
    const { address } = await runtime.network.listen({ port: 0 }, (socket) => {
      this.#socket = socket
      return {
        data: (chunk) => {
          this.heard.push(Buffer.from(chunk).toString('hex'))
          const answer = this.#answers.shift()
          if (answer !== undefined) this.say(answer)
        },
        drained: () => undefined,
        closed: () => void this.heard.push('closed'),
      }
    })
    return address.port
  }

  say(hex: string): void {
    this.#socket?.write([Buffer.from(hex, 'hex')])
  }
}

let runtime: MemoryRuntime
let client: RemotingClient

async function connect(
  answers: readonly string[],
  options: Partial<ClientOptions> & { readonly credentials?: object; readonly to?: string } = {},
): Promise<{ proxy: Proxy; outcome: () => Promise<string> }> {
  const { credentials = {}, to = '10.0.0.7:10911', ...rest } = options
  const proxy = new Proxy(answers)
  const port = await proxy.listen(runtime)
  const rule = { addr: `127.0.0.1:${port}`, ...credentials }
  client = new RemotingClient({
    runtime,
    socksProxyConfig: JSON.stringify({ '0.0.0.0/0': rule }),
    ...rest,
  })
  const attempt = client.connection(to).then(
    () => 'connected',
    (error: unknown) => String((error as Error).cause),
  )
  await runtime.settle()
  return { proxy, outcome: () => attempt }
}

beforeEach(() => {
  runtime = new MemoryRuntime()
})

async function end(): Promise<void> {
  const closing = client.close()
  await runtime.advance(4000)
  await closing
  expect(runtime.timerCount).toBe(0)
}

const CONNECTED = '05000001000000000000'

test('an address is asked for as four bytes, without credentials', async () => {
  const { proxy, outcome } = await connect(['0500', CONNECTED])
  expect(await outcome()).toBe('connected')
  expect(proxy.heard).toEqual(['050100', '050100010a0000072a9f'])
  await end()
})

test('a name is left to the proxy, and credentials are shown when asked for', async () => {
  const { proxy, outcome } = await connect(['0502', '0100', '05000003026f6b0000'], {
    credentials: { username: 'me', password: 'pw' },
    to: 'b.example:80',
  })
  expect(await outcome()).toBe('connected')
  expect(proxy.heard).toEqual([
    '05020002',
    '01026d65027077',
    `0501000309${Buffer.from('b.example').toString('hex')}0050`,
  ])
  await end()
})

test('answers may come byte by byte', async () => {
  const { proxy, outcome } = await connect([])
  for (const part of ['05', '00', ...CONNECTED.match(/../g)!]) {
    proxy.say(part)
    await runtime.settle()
  }
  expect(await outcome()).toBe('connected')
  await end()
})

test.each([
  [['04ff'], /does not speak SOCKS5/],
  [['05ff'], /does not take the credentials/],
  [['0502'], /does not take the credentials/],
  [['0500', '0505000100000000'], /connection refused/],
  [['0500', '0500000900000000'], /unknown address type/],
])('a proxy that says %j ends the attempt', async (answers, message) => {
  const { proxy, outcome } = await connect(answers)
  expect(await outcome()).toMatch(message)
  expect(proxy.heard.at(-1)).toBe('closed')
  await end()
})

test('wrong credentials end the attempt', async () => {
  const { outcome } = await connect(['0502', '0101'], { credentials: { username: 'me' } })
  expect(await outcome()).toMatch(/refuses username and password/)
  await end()
})

test('a proxy that falls silent is given up in time, and one that hangs up at once', async () => {
  const silent = await connect(['0500'], { connectTimeoutMs: 2000 })
  await runtime.advance(2000)
  expect(await silent.outcome()).toMatch(/longer than 2000 ms/)
  await end()
  const gone = await connect(['0500'])
  runtime.pairs.at(-1)![1].destroy()
  await runtime.settle()
  expect(await gone.outcome()).toMatch(/closed during the handshake/)
  await end()
})

test('closing the client ends the attempt', async () => {
  const { outcome } = await connect(['0500'])
  const closing = client.close()
  await runtime.settle()
  await closing
  expect(await outcome()).toBe('undefined')
  expect(runtime.timerCount).toBe(0)
})

test('TLS begins once the proxy has connected, under the name of the server', async () => {
  const { proxy, outcome } = await connect(['0500', CONNECTED], {
    to: 'broker.example:10911',
    tls: {
      mode: 'permissive',
      clientEnabled: true,
      testMode: true,
      server: { needClientAuth: 'none', authClient: false },
      client: { authServer: false },
    },
  })
  expect(await outcome()).toBe('connected')
  expect(proxy.heard).toHaveLength(2)
  const { tls } = runtime.pairs.at(-1)![0]
  expect(tls).toMatchObject({
    context: { side: 'client' },
    start: { serverName: 'broker.example' },
  })
  const answer = client.request('broker.example:10911', echo, { text: 'x', count: undefined })
  answer.catch(() => undefined)
  await runtime.settle()
  expect(proxy.heard).toHaveLength(3)
  await end()
})
