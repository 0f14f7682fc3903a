// SPDX-License-Identifier: Apache-2.0
// What a peer sees of a server: answers, refusals, order of writes, and what closes a connection.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, describe, expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { echo, hotEcho, ping, RawPeer, type EchoResponse } from '../../test/transport.ts'
import { BODY_BY_REFERENCE_BYTES } from '../protocol/frame-writer.ts'
import { slotsOf } from '../protocol/compiled-table.ts'
import { encodeFrame } from '../testing/frames.ts'
import type { Connection } from './connection.ts'
import { handle, handleHot, refuse, reply, type Handler, type HotCall } from './handler.ts'
import { RemotingServer, type ServerOptions } from './server.ts'

const slots = slotsOf(hotEcho.request)
let runtime: MemoryRuntime
let server: RemotingServer | undefined

async function serve(
  handlers: readonly Handler[],
  options: Partial<ServerOptions> = {},
): Promise<RawPeer> {
  runtime = new MemoryRuntime()
  server = new RemotingServer({ runtime, handlers, ...options })
  const { port } = await server.listen({ port: 0 })
  return RawPeer.connect(runtime, port)
}

afterEach(async () => {
  const closing = server?.close()
  await runtime.advance(5000)
  await closing
  assert.equal(runtime.timerCount, 0)
})

function request(
  type: typeof echo,
  opaque: number,
  text: string,
  options: {
    readonly encoding?: 'json' | 'rocketmq'
    readonly flag?: number
    readonly body?: Uint8Array
    readonly ext?: Record<string, string>
  } = {},
): Buffer {
  const { encoding = 'json', flag = 0, body, ext } = options
  return encodeFrame(
    encoding,
    { code: type.code, opaque, flag, language: 9 },
    {
      table: type.request,
      record: { text, count: undefined },
      ...(body === undefined ? {} : { body }),
      ...(ext === undefined ? {} : { ext }),
    },
  )
}

const onEcho = handle(echo, ({ request: { text } }) => reply({ text, position: 7, last: true }))

describe.each(['json', 'rocketmq'] as const)('in %s', (encoding) => {
  test('a request is answered in its own encoding, for the rest as Java answers', async () => {
    const peer = await serve([onEcho])
    peer.send(request(echo, 77, '中"', { encoding }))
    await runtime.settle()
    expect(peer.frames).toHaveLength(1)
    const answer = peer.frames[0]!
    expect(answer).toMatchObject({
      serializeType: encoding,
      code: 0,
      opaque: 77,
      flag: 1,
      language: 0,
      version: 513,
      remark: undefined,
    })
    expect(answer.record(echo.response)).toEqual({ text: '中"', position: 7, last: true })
  })

  test('an unknown code is answered 3 with Java’s text', async () => {
    const peer = await serve([onEcho])
    peer.send(encodeFrame(encoding, { code: 9999, opaque: 8 }, { table: {} }))
    await runtime.settle()
    expect(peer.frames).toMatchObject([
      { code: 3, opaque: 8, flag: 1, remark: ' request type 9999 not supported' },
    ])
  })

  test('a missing required field is SYSTEM_ERROR', async () => {
    const peer = await serve([onEcho])
    peer.send(encodeFrame(encoding, { code: echo.code, opaque: 8 }, { table: {} }))
    await runtime.settle()
    expect(peer.frames).toMatchObject([{ code: 1, opaque: 8 }])
    expect(peer.frames[0]!.remark).toContain('the custom field <text> is null')
  })
})

test('a call tells of the peer and of ext fields beyond the table, also later', async () => {
  const seen: unknown[] = []
  const peer = await serve([
    handle(echo, async (call) => {
      await Promise.resolve()
      seen.push(
        call.code,
        call.language,
        call.version,
        call.oneway,
        call.ext('more'),
        call.ext('x'),
      )
      seen.push(Buffer.from(call.body).toString(), call.connection.remoteAddress)
      return reply({ text: '', position: 0, last: undefined })
    }),
  ])
  peer.send(request(echo, 1, 'a', { body: Buffer.from('body'), ext: { more: 'm' } }))
  await runtime.settle()
  const { host, port } = peer.socket.local
  expect(seen).toEqual([901, 9, 513, false, 'm', undefined, 'body', `${host}:${port}`])
})

