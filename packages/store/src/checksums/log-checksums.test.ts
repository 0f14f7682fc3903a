// SPDX-License-Identifier: Apache-2.0
// Bits that flip at rest, anywhere in the log or in a queue, are never served as a message.
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { readLeniently } from '../../test/crash/bit-rot.ts'
import { StoreLife } from '../../test/crash/store-life.ts'
import { SUM_BLOCK_BYTES } from './log-checksums.ts'

const CONFIG = {
  commitLogSegmentBytes: 65_536,
  tailBytes: 32_768,
  tailChunkBytes: 1024,
  coldReadBlockBytes: 8192,
  coldReadBytes: 65_536,
  consumeQueueCacheBytes: 0,
}

/** A store of some 100 KiB that was closed in order. */
async function storeAtRest(seed: number): Promise<StoreLife> {
  const life = new StoreLife(simulatedRuntime({ seed }), { config: CONFIG })
  while ((life.model.log.at(-1)?.offset ?? 0) < 100_000) await life.work(5)
  await life.close()
  return life
}

function flip(life: StoreLife, offset: number, bit: number): void {
  const start = offset - (offset % CONFIG.commitLogSegmentBytes)
  const path = `/store/commitlog/${String(start).padStart(20, '0')}`
  life.runtime.flipBit(path, (offset - start) * 8 + bit)
}

describe('a bit that flips in the commit log', () => {
  it('is told, and neither served to readers nor looked up, whichever it is', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const life = await storeAtRest(seed)
      const { random, model } = life
      const cold = model.log.filter((sent) => sent.offset < 60_000)
      const sent = cold[random.below(cold.length)]!
      const offset = sent.offset + random.below(sent.bytes.length)
      flip(life, offset, random.below(8))
      const store = await life.open()
      const served = await readLeniently(life)
      expect(served.has(sent.offset)).toBe(false)
      const record = await life.runtime.settle(
        new Promise<Uint8Array | undefined>((resolve) => store.readAt(sent.offset, resolve)),
      )
      expect(record).toBeUndefined()
      // Only what touches the damaged stretch is withheld.
      const from = offset - (offset % SUM_BLOCK_BYTES)
      const queued = [...model.queues.values()].flatMap(({ records }) => records)
      const others = queued.filter((other) => {
        const end = other.offset + other.bytes.length
        return other.offset >= from + SUM_BLOCK_BYTES || end <= from
      })
      for (const other of others) expect(served.has(other.offset)).toBe(true)
      await life.close()
    }
  })

  it('is found where the log was written before a crash, too', async () => {
    const life = new StoreLife(simulatedRuntime({ seed: 5 }), { config: CONFIG })
    await life.work(40)
    await life.runtime.advance(500)
    life.crash('process')
    await life.work(40)
    await life.close()
    const sent = life.model.log[2]!
    flip(life, sent.offset + 45, 3)
    await life.open()
    expect((await readLeniently(life)).has(sent.offset)).toBe(false)
  })

  it('is not seen in checksums that belong to another log', async () => {
    const life = await storeAtRest(3)
    const { files } = life.runtime
    const names = files.list('/store/checksums')
    expect(names.length).toBeGreaterThan(0)
    for (const name of names.slice(0, 1)) {
      const path = `/store/checksums/${name}`
      const bytes = files.readFile(path)!
      files.writeFile(
        path,
        bytes.map((byte) => (byte === 0 ? 0 : byte ^ 0x55)),
      )
    }
    await life.check()
    expect(files.list('/store/checksums').length).toBeLessThan(names.length)
  })
})

describe('checksums', () => {
  it('are kept for all but the last stretch, and go with their segments', async () => {
    const life = await storeAtRest(7)
    const { files } = life.runtime
    const bytes = files.readFile('/store/checksums/00000000000000000000')!
    const view = new DataView(bytes.buffer)
    const isSum = (i: number): boolean => view.getInt32(i * 8) === ~view.getInt32(i * 8 + 4)
    expect(Array.from({ length: 16 }, (_, i) => isSum(i))).not.toContain(false)
    expect(bytes.length).toBe(128)
  })

  it('survive a crash of any kind without calling sound bytes damaged', async () => {
    for (let seed = 20; seed < 32; seed++) {
      const life = new StoreLife(simulatedRuntime({ seed }), { config: CONFIG })
      for (const kind of ['process', 'power', 'power'] as const) {
        const at = 20 + life.random.below(200)
        const isDead = await life.untilCrash(
          kind,
          (_o, n) => n === at,
          () => life.work(40),
        )
        if (!isDead) life.crash(kind)
        await life.check()
      }
    }
  })
})

describe('a bit that flips in a queue entry', () => {
  it('never leads to a message of another queue', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const life = await storeAtRest(seed)
      const { random, runtime } = life
      const path = '/store/consumequeue/TopicB/1/00000000000000000000'
      const sent = life.model.queueOf('TopicB', 1).records
      // Offset and size; a flipped tags code only lets a filter pass a message over.
      runtime.flipBit(path, random.below(Math.min(16, sent.length)) * 160 + random.below(96))
      await life.open()
      await readLeniently(life)
      await life.close()
    }
  })
})
