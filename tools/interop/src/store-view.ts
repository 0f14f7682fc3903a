// SPDX-License-Identifier: Apache-2.0
// What a running broker shows of its store, queue by queue, as lines that two brokers of one directory must agree on.

import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { compactedTopic } from './store-features.ts'
import { type Answer, Caller } from './wire.ts'

const PULL_MESSAGE = 11
const QUERY_MESSAGE = 12
const SEARCH_OFFSET_BY_TIMESTAMP = 29
const GET_MAX_OFFSET = 30
const GET_MIN_OFFSET = 31
const VIEW_MESSAGE_BY_ID = 33
const SUCCESS = 0
/** Line of a query that the broker does not know. */
const NOT_SUPPORTED = 'code 3'
const LONG_MAX = '9223372036854775807'
const MAGIC_V2 = 0xdaa320ab
/** Messages per topic whose keys are asked for. */
const KEYS_PER_QUEUE = 3

/** Figures by what was asked: bounds, records, searches by time, by key and by id. */
export interface StoreView {
  readonly lines: ReadonlyMap<string, string>
  readonly queues: number
  readonly records: number
  readonly queries: number
}

/** Asks for every queue that has a folder below `storeFolder`. */
export async function viewStore(port: number, storeFolder: string): Promise<StoreView> {
  const lines = new Map<string, string>()
  const caller = await Caller.open(port)
  let records = 0
  try {
    const queues = await queuesOnDisk(storeFolder)
    for (const { topic, queueId } of queues) {
      records += await viewQueue(caller, topic, queueId, lines)
    }
    const queries = [...lines.keys()].filter((name) => / (key|id|time) /.test(name)).length
    return { lines, queues: queues.length, records, queries }
  } finally {
    caller.close()
  }
}

/** What the two disagree on, in words; empty when they agree. Queries by key count when both brokers answer them. */
export function viewDifferences(before: StoreView, after: StoreView): string[] {
  const areKeysAnswered = [before, after].every(
    (view) => ![...view.lines.values()].includes(NOT_SUPPORTED),
  )
  const names = [...new Set([...before.lines.keys(), ...after.lines.keys()])].filter(
    (name) => areKeysAnswered || !name.includes(' key '),
  )
  return names.flatMap((name) => {
    const [was, is] = [before.lines.get(name), after.lines.get(name)]
    return was === is ? [] : [`${name}: was ${was ?? 'nothing'}, is ${is ?? 'nothing'}`]
  })
}

interface Queue {
  readonly topic: string
  readonly queueId: number
}

async function queuesOnDisk(storeFolder: string): Promise<Queue[]> {
  const queues: Queue[] = []
  for (const kind of ['consumequeue', 'batchconsumequeue']) {
    const folder = join(storeFolder, kind)
    for (const topic of await readdir(folder).catch((): string[] => [])) {
      for (const queueId of await readdir(join(folder, topic))) {
        queues.push({ topic, queueId: Number(queueId) })
      }
    }
  }
  return queues.sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.queueId - b.queueId,
  )
}

async function viewQueue(
  caller: Caller,
  topic: string,
  queueId: number,
  lines: Map<string, string>,
): Promise<number> {
  const queue = { topic, queueId: String(queueId) }
  const name = `${topic.length > 40 ? `${topic.slice(0, 40)}…` : topic}/${queueId}`
  const min = await offsetOf(caller, GET_MIN_OFFSET, queue)
  const max = await offsetOf(caller, GET_MAX_OFFSET, queue)
  lines.set(`${name} bounds`, `${min}…${max}`)
  if (topic === compactedTopic) return 0
  const records = await readRecords(caller, queue, min, max)
  const hash = createHash('sha256')
  for (const record of records) hash.update(record)
  lines.set(`${name} records`, `${records.length} ${hash.digest('hex').slice(0, 16)}`)
  if (records.length === 0) return 0
  for (const timestamp of timesIn(records)) {
    for (const boundaryType of ['LOWER', 'UPPER']) {
      const fields = { ...queue, timestamp: String(timestamp), boundaryType }
      lines.set(
        `${name} time ${timestamp} ${boundaryType}`,
        await offsetOf(caller, SEARCH_OFFSET_BY_TIMESTAMP, fields),
      )
    }
  }
  for (const record of sample(records)) {
    const offset = Number(record.readBigInt64BE(28))
    const found = await caller.call(VIEW_MESSAGE_BY_ID, { offset: String(offset), topic })
    lines.set(`${name} id ${offset}`, found.body.equals(record) ? 'the record' : text(found))
    for (const key of keysOf(record)) {
      lines.set(`${name} key ${key}`, await queryKey(caller, topic, key))
    }
  }
  return records.length
}

