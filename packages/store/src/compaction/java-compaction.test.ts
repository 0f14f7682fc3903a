// SPDX-License-Identifier: Apache-2.0
// Compaction topics of RocketMQ 5.5.0 itself: read as Java reads them, and made again to the byte.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bodyCrcAt, decodeMessage, physicalOffsetAt } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { get, recordsOf, ROOT, smallConfig } from '../../test/support/store.ts'
import { MessageStore } from '../message-store.ts'

interface File {
  path: string
  byteLength: number
  hex: string
}

interface Answer {
  offset: number
  maxCount: number
  maxBytes: number
  status: string
  next: number
  min: number
  max: number
  messages: [number, number, number, string, number][]
}

type Answers = Record<string, Answer[]>

interface Stage {
  reopened?: Answers
  answers: Answers
  files: File[]
}

const TOPIC = 'Compact'

function stage(name: string): Stage {
  const url = new URL(`../../test/golden/compaction/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(fileURLToPath(url), 'utf8')) as Stage
}

function install(runtime: SimulatedRuntime, files: readonly File[]): void {
  for (const { path, byteLength, hex } of files) {
    const bytes = new Uint8Array(byteLength)
    bytes.set(Buffer.from(hex, 'hex'))
    runtime.files.makeDirectory(`${ROOT}/${path.slice(0, path.lastIndexOf('/'))}`)
    runtime.files.writeFile(`${ROOT}/${path}`, bytes, { durable: true })
  }
}

const isCompaction = ({ path }: File): boolean => path.startsWith('compaction/')

function open(runtime: SimulatedRuntime): Promise<MessageStore> {
  const config = smallConfig({
    commitLogSegmentBytes: 16_384,
    consumeQueueSegmentBytes: 400,
    maxMessageBytes: 8192,
    tailBytes: 65_536,
    indexSlots: 32,
    indexEntries: 64,
    compactionLogSegmentBytes: 4096,
    compactionQueueSegmentBytes: 46 * 16 + 5,
  })
  const isCompacted = (topic: string): boolean => topic === TOPIC
  return runtime.settle(MessageStore.open({ runtime, config, isCompacted }))
}

/** Asks what Java was asked. */
async function ask(
  runtime: SimulatedRuntime,
  store: MessageStore,
  asked: Answers,
): Promise<Answers> {
  const answers: Answers = {}
  for (const [queueId, questions] of Object.entries(asked)) {
    answers[queueId] = []
    for (const { offset, maxCount, maxBytes } of questions) {
      const query = { topic: TOPIC, queueId: Number(queueId), queueOffset: offset }
      const result = await get(runtime, store, { ...query, maxCount, maxBytes })
      const messages = recordsOf(result).map((record): Answer['messages'][number] => {
        const { queueOffset, properties } = decodeMessage(record)!
        const keys = String(properties['KEYS'])
        return [queueOffset, physicalOffsetAt(record, 0), record.length, keys, bodyCrcAt(record, 0)]
      })
      answers[queueId].push({
        ...{ offset, maxCount, maxBytes, status: result.status, next: result.nextBeginOffset },
        ...{ min: result.minOffset, max: result.maxOffset, messages },
      })
      result.release()
    }
  }
  return answers
}

/** The compaction folder, as it is recorded. Of the checkpoint only what it says: Java's map has no order, and how often it was written does not matter. */
function compactionFiles(runtime: SimulatedRuntime): Record<string, string> {
  const found: Record<string, string> = {}
  const visit = (directory: string): void => {
    for (const name of runtime.files.list(directory)) {
      const path = `${directory}/${name}`
      if (runtime.files.stat(path)?.kind === 'directory') visit(path)
      else found[path.slice(ROOT.length + 1)] = contentOf(path, runtime.files.readFile(path)!)
    }
  }
  visit(`${ROOT}/compaction`)
  return withoutBackup(found)
}

function expectedFiles({ files }: Stage): Record<string, string> {
  const expected: Record<string, string> = {}
  for (const { path, byteLength, hex } of files.filter(isCompaction)) {
    const bytes = Buffer.alloc(byteLength)
    bytes.set(Buffer.from(hex, 'hex'))
    expected[path] = contentOf(path, bytes)
  }
  return withoutBackup(expected)
}

function contentOf(path: string, bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
  if (!path.includes('position-checkpoint')) return text.toString('hex')
  const { queueOffsetMap } = JSON.parse(text.toString('utf8')) as { queueOffsetMap: object }
  const queues = Object.entries(queueOffsetMap).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(queues)
}

function withoutBackup(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith('.bak')))
}

describe('what Java wrote', () => {
  it.each(['appended', 'compacted', 'again'])('is read as Java reads it: %s', async (name) => {
    const runtime = simulatedRuntime({ seed: 1 })
    const { answers, files } = stage(name)
    install(runtime, files)
    const store = await open(runtime)
    expect(await ask(runtime, store, answers)).toEqual(answers)
    await runtime.settle(store.close())
    expect(compactionFiles(runtime)).toEqual(expectedFiles(stage(name)))
  })

  it('is read as Java reads it after a start', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    install(runtime, stage('appended').files)
    const store = await open(runtime)
    const { reopened } = stage('compacted')
    expect(await ask(runtime, store, reopened!)).toEqual(reopened)
    await runtime.settle(store.close())
  })
})

describe('from the same log', () => {
  it('the same files are made and compacted to the byte', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    const appended = stage('appended')
    install(
      runtime,
      appended.files.filter((file) => !isCompaction(file)),
    )
    const store = await open(runtime)
    expect(await ask(runtime, store, appended.answers)).toEqual(appended.answers)
    // Java writes its checkpoint at each stop, also when it says nothing.
    const expected = expectedFiles(appended)
    delete expected['compaction/position-checkpoint']
    expect(compactionFiles(runtime)).toEqual(expected)

    const compacted = stage('compacted')
    await runtime.settle(store.compact())
    expect(await ask(runtime, store, compacted.answers)).toEqual(compacted.answers)
    await runtime.settle(store.close())
    expect(compactionFiles(runtime)).toEqual(expectedFiles(compacted))
  })

  it('what came since is added and compacted to the byte', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const again = stage('again')
    install(
      runtime,
      again.files.filter((file) => !isCompaction(file)),
    )
    install(runtime, stage('compacted').files.filter(isCompaction))
    const store = await open(runtime)
    await runtime.settle(store.compact())
    expect(await ask(runtime, store, again.answers)).toEqual(again.answers)
    await runtime.settle(store.close())
    expect(compactionFiles(runtime)).toEqual(expectedFiles(again))
  })
})
