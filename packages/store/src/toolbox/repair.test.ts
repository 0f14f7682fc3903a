// SPDX-License-Identifier: Apache-2.0
// A repair leaves a sound store with every undamaged message in its place, however often it is interrupted.
import process from 'node:process'
import type { MessageExt } from '@rocketmq-ts/remoting/message'
import type { CrashKind, SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import {
  inLog,
  javaMessages,
  javaStore,
  type JavaMessage,
  recordBytes,
  snapshot,
  verified,
} from '../../test/support/damage.ts'
import { decoded, get, message, openStore, put, ROOT } from '../../test/support/store.ts'
import type { MessageStore } from '../message-store.ts'
import { repairStore } from './repair.ts'

/** More on demand: SEEDS=500 vitest run src/toolbox */
const SEEDS = Number(process.env['SEEDS'] ?? 10)
/** A busy machine takes its time. */
const LONGEST_MS = 30_000 + SEEDS * 3000
const messages = javaMessages('clean')
const CONFIG = {
  commitLogSegmentBytes: 65_536,
  consumeQueueSegmentBytes: 800,
  maxMessageBytes: 32_768,
  tailChunkBytes: 65_536,
  tailBytes: 524_288,
  coldReadBlockBytes: 4096,
  coldReadBytes: 65_536,
  indexSlots: 32,
  indexEntries: 128,
}

function repaired(runtime: SimulatedRuntime): ReturnType<typeof repairStore> {
  return runtime.settle(repairStore({ runtime, root: ROOT }))
}

/** Messages of which the damage left every byte as it was. */
function untouched(runtime: SimulatedRuntime): readonly JavaMessage[] {
  const sound = javaStore('clean')
  return messages.filter((m) => recordBytes(runtime, m) === recordBytes(sound, m))
}

async function readOverHoles(
  runtime: SimulatedRuntime,
  store: MessageStore,
  topic: string,
  queueId: number,
): Promise<MessageExt[]> {
  const all: MessageExt[] = []
  let queueOffset = store.minOffset(topic, queueId)
  while (queueOffset < store.maxOffset(topic, queueId)) {
    const result = await get(runtime, store, { topic, queueId, queueOffset })
    if (result.status === 'FOUND') all.push(...decoded(result))
    queueOffset = Math.max(result.nextBeginOffset, queueOffset + 1)
    result.release()
  }
  return all
}

async function expectAllThere(
  runtime: SimulatedRuntime,
  kept: readonly JavaMessage[],
): Promise<void> {
  const sound = javaStore('clean')
  for (const m of kept) expect(recordBytes(runtime, m)).toBe(recordBytes(sound, m))
  const store = await openStore(runtime, CONFIG)
  const readable = kept.filter(({ sysFlag }) => (sysFlag & 0xc) === 0 || (sysFlag & 0xc) === 8)
  const queues = new Set(readable.map(({ topic, queueId }) => `${topic}/${queueId}`))
  for (const name of queues) {
    const [topic = '', id = ''] = name.split('/')
    const read = await readOverHoles(runtime, store, topic, Number(id))
    const expected = readable.filter((m) => m.topic === topic && m.queueId === Number(id))
    const found = new Map(read.map((m) => [m.queueOffset, m.commitLogOffset]))
    for (const m of expected)
      expect([m.queueOffset, found.get(m.queueOffset)]).toEqual([m.queueOffset, m.offset])
    // Nothing that is not the queue's own.
    expect(read.every((m) => m.topic === topic && m.queueId === Number(id))).toBe(true)
  }
  expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
  await runtime.settle(store.close())
}

/** Turns bits, zeroes stretches, and removes files of queues and index. */
function damage(runtime: SimulatedRuntime): void {
  const { random, files } = runtime
  const times = 1 + random.below(4)
  for (let i = 0; i < times; i++) {
    const place = random.below(6)
    const { path, position } = inLog(random.below(243_000))
    if (place <= 1) runtime.flipBit(path, position * 8 + random.below(8))
    if (place === 2) {
      const file = files.open(path, 'write')
      file.writeSync(
        [new Uint8Array(Math.min(1 + random.below(3000), 65_536 - position))],
        position,
      )
      file.close()
    }
    const queue = `${ROOT}/consumequeue/TopicTest/${random.below(4)}`
    if (place === 3 && files.stat(`${queue}/00000000000000000000`) !== undefined) {
      runtime.flipBit(`${queue}/00000000000000000000`, random.below(6400))
    }
    if (place === 4) files.remove(random.below(2) === 0 ? queue : `${queue}/00000000000000000800`)
    const names = files.list(`${ROOT}/index`)
    const index = names[random.below(names.length)]
    if (place === 5 && index !== undefined)
      runtime.flipBit(`${ROOT}/index/${index}`, random.below(2700 * 8))
  }
}

/** True for damage in a record's head or properties that nothing shows: no checksum of Java's covers it. */
async function isHidden(runtime: SimulatedRuntime): Promise<boolean> {
  const { checked } = await verified(runtime)
  return checked.records > untouched(runtime).length
}

describe('a repair', () => {
  it('does not touch a sound store', async () => {
    const runtime = javaStore('clean')
    const before = snapshot(runtime)
    const { before: found, after } = await repaired(runtime)
    expect([found.errors, after]).toEqual([0, undefined])
    expect(snapshot(runtime)).toEqual(before)
  })

  it('recovers a store that Java left behind when it was killed', async () => {
    const runtime = javaStore('killed')
    const { after } = await repaired(runtime)
    expect(after?.findings).toEqual([])
  })

  it('takes a damaged record out and keeps what lies behind it', async () => {
    const runtime = javaStore('clean')
    const lost = messages.find(
      (m) => m.topic === 'TopicTest' && m.queueId === 1 && m.queueOffset === 3,
    )!
    const { path, position } = inLog(lost.offset)
    runtime.flipBit(path, (position + 90) * 8)
    const { before, after } = await repaired(runtime)
    expect(before.plan.gaps).toMatchObject([{ from: lost.offset, to: lost.offset + lost.size }])
    expect(after?.findings).toEqual([])
    await expectAllThere(
      runtime,
      messages.filter((m) => m !== lost),
    )
  })

  it('replaces a missing file of the log by a blank one', async () => {
    const runtime = javaStore('clean')
    runtime.files.remove(`${ROOT}/commitlog/00000000000000065536`)
    const { after } = await repaired(runtime)
    expect(after?.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    await expectAllThere(
      runtime,
      messages.filter((m) => m.offset < 65_536 || m.offset >= 131_072),
    )
  })

  it('turns a bit back that the checksums tell', async () => {
    const runtime = javaStore('clean')
    // Ours sums the log up when it takes the store over.
    const store = await openStore(runtime, CONFIG)
    await runtime.settle(store.close())
    const sums = runtime.files.list(`${ROOT}/checksums`)
    const sound = snapshot(runtime, `${ROOT}/commitlog`)
    // In the properties, which no checksum of the record covers.
    const m = messages.find(({ offset }) => offset > 200_000)!
    const { path, position } = inLog(m.offset)
    runtime.flipBit(path, (position + m.size - 3) * 8)
    expect((await verified(runtime)).counts['BYTES_CHANGED']).toBe(sums.length > 0 ? 1 : undefined)
    const { after } = await repaired(runtime)
    expect(after?.errors).toBe(0)
    expect(snapshot(runtime, `${ROOT}/commitlog`)).toEqual(sound)
  })

  it(
    'leaves a sound store with every undamaged message, whatever the damage',
    async () => {
      let tried = 0
      for (let seed = 1; seed <= SEEDS; seed++) {
        const runtime = javaStore('clean', seed)
        damage(runtime)
        if (await isHidden(runtime)) continue
        tried++
        const kept = untouched(runtime)
        const { before, after } = await repaired(runtime)
        const left = (after ?? before).findings.filter(({ severity }) => severity === 'error')
        expect([seed, left]).toEqual([seed, []])
        await expectAllThere(runtime, kept)
      }
      expect(tried).toBeGreaterThan(SEEDS / 4)
    },
    LONGEST_MS,
  )

  it(
    'can be run again when it was killed, and so can the store',
    async () => {
      let kills = 0
      for (let seed = 1; seed <= SEEDS; seed++) {
        let runtime = javaStore('clean', 1000 + seed)
        damage(runtime)
        if (await isHidden(runtime)) continue
        const kept = untouched(runtime)
        for (const kind of ['process', 'power'] as const) {
          const next = await killed(runtime, kind)
          if (next !== undefined) kills++
          runtime = next ?? runtime
        }
        // A broker may come before the second attempt: it must not lose what the repair was about to keep.
        if (seed % 2 === 0) {
          const store = await openStore(runtime, CONFIG).catch(() => undefined)
          if (store !== undefined) await runtime.settle(store.close())
        }
        const { before, after } = await repaired(runtime)
        const left = (after ?? before).findings.filter(({ severity }) => severity === 'error')
        expect([seed, left]).toEqual([seed, []])
        await expectAllThere(runtime, kept)
      }
      expect(kills).toBeGreaterThan(SEEDS / 4)
    },
    LONGEST_MS,
  )
})

/** Repairs until the process dies at one of its changes to the disk; the disk as it is then. */
async function killed(
  runtime: SimulatedRuntime,
  kind: CrashKind,
): Promise<SimulatedRuntime | undefined> {
  const at = 1 + runtime.random.below(60)
  let changes = 0
  let next: SimulatedRuntime | undefined
  runtime.disk.fault = (operation) => {
    if (operation.kind !== 'read') changes++
    if (next === undefined && changes === at) next = runtime.crash(kind)
    return undefined
  }
  try {
    await repaired(runtime)
  } catch (error) {
    if (next === undefined) throw error
  }
  runtime.disk.fault = undefined
  return next
}

describe('holes in the very first file of the log', () => {
  it('get the content of the next entry, also when that is damaged in its turn', async () => {
    const runtime = javaStore('clean')
    const ofQueue = messages.filter((m) => m.topic === 'TopicTest' && m.queueId === 1)
    const lost = ofQueue.slice(0, 2)
    const entryAt = (queueOffset: number): string => {
      const bytes = runtime.files.readFile(`${ROOT}/consumequeue/TopicTest/1/00000000000000000000`)!
      return Buffer.from(bytes.subarray(queueOffset * 20, queueOffset * 20 + 20)).toString('hex')
    }
    const next = entryAt(2)
    for (const m of lost) {
      const { path, position } = inLog(m.offset)
      runtime.flipBit(path, (position + 90) * 8)
      runtime.flipBit(path, (position + 91) * 8)
      const { after } = await repaired(runtime)
      expect(after?.findings).toEqual([])
    }
    expect([entryAt(0), entryAt(1)]).toEqual([next, next])
    expect((await repaired(runtime)).after).toBeUndefined()
    await expectAllThere(
      runtime,
      messages.filter((m) => !lost.includes(m)),
    )
  })
})
