// SPDX-License-Identifier: Apache-2.0
// Producer driver on our client: the plan, commands, output and ledger of the Java driver Produce.

import { randomFillSync } from 'node:crypto'
import { createInterface } from 'node:readline'
import { type OutgoingMessage, Producer, type SendResult } from '@rocketmq-ts/client'
import { bodyHash, LedgerWriter } from './ledger-writer.ts'
import { DriverOptions } from './options.ts'

interface Item {
  readonly message: OutgoingMessage
  readonly body: Buffer
  readonly hash: string
  readonly sequence: number
  readonly lane: string
}

const options = new DriverOptions(process.argv.slice(2))
const topics = options.list('topic')
const tags = options.list('tags')
const ledger = new LedgerWriter(options.text('ledger'))
const runId = BigInt(`0x${options.text('run', '1')}`)
const bodyMin = Math.max(16, options.number('body-min', 64))
const bodyMax = Math.max(bodyMin, options.number('body-max', 512))
const batchSize = options.number('batch', 16)
const inFlight = options.number('in-flight', 256)
const threads = options.number('threads', 8)

const producer = await Producer.start({
  namesrvAddr: options.text('namesrv'),
  group: options.text('group', 'interop_producer'),
  instanceName: options.text('instance'),
  serializeType: options.text('serialize', 'json') === 'binary' ? 'rocketmq' : 'json',
  pollNameServerIntervalMs: options.number('poll-ms', 30_000),
  compressionType: compressionOf(options.text('compression', 'ZLIB')),
})

function compressionOf(text: string): 'ZLIB' | 'ZSTD' | 'LZ4' {
  if (text === 'ZLIB' || text === 'ZSTD' || text === 'LZ4') return text
  throw new Error(`--compression ${text} is none of ZLIB, ZSTD, LZ4`)
}

const counts = { acknowledged: 0, oneway: 0, failed: 0 }
let sequence = 0
let paused = options.flag('paused')
let stopped = false
let busy = 0
let wakers: (() => void)[] = []

function countsText(): string {
  return `acknowledged=${counts.acknowledged} oneway=${counts.oneway} failed=${counts.failed}`
}

function wakeAll(): void {
  const waiting = wakers
  wakers = []
  for (const wake of waiting) wake()
}

/** Waits until something has changed: a command, or a send that has ended. */
function changed(): Promise<void> {
  return new Promise((resolve) => wakers.push(resolve))
}

createInterface({ input: process.stdin })
  .on('line', (line) => void obey(line))
  .on('close', () => {
    stopped = true
    wakeAll()
  })

async function obey(line: string): Promise<void> {
  if (line === 'pause') paused = true
  if (line === 'resume') paused = false
  if (line === 'stop') stopped = true
  wakeAll()
  while (line === 'pause' && busy > 0) await changed()
  console.log(`OBEYED ${line} ${countsText()}`)
}

async function mayGoOn(): Promise<boolean> {
  while (paused && !stopped) await changed()
  return !stopped
}

function nextItem(lane: string, topic?: string): Item {
  sequence++
  const body = Buffer.allocUnsafe(bodyMin + Math.floor(Math.random() * (bodyMax - bodyMin + 1)))
  if (sequence % 2 === 0) randomFillSync(body)
  else body.fill(97 + (sequence % 26))
  body.writeBigUInt64BE(runId, 0)
  body.writeBigUInt64BE(BigInt(sequence), 8)
  const message: OutgoingMessage = {
    topic: topic ?? topics[sequence % topics.length] ?? '',
    body,
    ...(tags.length > 0 ? { tags: tags[sequence % tags.length] } : {}),
    ...(options.flag('keys') ? { keys: [`key-${runId.toString(16)}-${sequence}`, 'every'] } : {}),
    properties: { sequence: String(sequence), text: `år € 訊息 ${sequence % 100}` },
  }
  return { message, body, hash: bodyHash(body), sequence, lane }
}

