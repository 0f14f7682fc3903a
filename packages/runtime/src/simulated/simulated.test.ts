// SPDX-License-Identifier: Apache-2.0
// The simulated world keeps its promises: order, repeatability, and what survives which crash.
import { describe, expect, it } from 'vitest'
import type { OpenFile } from '../files.ts'
import type { Socket } from '../network.ts'
import { randomFaults, SimRandom, simulatedRuntime, type SimulatedRuntime } from './index.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

function textOf(runtime: SimulatedRuntime, path: string): string | undefined {
  const content = runtime.files.readFile(path)
  return content === undefined ? undefined : Buffer.from(content).toString()
}

describe('virtual time', () => {
  it('runs timers in order of their time and lets promises settle in between', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const seen: string[] = []
    runtime.timers.after(20, () => seen.push(`late at ${runtime.clock.monotonicMs()}`))
    runtime.timers.after(10, () => {
      seen.push('early')
      void Promise.resolve().then(() => seen.push('promise'))
    })
    const cancel = runtime.timers.after(15, () => seen.push('never'))
    cancel()
    await runtime.advance(19)
    expect(seen).toEqual(['early', 'promise'])
    await runtime.run()
    expect(seen).toEqual(['early', 'promise', 'late at 20'])
  })

  it('runs the end of a turn after everything due at the same time, and nested ends one turn later', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const seen: string[] = []
    runtime.timers.after(5, () => {
      seen.push('a')
      runtime.turn.atEnd(() => {
        seen.push('end')
        runtime.turn.atEnd(() => seen.push('next end'))
      })
    })
    runtime.timers.after(5, () => seen.push('b'))
    await runtime.run()
    expect(seen).toEqual(['a', 'b', 'end', 'next end'])
  })

  it('repeats periodic work without counting it as work to wait for', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    let count = 0
    const stop = runtime.timers.every(10, () => count++)
    await runtime.run()
    expect(count).toBe(0)
    await runtime.advance(35)
    expect(count).toBe(3)
    stop()
    await runtime.advance(100)
    expect(count).toBe(3)
  })

  it('says so when a promise cannot settle', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    await expect(runtime.settle(new Promise(() => undefined), 1000)).rejects.toThrow('1000 ms')
  })

  it('gives the same random numbers for the same seed only', () => {
    const draw = (seed: number): number[] => {
      const { random } = simulatedRuntime({ seed })
      return Array.from({ length: 8 }, () => random.below(1000))
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })
})

/** A new file whose name is on the disk. */
function fileOf(runtime: SimulatedRuntime): OpenFile {
  runtime.files.makeDirectory('/data')
  runtime.files.flushDirectory('')
  const file = runtime.files.open('/data/a', 'create')
  runtime.files.flushDirectory('/data')
  return file
}

