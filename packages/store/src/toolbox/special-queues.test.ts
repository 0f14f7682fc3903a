// SPDX-License-Identifier: Apache-2.0
// Queues of batches, light queues, units and the table of queues: damage in them is found, and repaired to what Java wrote.
import type { SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { installed, readRecording, unpacked } from '../../test/support/java-replay.ts'
import { javaStore, snapshot, verified } from '../../test/support/damage.ts'
import { openStore, ROOT } from '../../test/support/store.ts'
import { exportMessages, type ExportedMessage } from './export.ts'
import { repairStore } from './repair.ts'
import { StoreFolder } from './store-folder.ts'

type Kind = 'batchconsumequeue' | 'consumequeue' | 'consumequeue_ext'

function sound(name: string): SimulatedRuntime {
  return installed(readRecording(name), { isKilled: false })
}

/** The first file of a kind, of the topics that match. */
function fileOf(runtime: SimulatedRuntime, kind: Kind, topic: RegExp): string {
  const paths = [...snapshot(runtime, `${ROOT}/${kind}`).keys()].toSorted()
  const path = paths.find((one) => topic.test(one.slice(ROOT.length + kind.length + 2)))
  expect(path).toBeDefined()
  return path!
}

async function exported(runtime: SimulatedRuntime): Promise<ExportedMessage[]> {
  const folder = new StoreFolder({ files: runtime.files, root: ROOT })
  const found: ExportedMessage[] = []
  const take = (one: ExportedMessage): void =>
    void found.push({ ...one, body: Uint8Array.from(one.body) })
  await runtime.settle(exportMessages({ folder, turn: runtime.turn, filter: {}, take }))
  folder.close()
  return found
}

const places: readonly [string, string, Kind, RegExp, number, string][] = [
  ['log offset of a batch', 'inner-batch', 'batchconsumequeue', /./, 7, 'ENTRY_POINTS_NOWHERE'],
  ['size of a batch', 'inner-batch', 'batchconsumequeue', /./, 11, 'ENTRY_WRONG'],
  ['store time of a batch', 'inner-batch', 'batchconsumequeue', /./, 27, 'ENTRY_WRONG'],
  ['first offset of a batch', 'inner-batch', 'batchconsumequeue', /./, 35, 'ENTRY_WRONG'],
  ['number in a batch', 'inner-batch', 'batchconsumequeue', /./, 37, 'ENTRY_WRONG'],
  ['size in a light queue', 'multi-dispatch', 'consumequeue', /^%LMQ%/, 11, 'ENTRY_WRONG'],
  ['tags code in a light queue', 'multi-dispatch', 'consumequeue', /^%LMQ%/, 19, 'ENTRY_WRONG'],
  ['size of a unit', 'queue-ext', 'consumequeue_ext', /./, 1, 'UNIT_WRONG'],
  ['tags code of a unit', 'queue-ext', 'consumequeue_ext', /./, 9, 'UNIT_WRONG'],
  ['store time of a unit', 'queue-ext', 'consumequeue_ext', /./, 17, 'UNIT_WRONG'],
]

describe('damage', () => {
  it.each(places)('%s (%s): is found, and repaired', async (_what, name, kind, topic, at, code) => {
    const runtime = sound(name)
    const path = fileOf(runtime, kind, topic)
    const entry = path.slice(`${ROOT}/${kind}/`.length).split('/').slice(0, 2).join(' queue ')
    const before = await exported(runtime)
    runtime.flipBit(path, at * 8 + 1)
    const { findings } = await verified(runtime)
    const found = findings.find((finding) => finding.code === code)
    expect(found?.what).toContain(entry)
    const { after } = await runtime.settle(repairStore({ runtime, root: ROOT }))
    expect(after?.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    // Bit maps of units are not built again; entries are, to the byte.
    if (kind !== 'consumequeue_ext') {
      const java = readRecording(name).after.find((file) => `${ROOT}/${file.path}` === path)!
      expect(Buffer.from(runtime.files.readFile(path)!).toString('hex')).toBe(
        unpacked(java.content).toString('hex'),
      )
    }
    expect(await exported(runtime)).toEqual(before)
  })
})

describe('an export', () => {
  it.each(['batch', 'inner-batch', 'multi-dispatch', 'queue-ext', 'compressed'])(
    '%s: has every message that Java stored, as it was sent',
    async (name) => {
      const recording = readRecording(name)
      const found = await exported(sound(name))
      const stored = recording.inputs.filter(({ status }) => status === 'PUT_OK')
      const byOffset = new Map(found.map((one) => [one.commitLogOffset, one]))
      for (const { offset, topic, kind } of stored) {
        if (kind === 'batch') expect(byOffset.has(offset!)).toBe(true)
        else expect(byOffset.get(offset!)?.topic).toBe(topic)
      }
      expect(found.length).toBeGreaterThanOrEqual(stored.length)
    },
  )
})

describe('the table of queues', () => {
  const TABLE = `${ROOT}/consumequeue.table`
  const CONFIG = {
    commitLogSegmentBytes: 65_536,
    consumeQueueSegmentBytes: 800,
    maxMessageBytes: 32_768,
    tailChunkBytes: 65_536,
    tailBytes: 524_288,
    indexSlots: 32,
    indexEntries: 128,
  }

  it('is sound after an orderly stop; a queue that was taken away shows, and a repair removes it', async () => {
    const runtime = javaStore('clean')
    const store = await openStore(runtime, CONFIG)
    await runtime.settle(store.close())
    expect(runtime.files.stat(TABLE)).toBeDefined()
    expect((await verified(runtime)).plan.isQueueTableWrong).toBe(false)
    const written = Buffer.from(runtime.files.readFile(TABLE)!).toString('hex')
    runtime.files.remove(`${ROOT}/consumequeue/TopicTest/2/00000000000000000800`)
    const { plan, findings } = await verified(runtime)
    expect(plan.isQueueTableWrong).toBe(true)
    const [found] = findings.filter(({ code }) => code === 'QUEUE_TABLE_WRONG')
    expect(found).toMatchObject({ path: TABLE })
    expect(found!.what).toContain('TopicTest queue 2')
    const { after } = await runtime.settle(repairStore({ runtime, root: ROOT }))
    expect(after?.findings).toEqual([])
    const now = runtime.files.readFile(TABLE)
    if (now !== undefined) expect(Buffer.from(now).toString('hex')).not.toBe(written)
  })
})
