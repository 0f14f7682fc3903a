// SPDX-License-Identifier: Apache-2.0
// Compacted queues that Java wrote: found sound, damaged in each kind of place, and copied again where the log has them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeProperties } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { snapshot, verified } from '../../test/support/damage.ts'
import { get, message, put, ROOT, smallConfig } from '../../test/support/store.ts'
import { MessageStore } from '../message-store.ts'
import { dumpFile } from './dump.ts'
import { type ExportedMessage, exportMessages } from './export.ts'
import { inspectStore } from './inspect.ts'
import { repairStore } from './repair.ts'
import { StoreFolder } from './store-folder.ts'

const TOPICS = `${ROOT}/config/topics.json`
const COMPACTION = `${ROOT}/compaction`
const LOG = `${COMPACTION}/compactionLog/Compact/0`
const UNITS = `${COMPACTION}/compactionCq/Compact/0`
const FIRST = '00000000000000000000'

interface Stage {
  readonly files: readonly { path: string; byteLength: number; hex: string }[]
}

/** What Java left after a stage; the table of topics is made here. */
function javaStage(name: 'appended' | 'compacted' | 'again'): SimulatedRuntime {
  const url = new URL(`../../test/golden/compaction/${name}.json`, import.meta.url)
  const { files } = JSON.parse(readFileSync(fileURLToPath(url), 'utf8')) as Stage
  const runtime = simulatedRuntime({ seed: 1 })
  for (const { path, byteLength, hex } of files) {
    const bytes = new Uint8Array(byteLength)
    bytes.set(Buffer.from(hex, 'hex'))
    runtime.files.makeDirectory(`${ROOT}/${path.slice(0, path.lastIndexOf('/'))}`)
    runtime.files.writeFile(`${ROOT}/${path}`, bytes, { durable: true })
  }
  runtime.files.makeDirectory(`${ROOT}/config`)
  const topics = {
    topicConfigTable: { Compact: { attributes: { 'cleanup.policy': 'COMPACTION' } } },
  }
  runtime.files.writeFile(TOPICS, Buffer.from(JSON.stringify(topics)), { durable: true })
  // A recording ends while the store is open.
  runtime.files.remove(`${ROOT}/abort`)
  return runtime
}

function repaired(runtime: SimulatedRuntime): ReturnType<typeof repairStore> {
  return runtime.settle(repairStore({ runtime, root: ROOT }))
}

function flip(runtime: SimulatedRuntime, path: string, position: number): void {
  runtime.flipBit(path, position * 8 + 1)
}

async function kindsOf(runtime: SimulatedRuntime): Promise<string[]> {
  return (await verified(runtime)).findings.map(({ code }) => code)
}

