// SPDX-License-Identifier: Apache-2.0
// What surrounds requests: hooks on both sides, figures of latency, handlers that take nothing, bodies nobody can read.
import assert from 'node:assert/strict'
import type { Logger } from '@rocketmq-ts/runtime'
import { afterEach, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo, hotEcho, ping, type EchoResponse } from '../../test/transport.ts'
import { RocketMQError } from '../errors.ts'
import { RemotingClient, type ClientOptions } from './client.ts'
import { handle, handleHot, refuse, reply, type HotCall } from './handler.ts'
import type { RequestOutcome, SentRequest, ServedRequest } from './rpc-hook.ts'
import { RemotingServer, type ServerOptions } from './server.ts'

let runtime: MemoryRuntime
let server: RemotingServer
let client: RemotingClient
let address: string
let parked: HotCall<EchoResponse>[]
let logged: [level: string, sentence: string, facts: object][]
let isBusy: boolean

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (facts, sentence) => void logged.push(['warn', sentence, facts]),
  error: (facts, sentence) => void logged.push(['error', sentence, facts]),
  child: () => logger,
}

async function start(
  serverOptions: Partial<ServerOptions> = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<void> {
  runtime = new MemoryRuntime()
  parked = []
  logged = []
  isBusy = false
  server = new RemotingServer({
    runtime,
    logger,
    handlers: [
      handle(echo, ({ request: { text }, ext }) => {
        if (text === 'unreadable') throw new RocketMQError('RMQ_PROTOCOL', 'the body is no JSON')
        return reply({ text: `${text}${ext('added') ?? ''}`, position: 0, last: undefined })
      }),
      handleHot(hotEcho, (call) => void parked.push(call)),
      handle(ping, () => reply({}), { rejects: () => isBusy }),
    ],
    ...serverOptions,
  })
  const { port } = await server.listen({ port: 0 })
  address = `127.0.0.1:${port}`
  client = new RemotingClient({ runtime, logger, ...clientOptions })
}

afterEach(async () => {
  const closing = Promise.all([client.close(), server.close()])
  await runtime.advance(7000)
  await closing
  assert.equal(runtime.timerCount, 0)
})

async function ask(text: string): Promise<{ code: number; remark: string | undefined }> {
  const answer = client.request(address, echo, { text, count: undefined })
  answer.catch(() => undefined)
  await runtime.settle()
  return answer
}

test('hooks of a client see the request, add fields that are sent, and hear of the answer', async () => {
  const heard: [string, SentRequest, RequestOutcome?][] = []
  const signedOver: ReadonlyMap<string, string>[] = []
  await start(
    {},
    {
      hooks: [
        {
          beforeRequest: (request) => {
            heard.push(['before', request])
            return { added: '+1' }
          },
          afterResponse: (request, outcome) => void heard.push(['after', request, outcome]),
        },
        {
          beforeRequest: ({ fields }) =>
            void heard.push([fields.get('added')!, heard[0]![1]]) as undefined,
        },
      ],
      sign: (fields) => {
        signedOver.push(new Map(fields))
        return { Signature: 's' }
      },
    },
  )
  const answer = client.request(address, echo, { text: 'a', count: 3 })
  await runtime.settle()
  expect((await answer).header().text).toBe('a+1')
  expect(heard.map(([what]) => what)).toEqual(['before', '+1', 'after'])
  const [, request] = heard[0]!
  expect(request).toMatchObject({ code: 901, name: 'ECHO', address, oneway: false })
  expect(heard[2]![1]).toBe(request)
  expect(heard[2]![2]).toEqual({ responseCode: 0, remark: undefined, error: undefined })
  // The signature covers what hooks added.
  expect(Object.fromEntries(signedOver[0]!)).toEqual({ text: 'a', count: '3', added: '+1' })
})

test('a hook hears when there is no answer, and may stop the request', async () => {
  const outcomes: RequestOutcome[] = []
  let mayPass = true
  await start(
    {},
    {
      hooks: [
        {
          beforeRequest: () => {
            if (!mayPass) throw new Error('not now')
            return undefined
          },
          afterResponse: (_, outcome) => {
            outcomes.push(outcome)
            throw new Error('hook')
          },
        },
      ],
    },
  )
  const late = client.request(address, hotEcho, { text: 'a', count: undefined }, { timeoutMs: 200 })
  late.catch(() => undefined)
  await runtime.advance(400)
  await expect(late).rejects.toMatchObject({ code: 'RMQ_TIMEOUT' })
  expect(outcomes).toMatchObject([{ responseCode: undefined, error: { code: 'RMQ_TIMEOUT' } }])
  expect(logged.map(([level, sentence]) => [level, sentence])).toEqual([
    ['error', 'a hook failed after an answer'],
  ])
  mayPass = false
  await expect(ask('b')).rejects.toThrow('not now')
  expect(outcomes).toHaveLength(1)
})

test('hooks of a server see request and answer, and may refuse', async () => {
  const heard: unknown[] = []
  const requests: ServedRequest[] = []
  await start({
    hooks: [
      {
        beforeRequest: (request, call) => {
          requests.push(request)
          heard.push(['before', request.code, call.ext('text')])
          return call.ext('text') === 'no' ? refuse(16, 'not you') : undefined
        },
        afterResponse: (request, code, remark) => {
          requests.push(request)
          heard.push(['after', request.code, code, remark])
        },
      },
      { afterResponse: () => assert.fail('this hook is broken') },
    ],
  })
  expect(await ask('yes')).toMatchObject({ code: 0 })
  expect(await ask('no')).toMatchObject({ code: 16, remark: 'not you' })
  expect(heard).toEqual([
    ['before', 901, 'yes'],
    ['after', 901, 0, undefined],
    ['before', 901, 'no'],
    ['after', 901, 16, 'not you'],
  ])
  expect(requests[0]).toBe(requests[1])
  expect(logged).toHaveLength(2)
})

test('a handler that takes nothing for now is not asked, and Java’s words say so', async () => {
  await start()
  isBusy = true
  const answer = client.request(address, ping, {})
  await runtime.settle()
  expect(await answer).toMatchObject({
    code: 2,
    remark: '[REJECTREQUEST]system busy, start flow control for a while',
  })
})

test('a body that cannot be read is the peer’s fault: one line, no stack', async () => {
  await start()
  expect(await ask('unreadable')).toMatchObject({
    code: 1,
    remark: 'RocketMQError: the body is no JSON',
  })
  expect(logged).toEqual([
    [
      'warn',
      'the body of a request cannot be read',
      { code: 901, remoteAddress: expect.any(String) as string, reason: 'the body is no JSON' },
    ],
  ])
})

test('latency is counted by request, answer and long polling, in Java’s buckets', async () => {
  await start()
  await ask('a')
  await ask('b')
  await ask('unreadable')
  for (const [waitMs, isLong] of [
    [4, false],
    [2500, true],
    [90_000, true],
  ] as const) {
    const answer = client.request(
      address,
      hotEcho,
      { text: 'c', count: undefined },
      { timeoutMs: 100_000 },
    )
    await runtime.settle()
    parked.at(-1)!.suspended = isLong
    await runtime.advance(waitMs)
    parked.at(-1)!.reply({ text: 'c', position: 0, last: undefined })
    await runtime.settle()
    await answer
  }
  const unknown = client.request(address, { ...ping, code: 4711 }, {})
  await runtime.settle()
  expect((await unknown).code).toBe(3)
  const row = { isLongPolling: false, result: 'success' }
  expect(server.rpcLatency()).toEqual([
    {
      ...row,
      requestCode: 901,
      responseCode: 0,
      count: 2,
      sumMs: 0,
      buckets: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    },
    {
      ...row,
      requestCode: 901,
      responseCode: 1,
      count: 1,
      sumMs: 0,
      buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    },
    {
      ...row,
      requestCode: 902,
      responseCode: 0,
      count: 1,
      sumMs: 4,
      buckets: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    },
    {
      ...row,
      isLongPolling: true,
      requestCode: 902,
      responseCode: 0,
      count: 2,
      sumMs: 92_500,
      buckets: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    },
  ])
})

test('answers nobody gets any more, and to oneway requests, are counted apart', async () => {
  await start()
  void client.oneway(address, echo, { text: 'a', count: undefined })
  await runtime.settle()
  const lost = client.request(address, hotEcho, { text: 'b', count: undefined })
  lost.catch(() => undefined)
  await runtime.settle()
  runtime.pairs[0]![0].destroy()
  await runtime.settle()
  parked[0]!.reply({ text: 'b', position: 0, last: undefined })
  expect(server.rpcLatency().map(({ requestCode, result }) => [requestCode, result])).toEqual([
    [901, 'oneway'],
    [902, 'write_channel_failed'],
  ])
})

test('more requests than there are permits wait for their turn, in order', async () => {
  await start({}, { maxRequests: 2 })
  const texts = ['a', 'b', 'c', 'd']
  const answers = texts.map((text) =>
    client.request(address, hotEcho, { text, count: undefined }, { timeoutMs: 1000 }),
  )
  for (const answer of answers) answer.catch(() => undefined)
  await runtime.settle()
  expect(parked).toHaveLength(2)
  parked[0]!.reply({ text: '', position: 0, last: undefined })
  await runtime.settle()
  expect(parked).toHaveLength(3)
  await runtime.advance(1100)
  const outcomes = await Promise.allSettled(answers)
  expect(
    outcomes.map(
      (outcome) => outcome.status === 'fulfilled' || (outcome.reason as RocketMQError).code,
    ),
  ).toEqual([true, 'RMQ_TIMEOUT', 'RMQ_TIMEOUT', 'RMQ_TOO_MANY_REQUESTS'])
  // Every permit came back.
  expect(await ask('e')).toMatchObject({ code: 0 })
})

test('a request that waits for its turn can be aborted, and fails with its connection', async () => {
  await start({}, { maxRequests: 1 })
  const stop = new AbortController()
  const options = { timeoutMs: 60_000 }
  const send = (text: string, signal?: AbortSignal): Promise<unknown> => {
    const answer = client
      .request(
        address,
        hotEcho,
        { text, count: undefined },
        { ...options, ...(signal ? { signal } : {}) },
      )
      .catch((error: unknown) => (error as RocketMQError).code)
    return answer
  }
  const first = send('a')
  await runtime.settle()
  const aborted = send('b', stop.signal)
  const waiting = send('c')
  await runtime.settle()
  stop.abort()
  expect(await aborted).toBe('RMQ_ABORTED')
  runtime.pairs[0]![0].destroy()
  await runtime.settle()
  expect([await first, await waiting]).toEqual(['RMQ_CONNECTION_CLOSED', 'RMQ_CONNECTION_CLOSED'])
  expect(await ask('d')).toMatchObject({ code: 0 })
})

test('oneway requests wait for the kernel to take those before them', async () => {
  await start({}, { maxOneways: 2 })
  await ask('connect')
  const [socket] = runtime.pairs[0]!
  socket.stalled = true
  const fields = { text: 'x', count: undefined }
  for (let i = 0; i < 5; i++) await client.oneway(address, hotEcho, fields)
  await runtime.settle()
  expect(socket.writes).toHaveLength(2)
  socket.unstall()
  await runtime.settle()
  expect(parked).toHaveLength(5)
  socket.stalled = true
  for (let i = 0; i < 3; i++) await client.oneway(address, hotEcho, fields)
  await runtime.advance(3100)
  expect(logged.at(-1)?.[1]).toBe('a oneway request was dropped, too many wait to be written')
  socket.unstall()
  await runtime.settle()
  expect(parked).toHaveLength(7)
})
