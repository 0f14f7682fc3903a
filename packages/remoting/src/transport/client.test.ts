// SPDX-License-Identifier: Apache-2.0
// What callers of a client see: answers, time-outs, lost connections, aborts, and requests from the server.
import assert from 'node:assert/strict'
import { afterEach, describe, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo, hotEcho, ping, popLike, type EchoResponse } from '../../test/transport.ts'
import { RocketMQError } from '../errors.ts'
import { FrameDecoder } from '../protocol/frame.ts'
import { encodeFrame, readFrame, type ReadFrame } from '../testing/frames.ts'
import { RemotingClient, type ClientOptions } from './client.ts'
import { expectSuccess, type Connection, type Response } from './connection.ts'
import { handle, handleHot, refuse, reply, type HotCall } from './handler.ts'
import { RemotingServer } from './server.ts'

let runtime: MemoryRuntime
let server: RemotingServer
let client: RemotingClient
let address: string
let parked: HotCall<EchoResponse>[]
let serverConnections: Connection[]

async function start(options: Partial<ClientOptions> = {}): Promise<void> {
  runtime = new MemoryRuntime()
  parked = []
  serverConnections = []
  server = new RemotingServer({
    runtime,
    handlers: [
      handle(echo, ({ request: { text, count }, body, ext }) =>
        reply(
          {
            text: `${text}/${count ?? '-'}/${ext('more') ?? '-'}`,
            position: body.length,
            last: undefined,
          },
          { body: [body], remark: 'as asked' },
        ),
      ),
      handle(popLike, ({ request: { text } }) => reply({ text, position: 0, last: undefined })),
      handle(ping, () => refuse(16, 'not you')),
      // Answers when the test says so.
      handleHot(hotEcho, (call) => void parked.push(call)),
    ],
    onConnect: (connection) => void serverConnections.push(connection),
  })
  const { port } = await server.listen({ port: 0 })
  address = `127.0.0.1:${port}`
  client = new RemotingClient({ runtime, ...options })
}

afterEach(async () => {
  const closing = Promise.all([client.close(), server.close()])
  await runtime.advance(5000)
  await closing
  assert.equal(runtime.timerCount, 0)
})

/** Lets time stand still until the promise is settled. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  const quiet = promise.catch(() => undefined)
  await runtime.settle()
  await quiet
  return promise
}

function failure(code: string): unknown {
  return expect.objectContaining({ code })
}

const hello = { text: 'hello', count: undefined }

/** Frames the client wrote on its n-th connection. */
function written(index = 0): ReadFrame[] {
  const frames: ReadFrame[] = []
  const decoder = new FrameDecoder({
    frame(bytes, from, end) {
      frames.push(readFrame(Buffer.from(bytes.subarray(from - 4, end))))
      return true
    },
  })
  for (const bytes of runtime.pairs[index]![0].writes) decoder.push(bytes)
  return frames
}

describe.each(['json', 'rocketmq'] as const)('in %s', (serializeType) => {
  test('a request comes back with header, body, remark and ext fields', async () => {
    await start({ serializeType })
    const body = Buffer.from('body')
    const response = await settled(
      client.request(address, echo, { text: '中', count: 5 }, { body, ext: { more: 'm' } }),
    )
    expect(response).toMatchObject({ code: 0, remark: 'as asked' })
    expect(response.header()).toEqual({ text: '中/5/m', position: 4, last: undefined })
    expect(Buffer.from(response.body).toString()).toBe('body')
    expect(response.ext('position')).toBe('4')
    expect(response.ext('nothing')).toBeUndefined()
    expect(expectSuccess(response, address)).toBe(response)
    expect(written()[0]).toMatchObject({ serializeType, language: 13, version: 513, flag: 0 })
  })

  test('a refusal is an answer, and an error for who expects success', async () => {
    await start({ serializeType })
    const response = await settled(client.request(address, ping, {}))
    expect(response).toMatchObject({ code: 16, remark: 'not you' })
    const thrown = catchError(() => expectSuccess(response, address))
    expect(thrown).toMatchObject({
      code: 'RMQ_REFUSED',
      responseCode: 16,
      remark: 'not you',
      address,
      retryable: true,
      message: `${address} answered NO_PERMISSION (16): not you`,
    })
    expect(RocketMQError.is(thrown)).toBe(true)
  })
})