describe('compacted queues of Java', () => {
  it.each(['appended', 'compacted', 'again'] as const)('%s: are sound', async (name) => {
    const { findings, checked } = await verified(javaStage(name))
    expect(findings.filter(({ path }) => path.startsWith(COMPACTION))).toEqual([])
    expect(checked.compactedQueues).toBeGreaterThan(0)
    expect(checked.compactedRecords).toBeGreaterThan(5)
  })

  const places: readonly [string, string, number][] = [
    ['the body of a record', `${LOG}/${FIRST}`, 90],
    ['the size of a record', `${LOG}/${FIRST}`, 3],
    ['the offset of a record', `${LOG}/${FIRST}`, 35],
    ['the queue offset of a record', `${LOG}/${FIRST}`, 27],
    ['the position of a unit', `${UNITS}/${FIRST}`, 46 + 7],
    ['the size in a unit', `${UNITS}/${FIRST}`, 46 + 11],
    ['the store time of a unit', `${UNITS}/${FIRST}`, 46 + 27],
    ['the queue offset of a unit', `${UNITS}/${FIRST}`, 46 + 35],
  ]
  it.each(places)('%s: damage is found where it is', async (_what, path, position) => {
    const runtime = javaStage('appended')
    const before = new Set(await kindsOf(runtime))
    flip(runtime, path, position)
    const { findings, plan } = await verified(runtime)
    const found = findings.filter(({ code }) => code === 'COMPACTION_WRONG')
    expect(before).not.toContain('COMPACTION_WRONG')
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((finding) => finding.path.startsWith(COMPACTION))).toBe(true)
    expect(found.some((finding) => finding.what.startsWith('Compact queue 0'))).toBe(true)
    expect(plan.compacted).toMatchObject([{ topic: 'Compact', queueId: 0 }])
  })

  it('names a file without its counterpart, and one of another length', async () => {
    const runtime = javaStage('appended')
    runtime.files.remove(`${UNITS}/${FIRST}`)
    expect(await kindsOf(runtime)).toContain('COMPACTION_WRONG')
    const short = javaStage('appended')
    const file = short.files.open(`${LOG}/${FIRST}`, 'write')
    file.truncate(4000)
    file.close()
    expect(await kindsOf(short)).toContain('COMPACTION_WRONG')
  })

  it('names positions that cannot be, and plans that were not carried out', async () => {
    const runtime = javaStage('compacted')
    const text = JSON.stringify({ queueOffsetMap: { Compact_0: 100_000 } })
    runtime.files.writeFile(`${COMPACTION}/position-checkpoint`, Buffer.from(text))
    runtime.files.makeDirectory(`${LOG}/compacting`)
    const plan = JSON.stringify({ put: [], removed: [] })
    runtime.files.writeFile(`${LOG}/compacting/plan.json`, Buffer.from(plan))
    const { findings } = await verified(runtime)
    const codes = findings.map(({ code }) => code)
    expect(codes).toContain('COMPACTION_POSITION')
    expect(findings.find(({ code }) => code === 'COMPACTION_UNFINISHED')?.path).toBe(
      `${LOG}/compacting/plan.json`,
    )
    runtime.files.writeFile(`${LOG}/compacting/plan.json`, Buffer.from('{'))
    expect(await kindsOf(runtime)).toContain('COMPACTION_WRONG')
  })

  it('shows them', async () => {
    const runtime = javaStage('compacted')
    const folder = new StoreFolder({ files: runtime.files, root: ROOT })
    const summary = inspectStore(folder)
    folder.close()
    expect(summary.compacted[0]).toMatchObject({ topic: 'Compact', queueId: 0, hasPlan: false })
    expect(summary.features).toContain('compacted topics')
    const lines: string[] = []
    for (const path of [
      `${LOG}/${runtime.files.list(LOG)[0]!}`,
      `${UNITS}/${runtime.files.list(UNITS)[0]!}`,
    ]) {
      const { files, turn } = runtime
      await runtime.settle(dumpFile({ files, turn, path, line: (line) => lines.push(line) }))
    }
    expect(lines[0]).toContain('topic Compact, queue 0')
    expect(
      lines.some((line) => /^0 {2}position \d+, \d+ bytes, .* queue offset \d+$/.test(line)),
    ).toBe(true)
    expect(lines.join('\n')).not.toContain('no sound record')
  })
})

describe('an export', () => {
  const exportedBy = async (runtime: SimulatedRuntime): Promise<ExportedMessage[]> => {
    const folder = new StoreFolder({ files: runtime.files, root: ROOT })
    const found: ExportedMessage[] = []
    const filter = { topic: 'Compact', queueId: 0 }
    const take = (one: ExportedMessage): void =>
      void found.push({ ...one, body: Uint8Array.from(one.body) })
    await runtime.settle(exportMessages({ folder, turn: runtime.turn, filter, take }))
    folder.close()
    return found.toSorted((a, b) => a.queueOffset - b.queueOffset)
  }

  it('has what only the compaction log still has, and nothing twice', async () => {
    const whole = await exportedBy(javaStage('appended'))
    expect(whole.map(({ queueOffset }) => queueOffset)).toEqual(whole.map((_, i) => i))
    expect(whole.every(({ commitLogOffset }) => commitLogOffset >= 0)).toBe(true)
    const runtime = javaStage('appended')
    runtime.files.remove(`${ROOT}/commitlog/${FIRST}`)
    const gone = (one: ExportedMessage): boolean => one.commitLogOffset < 16_384
    // Without a key a message is not compacted.
    const expected = whole.filter(
      (one) => !gone(one) || (one.properties['KEYS'] ?? '').trim() !== '',
    )
    expect(expected.filter(gone).length).toBeGreaterThan(5)
    // Where a message lies is part of its ids.
    const told = (all: readonly ExportedMessage[]): unknown[] =>
      all.map((one) => ({ ...one, commitLogOffset: 0, msgId: '', offsetMsgId: '' }))
    const found = await exportedBy(runtime)
    expect(told(found)).toEqual(told(expected))
    expect(found.map(({ commitLogOffset }) => commitLogOffset)).toEqual(
      expected.map((one) => (gone(one) ? -1 : one.commitLogOffset)),
    )
  })
})