describe('a refusal', () => {
  test.each([
    ['at once', handle(echo, () => refuse(17, 'no topic'))],
    ['later', handle(echo, async () => refuse(17, 'no topic'))],
  ])('%s is answered with its code and remark', async (_, handler) => {
    const peer = await serve([handler])
    peer.send(request(echo, 5, 'a'))
    await runtime.settle()
    expect(peer.frames).toMatchObject([{ code: 17, remark: 'no topic', opaque: 5 }])
  })
})

describe('a handler that fails', () => {
  test.each([
    [
      'by throwing',
      handle(echo, () => {
        throw new RangeError('boom')
      }),
      'RangeError: boom',
    ],
    [
      'by rejecting',
      handle(echo, () => Promise.reject(new RangeError('boom'))),
      'RangeError: boom',
    ],
    ['with no error', handle(echo, () => Promise.reject('boom')), 'boom'],
    [
      'in a hot handler',
      handleHot(echo, () => {
        throw new RangeError('boom')
      }),
      'RangeError: boom',
    ],
    [
      'with a header that cannot be written',
      handle(echo, () => reply({ text: '', position: 0.5, last: true })),
      'RocketMQError: cannot write 0.5',
    ],
    [
      'with a body larger than any frame',
      handle(echo, () =>
        reply({ text: '', position: 0, last: true }, { body: [Buffer.alloc(16 * 1024 * 1024)] }),
      ),
      'the limit is 16777216',
    ],
    [
      'with a hot header that cannot be written',
      handleHot(echo, (call) => call.reply({ text: '', position: NaN, last: true })),
      'RocketMQError: cannot write NaN',
    ],
  ])('%s is answered SYSTEM_ERROR and harms nobody', async (_, handler, text) => {
    const peer = await serve([handler, handle(ping, () => reply({}))])
    peer.send(request(echo, 5, 'a'))
    await runtime.settle()
    expect(peer.frames).toMatchObject([{ code: 1, opaque: 5 }])
    expect(peer.frames[0]!.remark).toContain(text)
    peer.send(encodeFrame('json', { code: ping.code, opaque: 6 }, { table: {} }))
    await runtime.settle()
    expect(peer.frames[1]).toMatchObject({ code: 0, opaque: 6 })
    expect(peer.isClosed).toBe(false)
  })
})

test.each(['json', 'rocketmq'] as const)(
  'requests to clients go out in %s when the server is told so, answers still in that of the request',
  async (serializeType) => {
    const connections: Connection[] = []
    const onConnect = (connection: Connection): void => void connections.push(connection)
    const peer = await serve([onEcho], { serializeType, onConnect })
    peer.send(request(echo, 1, 'a', { encoding: 'rocketmq' }))
    peer.send(request(echo, 2, 'a', { encoding: 'json' }))
    await runtime.settle()
    connections[0]!.oneway(ping, {})
    await runtime.settle()
    expect(peer.frames).toMatchObject([
      { serializeType: 'rocketmq', opaque: 1, flag: 1 },
      { serializeType: 'json', opaque: 2, flag: 1 },
      { serializeType, code: ping.code, flag: 2 },
    ])
  },
)

test('a oneway request gets no answer, whatever happens', async () => {
  const peer = await serve([
    onEcho,
    handleHot(hotEcho, (call) => call.refuse(1, 'no')),
    handle(ping, () => Promise.reject(new Error('boom'))),
  ])
  for (const code of [echo.code, hotEcho.code, ping.code, 9999]) {
    peer.send(
      encodeFrame(
        'json',
        { code, flag: 2 },
        { table: echo.request, record: { text: '', count: 1 } },
      ),
    )
  }
  peer.send(encodeFrame('json', { code: echo.code, flag: 2 }, { table: {} }))
  await runtime.settle()
  expect(peer.frames).toEqual([])
})

test('answers to nobody and answers marked oneway are dropped', async () => {
  const peer = await serve([onEcho])
  peer.send(encodeFrame('json', { code: 0, opaque: 8, flag: 1 }, { table: {} }))
  peer.send(encodeFrame('json', { code: echo.code, opaque: 8, flag: 3 }, { table: {} }))
  peer.send(request(echo, 9, 'a'))
  await runtime.settle()
  expect(peer.frames.map((frame) => frame.opaque)).toEqual([9])
})