function catchError(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

test('a code that does not fit the binary header travels as JSON', async () => {
  await start({ serializeType: 'rocketmq' })
  const response = await settled(client.request(address, popLike, hello))
  expect(response.header().text).toBe('hello')
  expect(written()[0]).toMatchObject({ serializeType: 'json', code: 200_050 })
})

test('an answer without its required fields is the peer’s fault', async () => {
  await start()
  const answer = client.request(address, hotEcho, hello)
  await runtime.settle()
  parked[0]!.refuse(0, 'no header')
  const response = await settled(answer)
  expect(catchError(() => response.header())).toMatchObject({
    code: 'RMQ_PROTOCOL',
    cause: expect.objectContaining({
      message: expect.stringContaining('<text> is null'),
    }) as unknown,
  })
})

test('all requests of one turn share a connection and leave in one write', async () => {
  await start()
  const first = Array.from({ length: 50 }, (_, count) =>
    client.request(address, echo, { text: 'x', count }),
  )
  await runtime.settle()
  expect(runtime.connects).toBe(1)
  const writes = runtime.pairs[0]![0].writes
  expect(writes).toHaveLength(1)
  const second = Array.from({ length: 50 }, () => client.request(address, echo, hello))
  const answers = await settled(Promise.all([...first, ...second]))
  expect(writes).toHaveLength(2)
  expect(answers.slice(0, 50).map((response) => response.header().text)).toEqual(
    Array.from({ length: 50 }, (_, count) => `x/${count}/-`),
  )
  expect(new Set(written().map((frame) => frame.opaque)).size).toBe(100)
})

test('answers find their requests in any order', async () => {
  await start()
  const answers = [1, 2, 3].map((count) => client.request(address, hotEcho, { text: '', count }))
  await runtime.settle()
  for (const position of [2, 0, 1]) {
    parked[position]!.reply({ text: String(position), position, last: undefined })
  }
  const responses = await settled(Promise.all(answers))
  expect(responses.map((response) => response.header().position)).toEqual([0, 1, 2])
})

describe('time', () => {
  test('a request fails when its time is over, and its late answer is dropped', async () => {
    await start()
    const slow = client.request(address, hotEcho, hello, { timeoutMs: 900 })
    slow.catch(() => undefined)
    await runtime.advance(800)
    const quick = client.request(address, echo, hello)
    await runtime.advance(300)
    await expect(slow).rejects.toEqual(failure('RMQ_TIMEOUT'))
    await expect(slow).rejects.toThrow(`${address} did not answer HOT_ECHO within 900 ms`)
    expect((await quick).code).toBe(0)
    parked[0]!.reply({ text: 'late', position: 0, last: undefined })
    const next = await settled(client.request(address, echo, hello))
    expect(next.header().text).toBe('hello/-/-')
    expect(runtime.connects).toBe(1)
  })

  test('each request has its own time, three seconds unless told', async () => {
    await start()
    const ended: string[] = []
    for (const [name, timeoutMs] of [
      ['c', undefined],
      ['b', 2000],
      ['d', 10_000],
      ['a', 150],
    ] as const) {
      client
        .request(address, hotEcho, hello, timeoutMs === undefined ? {} : { timeoutMs })
        .catch((error: RocketMQError) => ended.push(`${name} ${error.code}`))
    }
    // Someone else's answers keep the connection from looking dead.
    for (const [atMs, count] of [
      [300, 1],
      [2200, 2],
      [3200, 3],
      [9900, 3],
      [10_200, 4],
    ] as const) {
      while (runtime.clock.nowMs() < 1_000_000 + atMs) {
        void client.request(address, echo, hello)
        await runtime.advance(100)
      }
      expect(ended).toHaveLength(count)
    }
    expect(ended.map((line) => line[0])).toEqual(['a', 'b', 'c', 'd'])
    expect(new Set(ended.map((line) => line.slice(2)))).toEqual(new Set(['RMQ_TIMEOUT']))
  })

  test('a connection on which nothing at all came is given up with the time-out', async () => {
    await start()
    await settled(client.request(address, echo, hello))
    runtime.pairs[0]![1].stalled = true
    const lost = client.request(address, echo, hello, { timeoutMs: 3000 })
    const waiting = client.request(address, echo, hello, { timeoutMs: 30_000 })
    lost.catch(() => undefined)
    waiting.catch(() => undefined)
    await runtime.advance(3200)
    await expect(lost).rejects.toEqual(failure('RMQ_TIMEOUT'))
    await expect(waiting).rejects.toEqual(failure('RMQ_CONNECTION_CLOSED'))
    expect(client.connected(address)).toBe(false)
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
    expect(runtime.connects).toBe(2)
  })

  test('a short time-out does not end a connection', async () => {
    await start()
    const short = client.request(address, hotEcho, hello, { timeoutMs: 200 })
    short.catch(() => undefined)
    await runtime.advance(400)
    await expect(short).rejects.toEqual(failure('RMQ_TIMEOUT'))
    expect(client.connected(address)).toBe(true)
  })

  test('an idle connection is closed, and made anew when needed', async () => {
    await start()
    await settled(client.request(address, echo, hello))
    await runtime.advance(121_000)
    expect(client.connected(address)).toBe(false)
    expect(server.connectionCount).toBe(0)
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
    expect(runtime.connects).toBe(2)
  })
})

describe('connecting', () => {
  test('is tried once for many callers and fails for all of them', async () => {
    await start()
    runtime.connectFailure = new Error('no way')
    const results = await settled(
      Promise.allSettled([
        client.request(address, echo, hello),
        client.connection(address),
        client.oneway(address, ping, {}),
      ]),
    )
    expect(runtime.connects).toBe(1)
    for (const result of results) {
      expect(result).toMatchObject({
        reason: {
          code: 'RMQ_CONNECT_FAILED',
          address,
          retryable: true,
          cause: runtime.connectFailure,
        },
      })
    }
    runtime.connectFailure = undefined
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
  })

  test('counts into the time of the request', async () => {
    await start()
    runtime.connectFailure = 'hang'
    const request = client.request(address, echo, hello, { timeoutMs: 500 })
    request.catch(() => undefined)
    await runtime.advance(600)
    await expect(request).rejects.toEqual(failure('RMQ_TIMEOUT'))
    await expect(request).rejects.toThrow(`no connection to ${address} for ECHO within 500 ms`)
    await runtime.advance(3000)
  })

  test('one caller’s abort ends only its own waiting', async () => {
    await start()
    const abort = new AbortController()
    const aborted = client.connection(address, abort.signal)
    const other = client.connection(address)
    aborted.catch(() => undefined)
    abort.abort(new Error('enough'))
    await expect(aborted).rejects.toMatchObject({ code: 'RMQ_ABORTED', cause: abort.signal.reason })
    expect((await settled(other)).closed).toBe(false)
    await expect(client.connection('127.0.0.1:1', abort.signal)).rejects.toEqual(
      failure('RMQ_ABORTED'),
    )
    expect(runtime.connects).toBe(1)
  })

  test.each(['', 'host', 'host:', ':9876', 'host:0', 'host:65536', 'host:x'])(
    'to %j is refused as an argument',
    async (bad) => {
      await start()
      await expect(client.request(bad, echo, hello)).rejects.toEqual(
        failure('RMQ_INVALID_ARGUMENT'),
      )
    },
  )

  test('tells the listeners, the first before any request leaves', async () => {
    const told: string[] = []
    await start({
      onConnect: (to, connection) => {
        told.push(`connect ${to} ${connection.remoteAddress}`)
        connection.oneway(ping, {})
      },
      onClose: (to) => told.push(`close ${to}`),
    })
    await settled(client.request(address, echo, hello))
    expect(written().map((frame) => frame.code)).toEqual([ping.code, echo.code])
    runtime.disconnect(runtime.pairs[0]![1], undefined)
    expect(told).toEqual([`connect ${address} ${address}`, `close ${address}`])
  })
})

describe('a request ends', () => {
  test('when its connection is lost, and the next one connects anew', async () => {
    await start()
    const lost = client.request(address, hotEcho, hello)
    lost.catch(() => undefined)
    await runtime.settle()
    runtime.disconnect(runtime.pairs[0]![0], new Error('reset by peer'))
    await expect(lost).rejects.toMatchObject({
      code: 'RMQ_CONNECTION_CLOSED',
      address,
      cause: { message: 'reset by peer' },
    })
    expect(client.connected(address)).toBe(false)
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
    expect(runtime.connects).toBe(2)
  })

  test('when its signal fires, before or while it waits', async () => {
    await start()
    const abort = new AbortController()
    const waiting = client.request(address, hotEcho, hello, { signal: abort.signal })
    waiting.catch(() => undefined)
    await runtime.settle()
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toMatchObject({ code: 'RMQ_ABORTED', cause: abort.signal.reason })
    await expect(client.request(address, echo, hello, { signal: abort.signal })).rejects.toEqual(
      failure('RMQ_ABORTED'),
    )
    parked[0]!.reply({ text: 'late', position: 0, last: undefined })
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
  })

  test('at once when too many wait already', async () => {
    await start({ maxInFlightPerConnection: 2 })
    await settled(client.connection(address))
    const answers = [1, 2].map(() => client.request(address, hotEcho, hello))
    await expect(client.request(address, hotEcho, hello)).rejects.toEqual(
      failure('RMQ_TOO_MANY_REQUESTS'),
    )
    await runtime.settle()
    for (const call of parked) call.reply({ text: '', position: 0, last: undefined })
    await settled(Promise.all(answers))
    expect((await settled(client.request(address, echo, hello))).code).toBe(0)
  })

  test('at once when the server takes nothing and too much is unsent', async () => {
    await start()
    await settled(client.connection(address))
    const clientEnd = runtime.pairs[0]![0]
    clientEnd.stalled = true
    const body = Buffer.alloc(15 * 1024 * 1024)
    const results: string[] = []
    for (let i = 0; i < 20; i++) {
      client
        .request(address, hotEcho, hello, { body, timeoutMs: 100_000 })
        .catch((error: RocketMQError) => results.push(error.code))
      await runtime.settle()
    }
    expect(new Set(results)).toEqual(new Set(['RMQ_TOO_MANY_REQUESTS']))
    expect(clientEnd.queuedBytes()).toBeLessThanOrEqual(150 * 1024 * 1024)
    expect(clientEnd.paused).toBe(false)
  })

  test('when its header cannot be written, without harm to the others of the turn', async () => {
    await start()
    await settled(client.connection(address))
    const good = client.request(address, echo, hello)
    const bad = client.request(address, echo, { text: 'x'.repeat(40_000), count: 1.5 })
    const alsoGood = client.request(address, echo, hello)
    await expect(bad).rejects.toEqual(failure('RMQ_INVALID_ARGUMENT'))
    expect((await settled(Promise.all([good, alsoGood]))).map(({ code }) => code)).toEqual([0, 0])
  })

  test('when its body is larger than any frame, without harm to the others of the turn', async () => {
    await start()
    await settled(client.connection(address))
    const good = client.request(address, echo, hello)
    const body = Buffer.alloc(16 * 1024 * 1024)
    await expect(client.request(address, echo, hello, { body })).rejects.toEqual(
      failure('RMQ_INVALID_ARGUMENT'),
    )
    expect((await settled(good)).code).toBe(0)
  })

  test('with the client, which then takes no more', async () => {
    await start()
    const waiting = client.request(address, hotEcho, hello)
    waiting.catch(() => undefined)
    await runtime.settle()
    await settled(client.close())
    await expect(waiting).rejects.toEqual(failure('RMQ_CONNECTION_CLOSED'))
    await expect(client.request(address, echo, hello)).rejects.toEqual(failure('RMQ_CLOSED'))
    expect(server.connectionCount).toBe(0)
  })

  test('with a client closed while it connects', async () => {
    await start()
    const waiting = client.request(address, echo, hello)
    waiting.catch(() => undefined)
    await settled(client.close())
    await expect(waiting).rejects.toEqual(failure('RMQ_CLOSED'))
    await runtime.settle()
    expect(server.connectionCount).toBe(0)
  })
})

test('a oneway request waits for nothing, and is lost on a closed connection', async () => {
  await start()
  await settled(client.oneway(address, hotEcho, hello, { body: Buffer.from('b') }))
  await runtime.settle()
  expect(parked).toHaveLength(1)
  expect(parked[0]!.oneway).toBe(true)
  const connection = await settled(client.connection(address))
  runtime.disconnect(runtime.pairs[0]![0], undefined)
  connection.oneway(hotEcho, hello)
  await expect(connection.request(hotEcho, hello)).rejects.toEqual(failure('RMQ_CONNECTION_CLOSED'))
  await runtime.settle()
  expect(parked).toHaveLength(1)
})

test('a signer sees every ext field and the body, and adds its own', async () => {
  const signed: [Record<string, string>, string][] = []
  await start({
    sign: (fields, body) => {
      signed.push([Object.fromEntries(fields), Buffer.from(body).toString()])
      return { Signature: 's' }
    },
  })
  await settled(
    client.request(
      address,
      echo,
      { text: 'x', count: 3 },
      { body: Buffer.from('b'), ext: { e: 'f' } },
    ),
  )
  await settled(client.request(address, ping, {}))
  expect(signed).toEqual([
    [{ text: 'x', count: '3', e: 'f' }, 'b'],
    [{}, ''],
  ])
  expect(Object.fromEntries(written()[0]!.ext)).toEqual({
    text: 'x',
    count: '3',
    e: 'f',
    Signature: 's',
  })
  expect(Object.fromEntries(written()[1]!.ext)).toEqual({ Signature: 's' })
})

describe('requests from the server', () => {
  test('reach the client’s handlers, with the same opaque under way in both directions', async () => {
    await start({
      handlers: [
        handle(echo, ({ request: { text } }) =>
          reply({ text: `client ${text}`, position: 1, last: true }),
        ),
      ],
    })
    const outgoing = client.request(address, hotEcho, hello)
    await runtime.settle()
    const incoming = serverConnections[0]!.request(echo, hello)
    const answer = await settled(incoming)
    expect(answer.header()).toEqual({ text: 'client hello', position: 1, last: true })
    parked[0]!.reply({ text: 'server', position: 2, last: undefined })
    expect((await settled(outgoing)).header().text).toBe('server')
  })

  test('that nobody handles are answered as a server answers them', async () => {
    await start()
    await settled(client.connection(address))
    const answer: Response<unknown> = await settled(serverConnections[0]!.request(ping, {}))
    expect(answer).toMatchObject({ code: 3, remark: ' request type 903 not supported' })
  })

  test('may be oneway', async () => {
    const heard: string[] = []
    await start({
      handlers: [
        handle(echo, ({ request: { text }, oneway }) => {
          heard.push(`${text} ${oneway}`)
          return reply({ text, position: 0, last: undefined })
        }),
      ],
    })
    await settled(client.connection(address))
    serverConnections[0]!.oneway(echo, hello)
    await runtime.settle()
    expect(heard).toEqual(['hello true'])
    expect(written()).toEqual([])
  })
})

test('a server that sends what is no frame loses its connection', async () => {
  await start()
  const waiting = client.request(address, hotEcho, hello)
  waiting.catch(() => undefined)
  await runtime.settle()
  runtime.pairs[0]![1].write([Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')])
  await runtime.settle()
  await expect(waiting).rejects.toEqual(failure('RMQ_CONNECTION_CLOSED'))
  expect(client.connected(address)).toBe(false)
})

test('a response that comes twice is dropped the second time', async () => {
  await start()
  const answer = client.request(address, hotEcho, hello)
  await runtime.settle()
  const { opaque } = written()[0]!
  const frame = encodeFrame('json', { code: 19, opaque, flag: 1 }, { table: {} })
  runtime.pairs[0]![1].write([frame, frame])
  expect((await settled(answer)).code).toBe(19)
  expect(client.connected(address)).toBe(true)
})
