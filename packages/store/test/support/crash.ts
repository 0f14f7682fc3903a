// SPDX-License-Identifier: Apache-2.0
// Runs a store under load, crashes it at a chosen disk operation, opens it again and compares it with what was promised.
import { deepStrictEqual as equal, ok } from 'node:assert/strict'
import { decodeMessage } from '@rocketmq-ts/remoting/message'
import {
  type CrashKind,
  type FileOperation,
  type SimRandom,
  type SimulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import type { MessageStore, StoreConfig } from '../../src/index.ts'
import { message, openStore, readRecords } from './store.ts'

/** A message that was appended, and what is known of it. */
interface Sent {
  readonly topic: string
  readonly queueId: number
  readonly queueOffset: number
  readonly offset: number
  readonly body: Buffer
  /** Set when its waiter was told PUT_OK: whether it asked for the disk. */
  acknowledged: 'kernel' | 'disk' | undefined
}

export interface Settings {
  readonly flushDiskType: StoreConfig['flushDiskType']
  readonly kind: CrashKind
}

export const ALL_SETTINGS: readonly Settings[] = [
  { flushDiskType: 'ASYNC_FLUSH', kind: 'process' },
  { flushDiskType: 'ASYNC_FLUSH', kind: 'power' },
  { flushDiskType: 'SYNC_FLUSH', kind: 'process' },
  { flushDiskType: 'SYNC_FLUSH', kind: 'power' },
]

/** Operations at which something on the disk changes. */
export function isChange(operation: FileOperation): boolean {
  return operation.kind !== 'read'
}

/** One life of a store after another on the same disk. */
export class CrashTest {
  runtime: SimulatedRuntime
  readonly #settings: Settings
  readonly #random: SimRandom
  /** By queue: what the store has to hold, in order; whatever was lost rightly has been taken out. */
  readonly #sent: Sent[] = []
  #count = 0
  #lastKind: CrashKind
  /** Disk operations so far that changed something. */
  operations = 0
  store: MessageStore | undefined

  constructor(runtime: SimulatedRuntime, settings: Settings) {
    this.runtime = runtime
    this.#settings = settings
    this.#lastKind = settings.kind
    this.#random = runtime.random.fork()
  }

  async open(): Promise<MessageStore> {
    this.store = await openStore(this.runtime, {
      flushDiskType: this.#settings.flushDiskType,
      flushIntervalMs: 20,
      consumeQueueWriteIntervalMs: 5,
      consumeQueueFlushIntervalMs: 30,
    })
    return this.store
  }

  /** Appends `rounds` bursts with pauses between them. */
  async load(store: MessageStore, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const burst = 1 + this.#random.below(6)
      for (let i = 0; i < burst; i++) this.#send(store)
      await this.runtime.advance(this.#random.below(12))
    }
  }

  /**
   * Runs `work` until the first operation that `isHere` picks; the process dies on it. Returns whether it came to that.
   * The operation itself does not happen.
   */
  async untilCrash(
    isHere: (operation: FileOperation, count: number) => boolean,
    work: () => Promise<unknown>,
  ): Promise<boolean> {
    const { runtime } = this
    let next: SimulatedRuntime | undefined
    runtime.disk.fault = (operation) => {
      if (!isChange(operation)) return undefined
      this.operations++
      if (next === undefined && isHere(operation, this.operations)) {
        this.#lastKind = this.#settings.kind
        next = runtime.crash(this.#lastKind)
      }
      return undefined
    }
    try {
      await work()
    } catch (error) {
      // Whatever the dead process stumbles over; anything else is a finding.
      if (next === undefined) throw error
    }
    runtime.disk.fault = undefined
    if (next === undefined) return false
    this.#died(next)
    return true
  }

  /** The process dies now. */
  crash(kind: CrashKind = this.#settings.kind): void {
    this.#lastKind = kind
    this.#died(this.runtime.crash(kind))
  }

  #died(next: SimulatedRuntime): void {
    this.runtime = next
    this.store = undefined
  }

  /** Compares the store with what was promised, and forgets what was lost rightly. */
  async check(store: MessageStore): Promise<void> {
    const { flushDiskType } = this.#settings
    const kind = this.#lastKind
    const byQueue = Map.groupBy(this.#sent, ({ topic, queueId }) => `${topic}/${queueId}`)
    const bounds = new Map([...store.queues()].map((q) => [`${q.topic}/${q.queueId}`, q]))
    for (const [name, sent] of byQueue) {
      const [first] = sent
      if (first === undefined) continue
      const held = bounds.get(name)?.maxOffset ?? 0
      equal(bounds.get(name)?.minOffset ?? 0, 0)
      const records = await readRecords(this.runtime, store, first.topic, first.queueId)
      // Contiguous queue offsets from 0, each record byte for byte what was sent there.
      equal([name, records.length], [name, held])
      records.forEach((record, queueOffset) => {
        const found = decodeMessage(record, 0, { checkCrc: true })
        const expected = sent[queueOffset]
        const place = [name, found.queueOffset, found.commitLogOffset]
        equal(place, [name, queueOffset, expected?.offset])
        ok(
          expected !== undefined && Buffer.compare(found.body, expected.body) === 0,
          place.join(' '),
        )
        equal({ ...found.properties }, { TAGS: 'A', text: textOf(expected) })
      })
      for (const lost of sent.slice(held)) {
        const isPromised =
          lost.acknowledged !== undefined &&
          (kind === 'process' || (flushDiskType === 'SYNC_FLUSH' && lost.acknowledged === 'disk'))
        if (isPromised) throw new Error(`lost ${name} ${lost.queueOffset} at ${lost.offset}`)
      }
    }
    const kept = [...byQueue].flatMap(([name, sent]) =>
      sent.slice(0, bounds.get(name)?.maxOffset ?? 0),
    )
    this.#expectPrefix(store, kept)
    this.#sent.splice(0, this.#sent.length, ...kept.toSorted((a, b) => a.offset - b.offset))
    equal(store.status().heldSpans, 0)
  }

  // What survives is a prefix of what was appended: no message without all those before it.
  #expectPrefix(store: MessageStore, kept: readonly Sent[]): void {
    const lastKept = Math.max(-1, ...kept.map(({ offset }) => offset))
    const lost = this.#sent.filter((sent) => !kept.includes(sent))
    for (const { offset } of lost) ok(offset > lastKept, `a hole in the log at ${offset}`)
    ok(store.status().commitLogMaxOffset > lastKept)
  }

  #send(store: MessageStore): void {
    const id = this.#count++
    const body = Buffer.alloc(this.#random.below(700), `${id} `)
    const topic = `Topic${this.#random.below(2)}`
    const queueId = this.#random.below(2)
    const sent: Sent = {
      topic,
      queueId,
      queueOffset: -1,
      offset: -1,
      body,
      acknowledged: undefined,
    }
    const properties = Buffer.from(`TAGS\u0001A\u0002text\u0001${textOf(sent)}\u0002`)
    const appended = store.append(message({ topic, queueId, body, properties }))
    if (appended.status !== 'PUT_OK') return
    Object.assign(sent, { queueOffset: appended.queueOffset, offset: appended.offset })
    this.#sent.push(sent)
    const waitsFlush = this.#random.below(3) > 0
    const { runtime } = this
    const waiter = {
      acknowledged: (status: string) => {
        if (status !== 'PUT_OK' || runtime !== this.runtime) return
        sent.acknowledged = waitsFlush ? 'disk' : 'kernel'
      },
    }
    store.whenSafe(appended.offset + appended.recordBytes, waiter, waitsFlush)
  }
}

/** Long enough to reach over sectors, derived from the body so that it can be checked. */
function textOf({ body }: Sent): string {
  return 'p'.repeat((body.length * 7) % 1900) + body.length
}

/** Several lives on one disk, most of them ended by a crash; throws when a promise was broken. */
export async function severalLives(
  runtime: SimulatedRuntime,
  settings: Settings,
  lives: number,
): Promise<void> {
  const { random } = runtime
  const test = new CrashTest(runtime, settings)
  for (let life = 0; life < lives; life++) {
    const store = test.store ?? (await test.open())
    await test.check(store)
    await test.load(store, 1 + random.below(25))
    // A machine that loses power has often seen its process die before, with bytes that nobody flushed.
    const isKilled = settings.kind === 'process' || random.below(2) === 0
    if (random.below(4) > 0) {
      test.crash(isKilled ? 'process' : 'power')
      // Sometimes the recovery dies as well.
      const at = test.operations + 1 + random.below(40)
      if (random.below(4) === 0) {
        await test.untilCrash(
          (_operation, count) => count === at,
          () => test.open(),
        )
      }
    } else {
      await test.runtime.settle(store.close())
      test.store = undefined
      await test.check(await test.open())
      await test.runtime.settle((test.store ?? store).close())
      test.store = undefined
    }
  }
}