async function offsetOf(
  caller: Caller,
  code: number,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await caller.call(code, fields)
  return answer.fields['offset'] ?? text(answer)
}

function text(answer: Answer): string {
  return `code ${answer.code} ${answer.remark?.split('\n')[0] ?? ''}`
}

async function readRecords(
  caller: Caller,
  queue: Readonly<Record<string, string>>,
  min: string,
  max: string,
): Promise<Buffer[]> {
  const records: Buffer[] = []
  let next = Number(min)
  while (next < Number(max)) {
    const answer = await caller.call(PULL_MESSAGE, {
      consumerGroup: 'StoreView',
      ...queue,
      queueOffset: String(next),
      maxMsgNums: '32',
      // A subscription of its own; nothing to commit, no waiting.
      sysFlag: '4',
      commitOffset: '0',
      suspendTimeoutMillis: '0',
      subscription: '*',
      subVersion: '0',
      expressionType: 'TAG',
    })
    const found = recordsIn(answer.body)
    const begin = Number(answer.fields['nextBeginOffset'])
    if (answer.code !== SUCCESS || found.length === 0 || !(begin > next)) {
      records.push(Buffer.from(`at ${next}: ${text(answer)}`))
      break
    }
    records.push(...found)
    next = begin
  }
  return records
}

function recordsIn(body: Buffer): Buffer[] {
  const records: Buffer[] = []
  for (let at = 0; at + 4 <= body.length; at += body.readInt32BE(at)) {
    records.push(body.subarray(at, at + body.readInt32BE(at)))
  }
  return records
}

/** Store times of the first, a middle and the last record, and those beside them. */
function timesIn(records: readonly Buffer[]): Set<number> {
  const times = sample(records).map((record) => Number(record.readBigInt64BE(56)))
  return new Set(times.flatMap((time) => [time - 1, time, time + 1]))
}

function sample(records: readonly Buffer[]): Buffer[] {
  const step = Math.max(1, Math.floor(records.length / KEYS_PER_QUEUE))
  const chosen = records.filter((_, at) => at % step === 0 || at === records.length - 1)
  // Too short for a record: what a failed read left.
  return chosen.filter((record) => record.length > 91)
}

function keysOf(record: Buffer): string[] {
  const bodyEnd = 88 + record.readInt32BE(84)
  const isV2 = record.readUInt32BE(4) === MAGIC_V2
  const topicBytes = isV2 ? record.readUInt16BE(bodyEnd) : record.readUInt8(bodyEnd)
  const propertiesAt = bodyEnd + (isV2 ? 2 : 1) + topicBytes
  const properties = record
    .toString('utf8', propertiesAt + 2, propertiesAt + 2 + record.readUInt16BE(propertiesAt))
    .split('\u0002')
    .map((property) => property.split('\u0001'))
  const value = (name: string): string => properties.find(([key]) => key === name)?.[1] ?? ''
  return [value('UNIQ_KEY'), ...value('KEYS').split(' ')].filter((key) => key !== '')
}

/** Commit log offsets of what is found, in the order of the answer. */
async function queryKey(caller: Caller, topic: string, key: string): Promise<string> {
  const answer = await caller.call(QUERY_MESSAGE, {
    topic,
    key,
    maxNum: '64',
    beginTimestamp: '0',
    endTimestamp: LONG_MAX,
  })
  if (answer.code !== SUCCESS) return `code ${answer.code}`
  const offsets = recordsIn(answer.body).map((record) => record.readBigInt64BE(28))
  return offsets.length > 6
    ? `${offsets.length} from ${offsets[0]} to ${offsets.at(-1)}, sum ${offsets.reduce((a, b) => a + b, 0n)}`
    : offsets.join(' ')
}
