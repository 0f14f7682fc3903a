// SPDX-License-Identifier: Apache-2.0
// Ledgers of sent and received messages: reading them, and what must hold between them.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

export type SentState = 'acknowledged' | 'oneway' | 'failed'

export interface Sent {
  readonly state: SentState
  readonly topic: string
  readonly uniqueKey: string
  readonly offsetMsgId: string
  readonly queueId: number
  /** Position in the queue as the acknowledgement gave it; −1 without one. */
  readonly queueOffset: number
  /** SEND_OK and its like, or why it failed. */
  readonly status: string
  readonly hash: string
  readonly bytes: number
  readonly tag: string
  readonly keys: string
  readonly sequence: number
  /** The thread that sent; synchronous sends of one lane to one queue keep their order. */
  readonly lane: string
  readonly text: string
}

export interface Received {
  readonly topic: string
  readonly uniqueKey: string
  readonly offsetMsgId: string
  readonly queueId: number
  readonly queueOffset: number
  readonly reconsumeTimes: number
  readonly hash: string
  readonly bytes: number
  readonly tag: string
  readonly keys: string
  readonly sequence: number
  readonly text: string
}

const states: Readonly<Record<string, SentState>> = { A: 'acknowledged', O: 'oneway', F: 'failed' }

export function parseSent(line: string): Sent {
  const [state = '', topic = '', uniqueKey = '', offsetMsgId = '', queueId, queueOffset, ...more] =
    line.split('\t')
  const [status = '', hash = '', bytes, tag = '', keys = '', sequence, lane = '', text = ''] = more
  const known = states[state]
  if (known === undefined || more.length < 8)
    throw new Error(`not a line of a send ledger: ${line}`)
  return {
    state: known,
    topic,
    uniqueKey,
    offsetMsgId,
    queueId: Number(queueId),
    queueOffset: Number(queueOffset),
    status,
    hash,
    bytes: Number(bytes),
    tag,
    keys,
    sequence: Number(sequence),
    lane,
    text,
  }
}

export function parseReceived(line: string): Received {
  const [state, topic = '', uniqueKey = '', offsetMsgId = '', queueId, queueOffset, ...more] =
    line.split('\t')
  const [reconsumeTimes, hash = '', bytes, tag = '', keys = '', sequence, , text = ''] = more
  if (state !== 'R' || more.length < 8) throw new Error(`not a line of a receive ledger: ${line}`)
  return {
    topic,
    uniqueKey,
    offsetMsgId,
    queueId: Number(queueId),
    queueOffset: Number(queueOffset),
    reconsumeTimes: Number(reconsumeTimes),
    hash,
    bytes: Number(bytes),
    tag,
    keys,
    sequence: Number(sequence),
    text,
  }
}

async function readLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // A killed writer may leave half a line at the end, and only there.
  const end = text.lastIndexOf('\n')
  return end < 0 ? [] : text.slice(0, end).split('\n')
}

/** Lanes get the file's name in front: two producers may name their threads alike. */
export async function readSent(...files: readonly string[]): Promise<Sent[]> {
  const parts = await Promise.all(
    files.map(async (file) => {
      const producer = basename(file, '.ledger')
      return (await readLines(file)).map((line) => {
        const sent = parseSent(line)
        return { ...sent, lane: `${producer}/${sent.lane}` }
      })
    }),
  )
  return parts.flat()
}

export async function readReceived(...files: readonly string[]): Promise<Received[]> {
  return (await Promise.all(files.map(readLines))).flat().map(parseReceived)
}

export interface Comparison {
  /** Messages that had to arrive. */
  readonly expected: number
  readonly received: number
  readonly lost: readonly Sent[]
  /** Arrived with another body, tag, key or property. */
  readonly altered: readonly string[]
  /** Received, yet nobody sent it. */
  readonly alien: readonly Received[]
  /** Received more than once. */
  readonly duplicated: readonly Received[]
  /** Not at the queue and offset that the acknowledgement named. */
  readonly misplaced: readonly string[]
  /** One lane's synchronous messages out of order in a queue. */
  readonly disordered: readonly string[]
}

/**
 * Compares what was sent with what arrived.
 *
 * A failed send may have been stored all the same, so such a message may arrive or not.
 */
