// SPDX-License-Identifier: Apache-2.0
// What passes a proxy, what it is told to do to frames, and what its peers see of it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Socket } from '@rocketmq-ts/runtime'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, onTestFinished, test } from 'vitest'
import { echo, type EchoRequest } from '../../test/transport.ts'
import { encodeTopicRouteData } from '../bodies/topic-route-data.ts'
import { getRouteinfoByTopic } from '../requests/get-routeinfo-by-topic.ts'
import { sendMessageV2 } from '../requests/send-message.ts'
import { encodeFrame } from '../testing/frames.ts'
import { goldenRequests } from '../testing/golden.ts'
import { RemotingClient } from '../transport/client.ts'
import { handle, reply } from '../transport/handler.ts'
import { RemotingServer } from '../transport/server.ts'
import { followRoutes } from './follow-routes.ts'
import { FrameProxy, type FrameProxyOptions } from './frame-proxy.ts'
import { frameLine, frameRecord } from './frame-text.ts'
import type { SeenFrame } from './seen-frame.ts'
import { faults, type FaultRule, type Intercept } from './verdict.ts'

const hello: EchoRequest = { text: 'hello', count: 1 }

interface World {
  readonly runtime: SimulatedRuntime
  readonly client: RemotingClient
  readonly proxy: FrameProxy
  /** Requests the server has served. */
  readonly served: string[]
}

async function world(intercept?: Intercept): Promise<World> {
  const runtime = simulatedRuntime({ seed: 7 })
  const served: string[] = []
  const server = new RemotingServer({
    runtime,
    handlers: [
      handle(echo, ({ request: { text }, body }) => {
        served.push(text)
        return reply({ text, position: body.length, last: undefined }, { body: [body] })
      }),
    ],
  })
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  const options: FrameProxyOptions = { runtime, target: `127.0.0.1:${port}` }
  const proxy = await FrameProxy.listen(
    intercept === undefined ? options : { ...options, intercept },
  )
  const client = new RemotingClient({ runtime })
  onTestFinished(async () => {
    const closing = Promise.all([client.close(), proxy.close(), server.close()])
    await runtime.settle(closing)
  })
  return { runtime, client, proxy, served }
}

function ask(world: World, request: EchoRequest, timeoutMs = 1000): Promise<string> {
  const { client, proxy, runtime } = world
  return runtime.settle(
    client
      .request(proxy.address, echo, request, { timeoutMs, body: Buffer.from('body') })
      .then((response) => `${response.code} ${response.remark ?? ''}`.trim()),
  )
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'answered',
    (error: unknown) => (error as { code: string }).code,
  )
}