interface Place {
  readonly msgId: string
  readonly offsetMsgId: string
  readonly queueId: number
  readonly queueOffset: number
  readonly status: string
}

/** Without an answer our client tells no id; such a line is matched by its body. */
const nowhere: Place = { msgId: '', offsetMsgId: '', queueId: -1, queueOffset: -1, status: '' }

function note(state: 'A' | 'O' | 'F', item: Item, place: Place): void {
  const { message, hash, body, lane } = item
  const keys = typeof message.keys === 'string' ? message.keys : (message.keys ?? []).join(' ')
  ledger.line(
    state,
    message.topic,
    place.msgId,
    place.offsetMsgId,
    place.queueId,
    place.queueOffset,
    place.status,
    hash,
    body.length,
    message.tags,
    keys,
    item.sequence,
    lane,
    message.properties?.['text'],
  )
  if (state === 'A') counts.acknowledged++
  else if (state === 'O') counts.oneway++
  else counts.failed++
}

/** The places of a result's messages; a batch has one id each and consecutive offsets. */
function placesOf(result: SendResult): Place[] {
  const offsetMsgIds = result.offsetMsgId.split(',')
  return result.msgId.split(',').map((msgId, i) => ({
    msgId,
    offsetMsgId: offsetMsgIds[i] ?? '',
    queueId: result.queue.queueId,
    queueOffset: result.queueOffset + i,
    status: result.status,
  }))
}

async function attempt(items: readonly Item[], send: () => Promise<SendResult>): Promise<void> {
  try {
    const result = await send()
    const places = placesOf(result)
    const state = result.status === 'SEND_OK' ? 'A' : 'F'
    for (const [i, item] of items.entries()) note(state, item, places[i] ?? nowhere)
  } catch (error) {
    const status = error instanceof Error ? error.message.slice(0, 200) : String(error)
    for (const item of items) note('F', item, { ...nowhere, status })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function sendOnce(kind: string, lane: string, size: number): Promise<void> {
  const first = nextItem(lane)
  if (kind === 'batch') {
    const items = [first]
    while (items.length < size) items.push(nextItem(lane, first.message.topic))
    await attempt(items, () => producer.sendBatch(items.map(({ message }) => message)))
  } else if (kind === 'oneway') {
    await producer.sendOneway(first.message)
    note('O', first, nowhere)
  } else if (kind === 'select') {
    await attempt([first], () => producer.send(first.message, { shardingKey: lane }))
  } else {
    await attempt([first], () => producer.send(first.message))
  }
}

/** One sender; "async" and "mixed" senders of one lane overlap, the others wait for each answer. */
async function work(kind: string, lane: string, budget: { left: number }): Promise<void> {
  const width = kind === 'async' ? inFlight : 1
  let open = 0
  while ((await mayGoOn()) && budget.left > 0) {
    const size = Math.min(kind === 'batch' ? batchSize : 1, budget.left)
    budget.left -= size
    open++
    busy++
    const done = sendOnce(kind, lane, size).finally(() => {
      open--
      busy--
      wakeAll()
    })
    if (width === 1) await done
    else while (open >= width) await changed()
  }
  while (open > 0) await changed()
}

async function run(kind: string, count: number): Promise<void> {
  const budget = { left: count === 0 ? Number.MAX_SAFE_INTEGER : count }
  const workers = kind === 'async' || kind === 'oneway' ? 1 : threads
  await Promise.all(
    Array.from({ length: workers }, (_, i) => {
      const sort = kind === 'mixed' ? (i === 0 ? 'async' : 'sync') : kind
      return work(sort, `${sort}-${i}`, budget)
    }),
  )
}

console.log('READY')
const progress = setInterval(() => console.log(`PROGRESS ${countsText()}`), 100)
for (const step of options.list('plan')) {
  const [kind = '', count = '0'] = step.split(':')
  await run(kind, Number(count))
}
clearInterval(progress)
console.log(`DONE ${countsText()}`)
await producer.close()
process.exit(0)