describe('files', () => {
  it('keep what reached the kernel when the process dies', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    runtime.files.makeDirectory('/data')
    runtime.files.open('/data/a', 'create').writeSync([bytes('written')], 0)
    const next = runtime.crash('process')
    expect(textOf(next, '/data/a')).toBe('written')
    expect(() => runtime.files.stat('/data/a')).toThrow('has been crashed')
  })

  it('keep only what was flushed, name included, when power fails', () => {
    const survivors = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      const runtime = simulatedRuntime({ seed })
      const { files } = runtime
      files.makeDirectory('/data')
      files.flushDirectory('')
      const file = files.open('/data/a', 'create')
      files.flushDirectory('/data')
      file.writeSync([Buffer.alloc(512, 'x')], 0)
      file.flushSync()
      file.writeSync([Buffer.alloc(1024, 'y')], 512)
      files.open('/data/b', 'create').flushSync()
      const next = runtime.crash('power')
      const text = textOf(next, '/data/a') ?? ''
      expect(text.slice(0, 512)).toBe('x'.repeat(512))
      const rest = [text.slice(512, 1024), text.slice(1024)]
      survivors.add(rest.map((part) => part.at(0) ?? '-').join(''))
      survivors.add(`b:${next.files.stat('/data/b') !== undefined}`)
    }
    // A flushed file without a flushed name may be lost; sectors survive in any combination.
    for (const outcome of ['--', 'yy', '\0y', 'y\0', 'b:true', 'b:false']) {
      expect(survivors).toContain(outcome)
    }
  })

  it('flush what was written before the flush began, not what came meanwhile', async () => {
    let isCovered = true
    for (let seed = 0; seed < 20; seed++) {
      const runtime = simulatedRuntime({ seed })
      runtime.files.makeDirectory('/data')
      runtime.files.flushDirectory('')
      const file = runtime.files.open('/data/a', 'create')
      runtime.files.flushDirectory('/data')
      file.truncate(1024)
      file.writeSync([Buffer.alloc(512, '1')], 0)
      let isFlushed = false
      file.flush(() => {
        isFlushed = true
      })
      file.writeSync([Buffer.alloc(512, '2')], 512)
      await runtime.run()
      expect(isFlushed).toBe(true)
      const text = textOf(runtime.crash('power'), '/data/a') ?? ''
      expect(text.slice(0, 512)).toBe('1'.repeat(512))
      if (text[512] !== '2') isCovered = false
    }
    expect(isCovered).toBe(false)
  })

  it('lose some of what a failed flush was to cover, although it counts as clean from then on', () => {
    const outcomes = new Set<string>()
    for (const evicts of [false, true]) {
      for (let seed = 0; seed < 40; seed++) {
        const runtime = simulatedRuntime({ seed })
        runtime.disk.evictsAfterFailedFlush = evicts
        const file = fileOf(runtime)
        file.truncate(3)
        file.flushSync()
        file.writeSync([bytes('abc')], 0)
        runtime.disk.fault = ({ kind }) => (kind === 'flush' ? { error: 'EIO' } : undefined)
        expect(() => file.flushSync()).toThrow('EIO')
        runtime.disk.fault = undefined
        file.flushSync()
        const seen = textOf(runtime, '/data/a') ?? ''
        const kept = textOf(runtime.crash('power'), '/data/a') ?? ''
        outcomes.add(`${evicts ? 'evicts' : 'keeps'}: ${seen === 'abc'} ${kept === 'abc'}`)
      }
    }
    expect([...outcomes].toSorted()).toEqual([
      'evicts: false false',
      'evicts: true false',
      'evicts: true true',
      'keeps: true false',
      'keeps: true true',
    ])
  })

  it('take bytes again that are written anew after a failed flush', () => {
    for (let seed = 0; seed < 20; seed++) {
      const runtime = simulatedRuntime({ seed })
      runtime.disk.evictsAfterFailedFlush = true
      const file = fileOf(runtime)
      file.writeSync([bytes('abc')], 0)
      runtime.disk.fault = ({ kind }) => (kind === 'flush' ? { error: 'EIO' } : undefined)
      expect(() => file.flushSync()).toThrow('EIO')
      runtime.disk.fault = undefined
      file.writeSync([bytes('abc')], 0)
      file.flushSync()
      expect(textOf(runtime.crash('power'), '/data/a')?.slice(0, 3)).toBe('abc')
    }
  })

  it('lose power with single sectors, with whole pages, with older versions and with any length they had', () => {
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 300; seed++) {
      const runtime = simulatedRuntime({ seed })
      const file = fileOf(runtime)
      file.truncate(16_384)
      file.flushSync()
      // Old and new versions of the same sectors, in four pages of eight.
      for (const text of ['1', '2']) {
        for (let page = 0; page < 4; page++) {
          file.writeSync([Buffer.alloc(4096, text)], page * 4096)
        }
      }
      file.truncate(20_000)
      file.truncate(17_000)
      const text = textOf(runtime.crash('power'), '/data/a') ?? ''
      outcomes.add(`length ${text.length}`)
      const pages = [0, 1, 2, 3].map((page) => text.slice(page * 4096, (page + 1) * 4096))
      const isTorn = pages.some((page) => new Set(page).size > 1)
      outcomes.add(isTorn ? 'torn' : `pages ${pages.map((page) => page[0] ?? '').join('')}`)
      if (text.includes('1')) outcomes.add('an older version')
      if (text.startsWith('\0') && text.includes('2')) outcomes.add('later without earlier')
    }
    for (const outcome of [
      ...['length 16384', 'length 20000', 'length 17000', 'torn', 'pages 2222', 'pages \0\0\0\0'],
      ...['an older version', 'later without earlier'],
    ]) {
      expect(outcomes).toContain(outcome)
    }
  })

  it('keep names that were not flushed independently of each other, a rename wholly or not at all', () => {
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const runtime = simulatedRuntime({ seed })
      const { files } = runtime
      files.makeDirectory('/data')
      files.flushDirectory('')
      files.open('/data/old', 'create')
      files.open('/data/from', 'create')
      files.flushDirectory('/data')
      files.remove('/data/old')
      files.open('/data/new', 'create')
      files.rename('/data/from', '/data/to')
      outcomes.add(runtime.crash('power').files.list('/data').join(' '))
    }
    expect([...outcomes].toSorted()).toEqual([
      'from',
      'from new',
      'from new old',
      'from old',
      'new old to',
      'new to',
      'old to',
      'to',
    ])
  })

  it('turn a bit over where they are told, for good', () => {
    const runtime = simulatedRuntime({ seed: 6 })
    const file = fileOf(runtime)
    file.writeSync([bytes('abc')], 0)
    file.flushSync()
    runtime.flipBit('/data/a', 8 + 1)
    runtime.flipBit('/data/a', 24)
    expect(textOf(runtime, '/data/a')).toBe('a`c')
    expect(textOf(runtime.crash('power'), '/data/a')).toBe('a`c')
  })

  it('write over what they have when the disk is full', () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const file = fileOf(runtime)
    file.writeSync([Buffer.alloc(4096, 1)], 0)
    runtime.disk.capacityBytes = 4096
    file.writeSync([Buffer.alloc(100, 2)], 50)
    expect(() => file.writeSync([Buffer.alloc(100, 3)], 4090)).toThrow('ENOSPC')
    expect(file.byteLength()).toBe(4096)
  })

  it('read and write in parts when told, and stall', async () => {
    const runtime = simulatedRuntime({ seed: 8 })
    const file = fileOf(runtime)
    const seen: string[] = []
    runtime.disk.fault = ({ kind }) => {
      return kind === 'write' ? { afterBytes: 2, delayMs: 50 } : undefined
    }
    file.write([bytes('abcdef')], 0, (error) => seen.push(`done ${error?.message}`))
    await runtime.advance(10)
    seen.push(textOf(runtime, '/data/a') ?? '')
    await runtime.advance(50)
    expect(seen).toEqual(['ab', 'done undefined'])
    expect(textOf(runtime, '/data/a')).toBe('abcdef')
    runtime.disk.fault = () => ({ afterBytes: 4 })
    expect(file.readSync(new Uint8Array(6), 0)).toBe(4)
  })

  it('fail in spells, the same ones for the same seed', () => {
    const rowOf = (seed: number): string => {
      const odds = { errorOnceIn: 20, fullOnceIn: 30, stallOnceIn: 10, shortOnceIn: 10 }
      const fault = randomFaults(new SimRandom(seed), odds)
      const row: string[] = []
      for (let i = 0; i < 400; i++) {
        const found = fault({ kind: 'write', path: '/a', position: 0, byteLength: 100 })
        row.push(found?.error ?? (found?.afterBytes ? 'short' : found?.delayMs ? 'stall' : '-'))
      }
      return row.join(' ')
    }
    expect(rowOf(1)).toBe(rowOf(1))
    expect(rowOf(1)).not.toBe(rowOf(2))
    for (const text of ['EIO EIO', 'ENOSPC ENOSPC', 'short', 'stall', '- -']) {
      expect(rowOf(1)).toContain(text)
    }
  })

  it('never bring bytes back that were cut and flushed', () => {
    for (let seed = 0; seed < 10; seed++) {
      const runtime = simulatedRuntime({ seed })
      runtime.files.makeDirectory('/data')
      runtime.files.flushDirectory('')
      const file = runtime.files.open('/data/a', 'create')
      runtime.files.flushDirectory('/data')
      file.writeSync([Buffer.alloc(2000, 'z')], 0)
      file.flushSync()
      file.truncate(700)
      file.truncate(2000)
      file.flushSync()
      const text = textOf(runtime.crash('power'), '/data/a') ?? ''
      expect(text).toBe('z'.repeat(700) + '\0'.repeat(1300))
    }
  })

  it('write a part only when the disk is full', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    runtime.files.makeDirectory('/data')
    const file = runtime.files.open('/data/a', 'create')
    runtime.disk.capacityBytes = 4096
    let error: Error | undefined
    file.write([Buffer.alloc(10_000, 1)], 0, (failed) => {
      error = failed
    })
    await runtime.run()
    expect(error?.message).toContain('ENOSPC')
    expect(file.byteLength()).toBe(4096)
  })

  it('have taken none, a part or all of a write under way when the process dies', () => {
    const lengths = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const runtime = simulatedRuntime({ seed })
      runtime.files.makeDirectory('/data')
      let isDone = false
      runtime.files.open('/data/a', 'create').write([Buffer.alloc(1000, 1)], 0, () => {
        isDone = true
      })
      const length = textOf(runtime.crash('process'), '/data/a')?.length ?? 0
      lengths.add(length === 0 ? 'none' : length === 1000 ? 'all' : 'part')
      expect(isDone).toBe(false)
    }
    expect([...lengths].toSorted()).toEqual(['all', 'none', 'part'])
  })

  it('are locked against another process, but not by a dead one', () => {
    const runtime = simulatedRuntime({ seed: 5 })
    expect(runtime.files.lock('/lock')).toBeDefined()
    expect(runtime.files.lock('/lock')).toBeUndefined()
    expect(runtime.crash('process').files.lock('/lock')).toBeDefined()
  })
})

