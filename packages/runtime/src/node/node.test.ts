// SPDX-License-Identifier: Apache-2.0
// The real seams keep the promises that the simulated ones make.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFileOrBackup, writeFileAtomically } from '../atomic-file.ts'
import type { Socket } from '../network.ts'
import { nodeRuntime } from './index.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'runtime-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value)

test.each(['loop', 'pool'] as const)(
  'a gathered write in mode %s lands at its position and reads back',
  async (writeMode) => {
    const { files } = nodeRuntime({ writeMode })
    const file = files.open(join(directory, 'log'), 'create')
    file.truncate(64)
    await new Promise<void>((resolve, reject) =>
      file.write([bytes('abc'), bytes('defg'), bytes('h')], 10, (error) =>
        error === undefined ? resolve() : reject(error),
      ),
    )
    const into = new Uint8Array(8)
    expect(file.readSync(into, 10)).toBe(8)
    expect(text(into)).toBe('abcdefgh')
    const asynchronous = new Uint8Array(100)
    const bytesRead = await new Promise<number>((resolve) =>
      file.read(asynchronous, 0, (_, count) => resolve(count)),
    )
    expect(bytesRead).toBe(64)
    expect(file.byteLength()).toBe(64)
    file.close()
  },
)

test('a file closed while a write runs in the pool is closed after the write', async () => {
  const { files } = nodeRuntime({ writeMode: 'pool' })
  const path = join(directory, 'log')
  const file = files.open(path, 'create')
  const written = new Promise<Error | undefined>((resolve) =>
    file.write([bytes('kept')], 0, resolve),
  )
  file.close()
  expect(await written).toBeUndefined()
  expect(text(files.readFile(path))).toBe('kept')
})

test('replacing a file keeps the previous content as backup, which is read when the file is torn', () => {
  const { files } = nodeRuntime()
  const path = join(directory, 'table.json')
  writeFileAtomically(files, path, bytes('{"a":1}'))
  writeFileAtomically(files, path, bytes('{"a":2}'))
  const parse = (value: Uint8Array): unknown => JSON.parse(text(value))
  expect(readFileOrBackup(files, path, parse)).toEqual({ a: 2 })
  files.writeFile(path, bytes('{"a":'))
  expect(readFileOrBackup(files, path, parse)).toEqual({ a: 1 })
  expect(readFileOrBackup(files, join(directory, 'missing'), parse)).toBeUndefined()
})

test('a lock is held once, and a dead owner does not count', () => {
  const { files } = nodeRuntime()
  const path = join(directory, 'lock')
  const held = files.lock(path)
  expect(held).toBeDefined()
  expect(files.lock(path)).toBeUndefined()
  held?.release()
  files.writeFile(`${path}.owner`, bytes('999999999 1'))
  const taken = files.lock(path)
  expect(taken).toBeDefined()
  taken?.release()
})

test('the end of a turn runs once per request, after what is ready, and may ask for the next one', async () => {
  const { turn } = nodeRuntime()
  const order: string[] = []
  await new Promise<void>((resolve) => {
    turn.atEnd(() => {
      order.push('first')
      turn.atEnd(() => {
        order.push('next turn')
        resolve()
      })
    })
    turn.atEnd(() => order.push('second'))
    queueMicrotask(() => order.push('microtask'))
  })
  expect(order).toEqual(['microtask', 'first', 'second', 'next turn'])
})

test('sockets carry gathered writes both ways and report their close', async () => {
  const { network } = nodeRuntime()
  const echoed: Uint8Array[] = []
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, (socket) => ({
    data: (chunk) => void socket.write([chunk]),
    drained: () => undefined,
    closed: () => undefined,
  }))
  let closed: () => void = () => undefined
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  let enough: () => void = () => undefined
  const hasEnough = new Promise<void>((resolve) => {
    enough = resolve
  })
  const socket: Socket = await network.connect(
    { host: '127.0.0.1', port: listener.address.port, timeoutMs: 1000 },
    () => ({
      data: (chunk) => {
        echoed.push(chunk)
        if (Buffer.concat(echoed).length === 6) enough()
      },
      drained: () => undefined,
      closed: () => closed(),
    }),
  )
  await new Promise<void>((resolve) => socket.write([bytes('one'), bytes('two')], () => resolve()))
  await hasEnough
  expect(Buffer.concat(echoed).toString()).toBe('onetwo')
  socket.destroy()
  await isClosed
  await listener.close()
})

test('connecting to a port where nobody listens is refused', async () => {
  const { network } = nodeRuntime()
  const listener = await network.listen({ host: '127.0.0.1', port: 0 }, () => {
    throw new Error('nobody connects')
  })
  const { port } = listener.address
  await listener.close()
  await expect(
    network.connect({ host: '127.0.0.1', port, timeoutMs: 1000 }, () => {
      throw new Error('never connected')
    }),
  ).rejects.toThrow('ECONNREFUSED')
})

test('a file is made with its directories, flushed with them and listed, without waiting for any of it', async () => {
  const { files } = nodeRuntime()
  const path = join(directory, 'a/b/file')
  const make = (byteLength: number): Promise<Error | undefined> =>
    new Promise((resolve) => {
      let hasReturned = false
      files.createLater(path, byteLength, (error, file) => {
        expect([hasReturned, file?.path]).toEqual([true, path])
        file?.writeSync([bytes('x')], 3)
        file?.close()
        resolve(error)
      })
      hasReturned = true
    })
  const flush = (name: string): Promise<Error | undefined> =>
    new Promise((resolve) => files.flushDirectoryLater(join(directory, name), resolve))
  const list = (name: string): Promise<readonly string[]> =>
    new Promise((resolve) => files.listLater(join(directory, name), (_, names) => resolve(names)))
  expect(await make(10)).toBeUndefined()
  expect(files.stat(path)?.byteLength).toBe(10)
  // What a file holds stays when it gets another length.
  expect(await make(20)).toBeUndefined()
  expect(text(files.readFile(path))).toBe(`\0\0\0x${'\0'.repeat(16)}`)
  expect([await flush('a/b'), await flush('missing')]).toEqual([undefined, undefined])
  expect([await list('a'), await list('missing')]).toEqual([['b'], []])
})

test('what cannot be made or listed says why, and nobody gets a file', async () => {
  const { files } = nodeRuntime()
  files.writeFile(join(directory, 'plain'), bytes('1'))
  const made = await new Promise((resolve) => {
    files.createLater(join(directory, 'plain/file'), 10, (error, file) => resolve([error, file]))
  })
  expect(made).toEqual([
    expect.objectContaining({ code: expect.stringMatching(/ENOTDIR|EEXIST/) }),
    undefined,
  ])
  const listed = await new Promise((resolve) => files.listLater(join(directory, 'plain'), resolve))
  expect(listed).toMatchObject({ code: 'ENOTDIR' })
})