describe('a repair', () => {
  const damages: readonly [string, string, number][] = [
    ['its first record', `${LOG}/${FIRST}`, 90],
    ['a unit', `${UNITS}/${FIRST}`, 46 + 35],
  ]
  it.each(damages)('copies a queue again, byte for byte: %s', async (_what, path, position) => {
    const runtime = javaStage('appended')
    const logs = snapshot(runtime, LOG)
    const units = snapshot(runtime, UNITS)
    flip(runtime, path, position)
    const { before, after } = await repaired(runtime)
    expect(before.plan.compacted).toMatchObject([{ isInLog: true }])
    expect(after?.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(snapshot(runtime, LOG)).toEqual(logs)
    expect(snapshot(runtime, UNITS)).toEqual(units)
  })

  it('leaves a damaged queue as it is when the log has lost some of it', async () => {
    const runtime = javaStage('appended')
    flip(runtime, `${UNITS}/${FIRST}`, 46 + 35)
    const first = runtime.files.list(`${ROOT}/commitlog`)[0]!
    flip(runtime, `${ROOT}/commitlog/${first}`, 90)
    const damaged = snapshot(runtime, COMPACTION)
    const { before, after } = await repaired(runtime)
    expect(before.plan.compacted).toMatchObject([{ isInLog: false }])
    expect(after?.findings.map(({ code }) => code)).toContain('COMPACTION_WRONG')
    expect(snapshot(runtime, COMPACTION)).toEqual(damaged)
  })

  it('is refused when compaction files do not say how long they were', async () => {
    const runtime = javaStage('appended')
    for (const directory of [LOG, UNITS, LOG.replace(/0$/, '1'), UNITS.replace(/0$/, '1')]) {
      for (const name of runtime.files.list(directory)) {
        const file = runtime.files.open(`${directory}/${name}`, 'write')
        file.truncate(100)
        file.close()
      }
    }
    const before = snapshot(runtime)
    await expect(repaired(runtime)).rejects.toThrow('do not say how long')
    expect(snapshot(runtime)).toEqual(before)
  })

  it.each(['process', 'power'] as const)(
    'of a store that a crash (%s) left brings compacted queues into order too',
    async (kind) => {
      for (let seed = 1; seed <= 8; seed++) {
        const before = simulatedRuntime({ seed })
        const config = smallConfig({
          maxMessageBytes: 600,
          compactionLogSegmentBytes: 2000,
          compactionQueueSegmentBytes: 46 * 8,
        })
        const isCompacted = (topic: string): boolean => topic === 'Compact'
        const store = await before.settle(
          MessageStore.open({ runtime: before, config, isCompacted }),
        )
        before.files.makeDirectory(`${ROOT}/config`)
        const topics = {
          topicConfigTable: { Compact: { attributes: { 'cleanup.policy': 'COMPACTION' } } },
        }
        before.files.writeFile(TOPICS, Buffer.from(JSON.stringify(topics)), { durable: true })
        before.files.flushDirectory(`${ROOT}/config`)
        before.files.flushDirectory(ROOT)
        for (let i = 0; i < 20 + seed; i++) {
          const properties = Buffer.from(encodeProperties({ KEYS: `k${i}` }))
          await before.settle(put(store, message({ topic: 'Compact', properties })))
        }
        await before.advance(2000 + seed * 300)
        const runtime = before.crash(kind)
        const { after } = await repaired(runtime)
        expect([seed, after?.findings]).toEqual([seed, []])
        // The next start takes what is there for the work of an orderly stop.
        const again = await runtime.settle(MessageStore.open({ runtime, config, isCompacted }))
        const end = again.maxOffset('Compact', 0)
        const result = await get(runtime, again, { topic: 'Compact', queueOffset: 0 })
        expect(result.status).toBe(end > 0 ? 'FOUND' : result.status)
        result.release()
        await runtime.settle(again.close())
        const { findings } = await verified(runtime)
        expect([seed, findings]).toEqual([seed, []])
      }
    },
  )
})