describe('network', () => {
  async function connected(seed: number): Promise<{
    server: SimulatedRuntime
    client: SimulatedRuntime
    socket: Socket
    received: string[]
    events: string[]
  }> {
    const server = simulatedRuntime({ seed, host: '10.0.0.1' })
    const client = server.machine('10.0.0.2')
    const received: string[] = []
    const events: string[] = []
    await server.network.listen({ port: 9876 }, (socket) => ({
      data(chunk) {
        received.push(Buffer.from(chunk).toString())
        socket.write([chunk])
      },
      drained: () => undefined,
      ended: () => void events.push('server ended'),
      closed: (error) => void events.push(`server closed ${error?.message ?? 'in order'}`),
    }))
    const connecting = client.network.connect(
      { host: '10.0.0.1', port: 9876, timeoutMs: 1000 },
      () => ({
        data: (chunk) => void events.push(Buffer.from(chunk).toString()),
        drained: () => void events.push('drained'),
        closed: (error) => void events.push(`client closed ${error?.message ?? 'in order'}`),
      }),
    )
    const socket = await server.settle(connecting)
    return { server, client, socket, received, events }
  }

  it('delivers all bytes in order, in fragments of its own', async () => {
    const { server, socket, received, events } = await connected(6)
    server.link.mostBytesAtOnce = 5
    let isWritten = false
    socket.write([bytes('hello '), bytes('over '), bytes('there')], () => {
      isWritten = true
    })
    await server.run()
    expect(received.join('')).toBe('hello over there')
    expect(received.length).toBeGreaterThan(2)
    expect(events.join('')).toBe('hello over there')
    expect(isWritten).toBe(true)
  })

  it('asks the writer to stop and tells when to go on', async () => {
    const { server, socket, events } = await connected(7)
    expect(socket.write([new Uint8Array(100_000)])).toBe(false)
    await server.run()
    expect(events).toContain('drained')
    expect(socket.queuedBytes()).toBe(0)
  })

  it('ends in order after all bytes', async () => {
    const { server, socket, received, events } = await connected(8)
    socket.write([bytes('last')])
    socket.end()
    await server.run()
    expect(received.join('')).toBe('last')
    expect(events.filter((event) => event.includes('closed') || event.includes('ended'))).toEqual(
      expect.arrayContaining(['server ended', 'server closed in order', 'client closed in order']),
    )
  })

  it('tells the peer of a killed process, and nobody of a machine without power', async () => {
    const killed = await connected(9)
    killed.client.crash('process')
    await killed.server.run()
    expect(killed.events.some((event) => event.startsWith('server closed ECONNRESET'))).toBe(true)
    const dark = await connected(9)
    dark.client.crash('power')
    await dark.server.advance(60_000)
    expect(dark.events).toEqual([])
  })

  it('refuses where nobody listens and times out behind a cut', async () => {
    const { server, client } = await connected(10)
    const events = () => ({
      data: () => undefined,
      drained: () => undefined,
      closed: () => undefined,
    })
    const target = { host: '10.0.0.1', port: 1, timeoutMs: 500 }
    await expect(server.settle(client.network.connect(target, events))).rejects.toThrow(
      'ECONNREFUSED',
    )
    server.link.isCut = () => true
    const cut = client.network.connect({ ...target, port: 9876 }, events)
    await expect(server.settle(cut)).rejects.toThrow('ETIMEDOUT')
  })
})