describe('a gate', () => {
  test('refuses before the header is decoded, and sees all ext fields', async () => {
    const seen: unknown[] = []
    const peer = await serve(
      [onEcho, handleHot(hotEcho, (call) => call.refuse(99, 'not reached'))],
      {
        gate: (call) => {
          seen.push(call.code, call.ext('AccessKey'), Object.fromEntries(call.extFields()))
          seen.push(call.body.length, call.connection.closed)
          return call.ext('AccessKey') === 'me' ? undefined : refuse(16, 'who are you')
        },
      },
    )
    peer.send(encodeFrame('json', { code: hotEcho.code, opaque: 1 }, { table: {} }))
    peer.send(encodeFrame('json', { code: echo.code, opaque: 2 }, { table: {}, ext: { a: 'b' } }))
    peer.send(request(echo, 3, 'x', { ext: { AccessKey: 'me' }, body: Buffer.alloc(3) }))
    await runtime.settle()
    expect(peer.frames.map((frame) => [frame.opaque, frame.code])).toEqual([
      [1, 16],
      [2, 16],
      [3, 0],
    ])
    expect(seen).toEqual([
      ...[902, undefined, {}, 0, false],
      ...[901, undefined, { a: 'b' }, 0, false],
      ...[901, 'me', { text: 'x', AccessKey: 'me' }, 3, false],
    ])
  })

  test('does not tell whom it refuses what is served', async () => {
    const peer = await serve([onEcho], {
      gate: (call) => {
        if (call.ext('AccessKey') === 'broken') throw new Error('broken gate')
        return call.ext('AccessKey') === 'me' ? undefined : refuse(16, 'who are you')
      },
    })
    for (const [opaque, AccessKey] of ['you', 'me', 'broken'].entries()) {
      peer.send(encodeFrame('json', { code: 9999, opaque }, { table: {}, ext: { AccessKey } }))
    }
    await runtime.settle()
    expect(peer.frames).toMatchObject([
      { opaque: 0, code: 16, remark: 'who are you' },
      { opaque: 1, code: 3, remark: ' request type 9999 not supported' },
      { opaque: 2, code: 1, remark: 'Error: broken gate' },
    ])
  })

  test('that throws is answered SYSTEM_ERROR', async () => {
    const peer = await serve([onEcho], {
      gate: () => {
        throw new Error('broken gate')
      },
    })
    peer.send(request(echo, 1, 'a'))
    await runtime.settle()
    expect(peer.frames).toMatchObject([{ code: 1, remark: 'Error: broken gate' }])
  })
})

