// SPDX-License-Identifier: Apache-2.0
// Messages that a store keeps in ways of their own, put in by raw requests, and the settings under which it does.

import { randomBytes } from 'node:crypto'
import { createTopic } from './requests.ts'
import { type Answer, Caller, type Fields } from './wire.ts'

const SEND_MESSAGE = 10
const SEND_BATCH_MESSAGE = 320
const PREPARED = 4

/** Its records are read from Java's compaction log, so only its bounds agree. */
export const compactedTopic = 'InteropCompacted'

/** Batches sent to it are kept as they are, under one entry each. */
const batchTopic = 'InteropBatched'

/** Settings of the mixed store. */
export const mixedSettings: Fields = {
  // Two directories that take the files of the log in turn; seen from the working folder of the servers.
  storePathCommitLog: 'store/commitlog-a,store/commitlog-b',
  // Recovery refuses records whose checksum over everything is wrong or missing.
  enabledAppendPropCRC: 'true',
  forceVerifyPropCRC: 'true',
  enableConsumeQueueExt: 'true',
  mappedFileSizeConsumeQueueExt: '10000',
  mapperFileSizeBatchConsumeQueue: String(46 * 10),
  // Half messages and delayed ones stay what they are as long as the lane runs.
  transactionCheckInterval: '86400000',
  timerWheelEnable: 'true',
}

/** Topics that the messages of {@link putSpecial} need. */
export async function createSpecialTopics(brokerPort: number): Promise<void> {
  await createTopic(brokerPort, compactedTopic, 1, '+cleanup.policy=COMPACTION')
  await createTopic(brokerPort, batchTopic, 1, '+queue.type=BatchCQ')
}

/** A delayed message, one of a compacted topic, and batches. */
export async function putSpecial(brokerPort: number, topic: string, turn: number): Promise<void> {
  await withCaller(brokerPort, async (caller) => {
    await send(caller, topic, `turn ${turn}`, { KEYS: `delay${turn}`, DELAY: '18' })
    await send(caller, compactedTopic, `turn ${turn}`, { KEYS: `compacted${turn % 2}` })
    for (let count = 1; count <= 12; count++) await sendBatch(caller, count, `batch${turn}`)
    await send(caller, batchTopic, `turn ${turn}`, { KEYS: `alone${turn}`, TAGS: 'TagB' })
  })
}

/** A half message whose producer never comes back; only Java takes one. */
export async function putHalf(brokerPort: number, topic: string, turn: number): Promise<void> {
  const properties = { KEYS: `half${turn}`, TRAN_MSG: 'true', PGROUP: 'InteropHarness' }
  await withCaller(brokerPort, (caller) => send(caller, topic, 'half', properties, PREPARED))
}

/** A message for the timer wheel; only Java takes one. */
export async function putTimed(brokerPort: number, topic: string, turn: number): Promise<void> {
  const properties = { KEYS: `timed${turn}`, TIMER_DELAY_SEC: '86400' }
  await withCaller(brokerPort, (caller) => send(caller, topic, 'timed', properties))
}

async function withCaller(port: number, work: (caller: Caller) => Promise<void>): Promise<void> {
  const caller = await Caller.open(port)
  try {
    await work(caller)
  } finally {
    caller.close()
  }
}

async function send(
  caller: Caller,
  topic: string,
  body: string,
  properties: Fields,
  sysFlag = 0,
): Promise<void> {
  const fields = {
    producerGroup: 'InteropHarness',
    topic,
    defaultTopic: 'TBW102',
    defaultTopicQueueNums: '4',
    queueId: '0',
    sysFlag: String(sysFlag),
    bornTimestamp: String(Date.now()),
    flag: '0',
    properties: propertiesText({ ...properties, UNIQ_KEY: uniqueKey() }),
    reconsumeTimes: '0',
    unitMode: 'false',
    batch: 'false',
  }
  expectStored(topic, await caller.call(SEND_MESSAGE, fields, Buffer.from(body)))
}

async function sendBatch(caller: Caller, count: number, key: string): Promise<void> {
  const messages = Array.from({ length: count }, (_, at) =>
    batchItem(`${key} ${at}`, { KEYS: key, TAGS: 'TagB', UNIQ_KEY: uniqueKey() }),
  )
  // The short names of SEND_MESSAGE_V2.
  const fields = {
    a: 'InteropHarness',
    b: batchTopic,
    c: 'TBW102',
    d: '4',
    e: '0',
    f: '0',
    g: String(Date.now()),
    h: '0',
    i: propertiesText({ KEYS: key, TAGS: 'TagB', UNIQ_KEY: uniqueKey() }),
    j: '0',
    k: 'false',
    m: 'true',
  }
  expectStored(batchTopic, await caller.call(SEND_BATCH_MESSAGE, fields, Buffer.concat(messages)))
}

function batchItem(body: string, properties: Fields): Buffer {
  const text = Buffer.from(propertiesText(properties))
  const bytes = Buffer.from(body)
  const item = Buffer.alloc(22 + bytes.length + text.length)
  item.writeInt32BE(item.length, 0)
  item.writeInt32BE(bytes.length, 16)
  bytes.copy(item, 20)
  item.writeInt16BE(text.length, 20 + bytes.length)
  text.copy(item, 22 + bytes.length)
  return item
}

function propertiesText(properties: Fields): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}\u0001${value}\u0002`)
    .join('')
}

function uniqueKey(): string {
  return randomBytes(16).toString('hex').toUpperCase()
}

function expectStored(topic: string, answer: Answer): void {
  if (answer.code !== 0) {
    throw new Error(`send to ${topic}: code ${answer.code}: ${answer.remark ?? ''}`)
  }
}