export function compareLedgers(sent: readonly Sent[], received: readonly Received[]): Comparison {
  const originOf = originFinder(sent)
  const positions = new Map<Sent, Set<string>>()
  const altered: string[] = []
  const alien: Received[] = []
  const duplicated: Received[] = []
  for (const one of received) {
    const origin = originOf(one)
    if (origin === undefined) {
      alien.push(one)
      continue
    }
    const change = difference(origin, one)
    if (change !== undefined) altered.push(`${one.uniqueKey}: ${change}`)
    const places = positions.get(origin)
    if (places === undefined) positions.set(origin, new Set([place(one)]))
    else {
      duplicated.push(one)
      places.add(place(one))
    }
  }
  const expected = sent.filter((one) => one.state !== 'failed')
  return {
    expected: expected.length,
    received: received.length,
    lost: expected.filter((one) => !positions.has(one)),
    altered,
    alien,
    duplicated,
    misplaced: misplacedOf(expected, positions),
    disordered: disorderedOf(originOf, received),
  }
}

type OriginOf = (received: Received) => Sent | undefined

/** By unique key; by body where the sender knew no key, which our client does not tell without an answer. */
function originFinder(sent: readonly Sent[]): OriginOf {
  const byKey = new Map<string, Sent>()
  const byHash = new Map<string, Sent>()
  for (const one of sent) {
    if (one.uniqueKey === '') byHash.set(one.hash, one)
    else byKey.set(one.uniqueKey, one)
  }
  return (received) => byKey.get(received.uniqueKey) ?? byHash.get(received.hash)
}

function place(one: { queueId: number; queueOffset: number }): string {
  return `${one.queueId}@${one.queueOffset}`
}

function difference(sent: Sent, received: Received): string | undefined {
  if (sent.hash !== received.hash) {
    return `body of ${sent.bytes} bytes ${sent.hash} became ${received.bytes} bytes ${received.hash}`
  }
  for (const field of ['topic', 'tag', 'keys', 'sequence', 'text'] as const) {
    if (sent[field] !== received[field]) {
      return `${field} "${sent[field]}" became "${received[field]}"`
    }
  }
  return undefined
}

function misplacedOf(
  expected: readonly Sent[],
  positions: ReadonlyMap<Sent, ReadonlySet<string>>,
): string[] {
  const misplaced: string[] = []
  for (const one of expected) {
    if (one.queueOffset < 0) continue
    const places = positions.get(one)
    if (places !== undefined && !places.has(place(one))) {
      misplaced.push(
        `${one.uniqueKey}: acknowledged at ${place(one)}, read at ${[...places].join(' ')}`,
      )
    }
  }
  return misplaced
}

/** Looks at first deliveries in queue order; retries after a failure may come later again. */
function disorderedOf(originOf: OriginOf, received: readonly Received[]): string[] {
  const disordered: string[] = []
  const lastOf = new Map<string, number>()
  const seen = new Set<Sent>()
  const inQueueOrder = received
    .filter((one) => one.reconsumeTimes === 0)
    .sort((a, b) => a.queueId - b.queueId || a.queueOffset - b.queueOffset)
  for (const one of inQueueOrder) {
    const origin = originOf(one)
    if (origin === undefined || origin.state === 'failed' || seen.has(origin)) continue
    seen.add(origin)
    // Concurrent sends of one lane have no order among themselves.
    if (/\/(async|oneway)/.test(origin.lane)) continue
    const shard = `${one.topic} ${one.queueId} ${origin.lane}`
    const last = lastOf.get(shard) ?? 0
    if (origin.sequence < last) disordered.push(`${shard}: ${origin.sequence} after ${last}`)
    lastOf.set(shard, origin.sequence)
  }
  return disordered
}

export interface Expectations {
  /** Duplicates are legal after failures, after a rebalance and with a retry. */
  readonly duplicatesAllowed?: boolean
  /** Queue positions and order are only known to a reader of queues. */
  readonly positions?: boolean
}

/** The problems in a comparison, each as one line; empty when all is well. */
export function problemsIn(comparison: Comparison, expectations: Expectations = {}): string[] {
  const problems: string[] = []
  const add = (what: string, items: readonly unknown[], show: (item: never) => string): void => {
    if (items.length === 0) return
    const shown = items.slice(0, 3).map((item) => show(item as never))
    problems.push(`${items.length} ${what} (${shown.join('; ')}${items.length > 3 ? '; …' : ''})`)
  }
  add(
    'lost',
    comparison.lost,
    (one: Sent) => `${one.topic} ${place(one)} ${one.lane} ${one.uniqueKey}`,
  )
  add('altered', comparison.altered, String)
  add(
    'never sent',
    comparison.alien,
    (one: Received) => `${one.topic} ${place(one)} ${one.uniqueKey}`,
  )
  if (expectations.duplicatesAllowed !== true) {
    add('duplicated', comparison.duplicated, (one: Received) => `${place(one)} ${one.uniqueKey}`)
  }
  if (expectations.positions === true) {
    add('misplaced', comparison.misplaced, String)
    add('out of order', comparison.disordered, String)
  }
  return problems
}