describe('a hot handler', () => {
  test('reads fields in place and answers at once', async () => {
    const peer = await serve([
      handleHot(hotEcho, (call) => {
        const { fields } = call
        call.reply({
          text: `${fields.string(slots.text)}/${call.body.length}/${call.ext('z')}`,
          position: fields.has(slots.count) ? fields.int32(slots.count) : -1,
          last: undefined,
        })
      }),
    ])
    peer.send(request(hotEcho, 1, 'a', { body: Buffer.alloc(5), ext: { z: 'zz' } }))
    await runtime.settle()
    expect(peer.frames[0]!.record(echo.response)).toEqual({
      text: 'a/5/zz',
      position: -1,
      last: undefined,
    })
  })

  test('answers later, in any order, and keeps no received bytes until then', async () => {
    const parked: HotCall<EchoResponse>[] = []
    const peer = await serve([handleHot(hotEcho, (call) => void parked.push(call))])
    peer.send(request(hotEcho, 1, 'a', { body: Buffer.alloc(5) }), request(hotEcho, 2, 'b'))
    await runtime.settle()
    expect(peer.frames).toEqual([])
    expect(parked[0]!.body).toHaveLength(0)
    expect(parked[0]!.fields.has(0)).toBe(false)
    expect(() => parked[0]!.ext('text')).toThrow('only until the handler returns')
    parked[1]!.reply({ text: 'second', position: 2, last: undefined })
    parked[0]!.refuse(19, 'nothing new')
    await runtime.settle()
    expect(peer.frames.map((frame) => [frame.opaque, frame.code])).toEqual([
      [2, 0],
      [1, 19],
    ])
  })

  test('cannot answer twice', async () => {
    const parked: HotCall<EchoResponse>[] = []
    const peer = await serve([handleHot(hotEcho, (call) => void parked.push(call))])
    peer.send(request(hotEcho, 1, 'a'))
    await runtime.settle()
    parked[0]!.refuse(1, 'first')
    expect(() => parked[0]!.refuse(1, 'second')).toThrow('answered twice')
    await runtime.settle()
    expect(peer.frames.map((frame) => frame.remark)).toEqual(['first'])
  })

  test('that reads a malformed number is answered Java’s text', async () => {
    const peer = await serve([
      handleHot(hotEcho, (call) =>
        call.reply({ text: '', position: call.fields.int32(slots.count), last: undefined }),
      ),
    ])
    peer.send(encodeFrame('json', { code: hotEcho.code }, { table: {}, ext: { count: 'x1' } }))
    await runtime.settle()
    expect(peer.frames).toMatchObject([
      { code: 1, remark: 'java.lang.NumberFormatException: For input string: "x1"' },
    ])
  })

  test('answers with remark, code and a body in parts', async () => {
    const large = Buffer.alloc(BODY_BY_REFERENCE_BYTES + 1, 7)
    let wasWritten = 0
    const peer = await serve([
      handleHot(hotEcho, (call) =>
        call.reply(
          { text: 'x', position: 1, last: undefined },
          [Buffer.from('ab'), large, Buffer.from('c')],
          { code: 20, remark: 'partly', written: () => void wasWritten++ },
        ),
      ),
    ])
    peer.send(request(hotEcho, 1, 'a'))
    await runtime.settle()
    expect(peer.frames).toMatchObject([{ code: 20, remark: 'partly' }])
    expect(Buffer.from(peer.frames[0]!.body)).toEqual(
      Buffer.concat([Buffer.from('ab'), large, Buffer.from('c')]),
    )
    expect(wasWritten).toBe(1)
  })

  test('hears that its body is no longer needed when the connection was lost before the answer', async () => {
    const parked: HotCall<EchoResponse>[] = []
    let wasWritten = 0
    const written = (): void => void wasWritten++
    const header = { text: '', position: 0, last: undefined }
    const peer = await serve([handleHot(hotEcho, (call) => void parked.push(call))])
    peer.send(request(hotEcho, 1, 'a'), request(hotEcho, 2, 'a'))
    await runtime.settle()
    // One answer in the turn in which the connection is lost, one after.
    parked[0]!.reply(header, [Buffer.alloc(9000)], { written })
    runtime.disconnect(runtime.pairs[0]![1], new Error('reset'))
    expect(wasWritten).toBe(1)
    parked[1]!.reply(header, [Buffer.alloc(9000)], { written })
    expect(wasWritten).toBe(2)
  })
})