describe('what passes', () => {
  test('requests and answers, and both are seen', async () => {
    const seen: SeenFrame[] = []
    const here = await world((frame) => {
      seen.push(frame)
      return 'pass'
    })
    expect(await ask(here, hello)).toBe('0')
    expect(
      seen.map(({ direction, codeName, requestCode }) => [direction, codeName, requestCode]),
    ).toEqual([
      ['toTarget', 'GET_BROKER_MEMBER_GROUP', 901],
      ['toClient', 'SUCCESS', 901],
    ])
    expect(seen[1]?.latencyMs).toBeGreaterThanOrEqual(0)
    expect(seen[1]?.fields.get('text')).toBe('hello')
    expect(here.proxy.connections).toBe(1)
  })

  test('every recorded frame, byte for byte, however the stream is cut', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const frames = goldenFrames()
    expect(frames.length).toBeGreaterThan(300)
    const arrived: Uint8Array[] = []
    const target = await runtime.network.listen({ port: 0, host: '127.0.0.1' }, () => ({
      data: (chunk) => arrived.push(chunk),
      drained() {},
      closed() {},
    }))
    let count = 0
    const proxy = await FrameProxy.listen({
      runtime,
      target: `127.0.0.1:${target.address.port}`,
      intercept() {
        count++
        return 'pass'
      },
    })
    const socket = await rawClient(runtime, proxy)
    const all = Buffer.concat(frames)
    for (let at = 0, step = 1; at < all.length; at += step, step = (step * 7 + 13) % 4096) {
      socket.write([all.subarray(at, at + step)])
      await runtime.advance(1)
    }
    await runtime.advance(100)
    expect(Buffer.concat(arrived).equals(all)).toBe(true)
    expect(count).toBe(frames.length)
    socket.end()
    await runtime.settle(proxy.close())
    await runtime.settle(target.close())
  })

  test.each([
    ['TLS', '160301020001000001fc0303aabbccddeeff00112233'],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
    [
      'a PROXY header in front of TLS',
      `${Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n').toString('hex')}1603010200`,
    ],
  ])('%s, unseen', async (_name, hex) => {
    const { arrived, seen } = await throughProxy(Buffer.from(hex, 'hex'))
    expect(arrived.toString('hex')).toBe(hex)
    expect(seen).toBe(0)
  })

  test('a PROXY header in front of frames, which are seen', async () => {
    const frame = encodeFrame('json', { code: 34, opaque: 1 }, { table: {} })
    const bytes = Buffer.concat([Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n'), frame])
    const { arrived, seen } = await throughProxy(bytes)
    expect(arrived.equals(bytes)).toBe(true)
    expect(seen).toBe(1)
  })
})

describe('what it is told to do', () => {
  function rules(...list: FaultRule[]): Promise<World> {
    return world(faults(list))
  }

  test('drops an answer once: the request was served, the caller waits in vain', async () => {
    const here = await rules({ do: 'drop', code: 901, kind: 'answer' })
    expect(await failureOf(ask(here, hello, 200))).toBe('RMQ_TIMEOUT')
    expect(here.served).toEqual(['hello'])
    expect(await ask(here, { text: 'again', count: 1 })).toBe('0')
  })

  test('drops a request: it was never served', async () => {
    const here = await rules({ do: 'drop', kind: 'request' })
    expect(await failureOf(ask(here, hello, 200))).toBe('RMQ_TIMEOUT')
    expect(here.served).toEqual([])
  })

  test('answers in the place of the server, once', async () => {
    const here = await rules({ do: { answer: { code: 2, remark: 'busy' } }, code: 901 })
    expect(await ask(here, hello)).toBe('2 busy')
    expect(here.served).toEqual([])
    expect(await ask(here, hello)).toBe('0')
  })

  test('lets some pass first', async () => {
    const here = await rules({ do: { answer: { code: 2 } }, after: 2, times: 2, kind: 'request' })
    const codes: string[] = []
    for (let i = 0; i < 6; i++) codes.push(await ask(here, hello))
    expect(codes).toEqual(['0', '0', '2', '2', '0', '0'])
  })

  test('delays one answer, and others overtake it', async () => {
    const here = await rules({ do: { delayMs: 300 }, kind: 'answer' })
    const order: string[] = []
    const slow = here.client
      .request(here.proxy.address, echo, hello, { timeoutMs: 1000 })
      .then(() => order.push('first'))
    const fast = here.client
      .request(here.proxy.address, echo, { text: 'b', count: 1 }, { timeoutMs: 1000 })
      .then(() => order.push('second'))
    await here.runtime.settle(Promise.all([slow, fast]))
    expect(order).toEqual(['second', 'first'])
  })

  test('hands a request on twice', async () => {
    const here = await rules({ do: 'duplicate', kind: 'request' })
    expect(await ask(here, hello)).toBe('0')
    await here.runtime.advance(100)
    expect(here.served).toEqual(['hello', 'hello'])
  })

  test.each([['close' as const], [{ truncateTo: 11 }]])(
    'cuts the connection: %j',
    async (verdict) => {
      const here = await rules({ do: verdict, kind: 'answer' })
      expect(await failureOf(ask(here, hello))).toBe('RMQ_CONNECTION_CLOSED')
      expect(here.served).toEqual(['hello'])
      expect(here.proxy.connections).toBe(0)
      await here.runtime.advance(2000)
      expect(await ask(here, hello)).toBe('0')
    },
  )

  test('waits for a verdict that comes later, in order', async () => {
    const runtimes: SimulatedRuntime[] = []
    const here = await world(
      (frame) =>
        new Promise((resolve) => {
          runtimes[0]?.timers.after(frame.isAnswer ? 0 : 50, () => resolve('pass'))
        }),
    )
    runtimes.push(here.runtime)
    const all = ['a', 'b', 'c'].map((text) =>
      here.client.request(here.proxy.address, echo, { text, count: 1 }, { timeoutMs: 1000 }),
    )
    await here.runtime.settle(Promise.all(all))
    expect(here.served).toEqual(['a', 'b', 'c'])
  })
})

test('a receiver that does not read stops the sender', async () => {
  const runtime = simulatedRuntime({ seed: 5 })
  const readers: Socket[] = []
  const target = await runtime.network.listen({ port: 0, host: '127.0.0.1' }, (socket) => {
    socket.pause()
    readers.push(socket)
    return { data() {}, drained() {}, closed() {} }
  })
  const proxy = await FrameProxy.listen({ runtime, target: `127.0.0.1:${target.address.port}` })
  const socket = await rawClient(runtime, proxy)
  const frame = encodeFrame('json', { code: 34 }, { table: {}, body: new Uint8Array(1024 * 1024) })
  for (let i = 0; i < 64; i++) socket.write([frame])
  await runtime.advance(1000)
  expect(socket.queuedBytes()).toBeGreaterThan(32 * 1024 * 1024)
  readers[0]?.resume()
  await runtime.advance(10_000)
  expect(socket.queuedBytes()).toBe(0)
  socket.end()
  await runtime.settle(proxy.close())
  await runtime.settle(target.close())
})

test('broker addresses in routes lead to proxies of their own', async () => {
  const runtime = simulatedRuntime({ seed: 9 })
  const route = encodeTopicRouteData({
    brokerDatas: [
      {
        brokerAddrs: new Map([[0, '127.0.0.1:10911']]),
        brokerName: 'broker-a',
        cluster: 'c',
        enableActingMaster: false,
      },
    ],
    filterServerTable: new Map(),
    queueDatas: [],
  })
  const server = new RemotingServer({
    runtime,
    handlers: [handle(getRouteinfoByTopic, () => reply({}, { body: [route] }))],
  })
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  const follower = followRoutes({ runtime })
  const { intercept } = follower
  const proxy = await FrameProxy.listen({ runtime, target: `127.0.0.1:${port}`, intercept })
  const client = new RemotingClient({ runtime })
  const bodies: string[] = []
  for (let i = 0; i < 2; i++) {
    const request = { topic: 'T', acceptStandardJsonOnly: undefined }
    const answer = await runtime.settle(
      client.request(proxy.address, getRouteinfoByTopic, request, { timeoutMs: 1000 }),
    )
    bodies.push(Buffer.from(answer.body).toString())
  }
  const proxied = follower.brokers.get('127.0.0.1:10911')
  expect(proxied).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(bodies[0]).toBe(
    Buffer.from(route)
      .toString()
      .replace('127.0.0.1:10911', proxied ?? ''),
  )
  expect(bodies[1]).toBe(bodies[0])
  await runtime.settle(
    Promise.all([client.close(), follower.close(), proxy.close(), server.close()]),
  )
})

describe('frames as text', () => {
  function seen(bytes: Buffer): Promise<SeenFrame> {
    return throughProxy(bytes).then(({ frames }) => frames[0] as SeenFrame)
  }

  test('names instead of letters, secrets masked, no control characters', async () => {
    const bytes = encodeFrame(
      'rocketmq',
      { code: 310, opaque: 5, version: 517 },
      {
        table: sendMessageV2.request,
        ext: { a: 'group', b: 'Topic\u001b[31m', AccessKey: 'me', Signature: 'abc=' },
        body: Buffer.from('x\u0000y'),
      },
    )
    const frame = await seen(bytes)
    const line = frameLine(frame, { bodies: true })
    expect(line).toBe(
      '#1 → SEND_MESSAGE_V2 opaque=5 producerGroup=group topic=Topic\\x1b[31m AccessKey=*** Signature=*** +3 B body=0x780079',
    )
    expect(frameRecord(frame)).toMatchObject({
      kind: 'request',
      code: 310,
      encoding: 'rocketmq',
      bodyBytes: 3,
      fields: { producerGroup: 'group' },
    })
  })
})

function goldenFrames(): Buffer[] {
  const folder = fileURLToPath(new URL('../../test/golden/requests', import.meta.url))
  const texts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
  return [...goldenRequests(texts).values()].flatMap(({ request, response }) =>
    [...request.cases, ...response.cases].flatMap(({ json, binary }) =>
      [json.hex, ...(binary === undefined ? [] : [binary.hex])].map((hex) =>
        Buffer.from(hex, 'hex'),
      ),
    ),
  )
}

function rawClient(runtime: SimulatedRuntime, proxy: FrameProxy): Promise<Socket> {
  const [host = '', port = ''] = proxy.address.split(':')
  return runtime.settle(
    runtime.network.connect({ host, port: Number(port), timeoutMs: 1000 }, () => ({
      data() {},
      drained() {},
      closed() {},
    })),
  )
}

async function throughProxy(
  bytes: Buffer,
): Promise<{ arrived: Buffer; seen: number; frames: SeenFrame[] }> {
  const runtime = simulatedRuntime({ seed: 4 })
  const arrived: Uint8Array[] = []
  const frames: SeenFrame[] = []
  const target = await runtime.network.listen({ port: 0, host: '127.0.0.1' }, () => ({
    data: (chunk) => arrived.push(chunk),
    drained() {},
    closed() {},
  }))
  const proxy = await FrameProxy.listen({
    runtime,
    target: `127.0.0.1:${target.address.port}`,
    intercept(frame) {
      frames.push(frame)
      return 'pass'
    },
  })
  const socket = await rawClient(runtime, proxy)
  socket.write([bytes.subarray(0, 5)])
  await runtime.advance(10)
  socket.write([bytes.subarray(5)])
  await runtime.advance(10)
  socket.end()
  await runtime.settle(proxy.close())
  await runtime.settle(target.close())
  return { arrived: Buffer.concat(arrived), seen: frames.length, frames }
}