describe('writing', () => {
  test('all answers of a turn leave in one write, answers of the next in another', async () => {
    const peer = await serve([onEcho])
    const frames = Array.from({ length: 500 }, (_, opaque) =>
      request(echo, opaque, 'x'.repeat(100)),
    )
    peer.send(Buffer.concat(frames))
    await runtime.settle()
    const serverEnd = runtime.pairs[0]![1]
    expect(peer.frames.map((frame) => frame.opaque)).toEqual(frames.map((_, opaque) => opaque))
    expect(serverEnd.writes).toHaveLength(1)
    peer.send(Buffer.concat(frames))
    await runtime.settle()
    expect(serverEnd.writes).toHaveLength(2)
    expect(peer.frames).toHaveLength(1000)
  })

  test('a remark and fields larger than a segment arrive whole', async () => {
    const remark = '"长'.repeat(30_000)
    const peer = await serve([
      handle(echo, ({ request: { text } }) => reply({ text, position: 1, last: true }, { remark })),
    ])
    const text = 'y'.repeat(100_000)
    peer.send(request(echo, 1, 'small'), request(echo, 2, text), request(echo, 3, text))
    await runtime.settle()
    expect(peer.frames.map((frame) => [frame.opaque, frame.ext.get('text')?.length])).toEqual([
      [1, 5],
      [2, 100_000],
      [3, 100_000],
    ])
    for (const frame of peer.frames) expect(frame.remark).toBe(remark)
  })

  test('a peer that does not read is not read from until it does', async () => {
    const body = Buffer.alloc(1024 * 1024)
    const peer = await serve([handle(ping, () => reply({}, { body: [body] }))])
    const serverEnd = runtime.pairs[0]![1]
    serverEnd.stalled = true
    const one = encodeFrame('json', { code: ping.code }, { table: {} })
    for (let i = 0; i < 3; i++) {
      peer.send(one)
      await runtime.settle()
      expect(serverEnd.paused).toBe(false)
    }
    peer.send(one)
    await runtime.settle()
    expect(serverEnd.paused).toBe(true)
    for (let i = 0; i < 100; i++) peer.send(one)
    await runtime.settle()
    expect(serverEnd.queuedBytes()).toBeLessThan(6 * 1024 * 1024)
    serverEnd.unstall()
    await runtime.settle()
    expect(serverEnd.paused).toBe(false)
    expect(peer.frames).toHaveLength(104)
  })

  test('a peer that never reads what it is sent unasked is given up', async () => {
    const connections: Connection[] = []
    await serve([], { onConnect: (connection) => void connections.push(connection) })
    const serverEnd = runtime.pairs[0]![1]
    serverEnd.stalled = true
    for (let i = 0; i < 20; i++) {
      connections[0]!.oneway(ping, {}, { body: Buffer.alloc(16 * 1024 * 1024 - 1000) })
      await runtime.settle()
    }
    // Half of the limit is as far as requests go.
    expect(serverEnd.queuedBytes()).toBeLessThanOrEqual(150 * 1024 * 1024)
    expect(connections[0]!.closed).toBe(false)
  })
})

test('more than the allowed requests in flight are refused as Java refuses them', async () => {
  const parked: HotCall<EchoResponse>[] = []
  const peer = await serve([handleHot(hotEcho, (call) => void parked.push(call))], {
    maxInFlightPerConnection: 2,
  })
  for (const opaque of [1, 2, 3]) peer.send(request(hotEcho, opaque, 'a'))
  await runtime.settle()
  expect(peer.frames).toMatchObject([
    { opaque: 3, code: 2, remark: '[OVERLOAD]system busy, start flow control for a while' },
  ])
  parked[0]!.refuse(1, '')
  peer.send(request(hotEcho, 4, 'a'))
  await runtime.settle()
  expect(parked).toHaveLength(3)
})

describe('a connection ends without an answer', () => {
  test.each([
    ['after a length of 0', '00000000'],
    ['after a length of 3', '00000003000000'],
    ['after an empty header', '0000000400000000'],
    ['after a negative length', 'ffffffff'],
    ['after a length of 2 GiB', '7fffffff'],
    ['after a length one above the limit', '00fffffd'],
    ['after a header longer than its frame', '00000008000000ff00000000'],
    ['after a header that is not JSON', '000000090000000568656c6c6f'],
    ['after an unknown header encoding', '00000006020000027b7d'],
    ['after a cut binary header', '0000000801000004000f0002'],
    ['after an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
  ])('%s, and others are served', async (_, hex) => {
    const peer = await serve([onEcho])
    const bystander = await RawPeer.connect(runtime, peer.socket.remote.port)
    // An answer that was due before the bad bytes may be lost with the connection, but nothing after them is handled.
    peer.send(Buffer.from(hex, 'hex'), request(echo, 2, 'a'))
    bystander.send(request(echo, 3, 'a'))
    await runtime.settle()
    expect(peer.isClosed).toBe(true)
    expect(peer.frames).toEqual([])
    expect(bystander.frames).toMatchObject([{ opaque: 3, code: 0 }])
    expect(server!.connectionCount).toBe(1)
  })
})

test('half a frame, then silence, is closed after two minutes', async () => {
  const peer = await serve([onEcho])
  peer.send(request(echo, 1, 'a').subarray(0, 20))
  await runtime.advance(119_000)
  expect(peer.isClosed).toBe(false)
  await runtime.advance(1500)
  expect(peer.isClosed).toBe(true)
  expect(server!.connectionCount).toBe(0)
})

test('reading or writing within two minutes keeps a connection', async () => {
  const parked: HotCall<EchoResponse>[] = []
  const peer = await serve([onEcho, handleHot(hotEcho, (call) => void parked.push(call))])
  peer.send(request(hotEcho, 1, 'a'))
  await runtime.advance(100_000)
  peer.send(request(echo, 2, 'a'))
  await runtime.advance(100_000)
  parked[0]!.refuse(1, '')
  await runtime.advance(100_000)
  expect(peer.isClosed).toBe(false)
  expect(peer.frames).toHaveLength(2)
  await runtime.advance(21_000)
  expect(peer.isClosed).toBe(true)
})

test('each close is told once, to the connection’s listeners and the server’s', async () => {
  const told: string[] = []
  let connection: Connection | undefined
  const peer = await serve([onEcho], {
    onConnect: (opened) => {
      connection = opened
      opened.onClose(() => void told.push('kept'))
      opened.onClose(() => {
        throw new Error('a listener that fails')
      })
      opened.onClose(() => void told.push('taken back'))()
    },
    onClose: (closed) => void told.push(closed === connection ? 'server' : 'other'),
  })
  expect(connection!.remoteAddress).toBe(`127.0.0.1:${peer.socket.local.port}`)
  peer.socket.destroy()
  await runtime.settle()
  expect(told).toEqual(['kept', 'server'])
  connection!.onClose(() => void told.push('late'))
  expect(told).toEqual(['kept', 'server', 'late'])
  expect(connection!.closed).toBe(true)
})

test('ports have handlers of their own', async () => {
  const peer = await serve([onEcho])
  const { port } = await server!.listen({
    port: 0,
    handlers: [handle(echo, () => refuse(100, 'the other port'))],
  })
  const other = await RawPeer.connect(runtime, port)
  peer.send(request(echo, 1, 'a'))
  other.send(request(echo, 1, 'a'))
  await runtime.settle()
  expect([peer.frames[0]!.code, other.frames[0]!.code]).toEqual([0, 100])
})

test('two handlers of one code are a mistake', () => {
  expect(
    () => new RemotingServer({ runtime: new MemoryRuntime(), handlers: [onEcho, onEcho] }),
  ).toThrow('two handlers for ECHO (901)')
})

test('close writes what waits to be written, and drops who does not take it', async () => {
  const peer = await serve([onEcho])
  const slow = await RawPeer.connect(runtime, peer.socket.remote.port)
  runtime.pairs[1]![1].stalled = true
  peer.send(request(echo, 1, 'a'))
  slow.send(request(echo, 1, 'a'))
  await runtime.settle()
  let isDone = false
  const closing = server!.close().then(() => {
    isDone = true
  })
  await runtime.settle()
  expect(peer.isClosed).toBe(true)
  expect([isDone, slow.isClosed]).toEqual([false, false])
  await runtime.advance(3000)
  await closing
  expect(slow.isClosed).toBe(true)
  const refused = runtime.network.connect({ ...peer.socket.remote, timeoutMs: 1 }, () => {
    throw new Error('not reached')
  })
  refused.catch(() => undefined)
  await runtime.settle()
  await expect(refused).rejects.toThrow('refused')
})

test('diagnostics tell of connections, answers and failures', async () => {
  const told: [string, unknown][] = []
  const listener = (message: unknown, name: string | symbol): void => {
    told.push([String(name).replace('rocketmq-ts:remoting:', ''), message])
  }
  const names = ['connection-opened', 'connection-closed', 'request-answered', 'handler-failed']
  for (const name of names) subscribe(`rocketmq-ts:remoting:${name}`, listener)
  const peer = await serve([onEcho, handle(ping, () => Promise.reject(new Error('boom')))])
  peer.send(request(echo, 1, 'a'), encodeFrame('json', { code: ping.code }, { table: {} }))
  await runtime.settle()
  peer.socket.destroy()
  await runtime.settle()
  for (const name of names) unsubscribe(`rocketmq-ts:remoting:${name}`, listener)
  expect(told).toMatchObject([
    ['connection-opened', { side: 'server' }],
    ['request-answered', { requestCode: 901, responseCode: 0, oneway: false }],
    ['handler-failed', { requestCode: 903, error: { message: 'boom' } }],
    ['request-answered', { requestCode: 903, responseCode: 1, oneway: false }],
    ['connection-closed', { side: 'server', error: undefined }],
  ])
})
