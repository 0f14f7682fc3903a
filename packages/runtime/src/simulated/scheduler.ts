// SPDX-License-Identifier: Apache-2.0
// Virtual time: runs what is due in order, turn by turn, and lets promises settle in between.
import { createNodeTurn } from '../node/turn.ts'
import type { Cancel } from '../timers.ts'

/** What runs belongs to a life; when it has ended, nothing of it runs any more. */
export class Life {
  #ended = false

  get hasEnded(): boolean {
    return this.#ended
  }

  end(): void {
    this.#ended = true
  }
}

interface Due {
  readonly atMs: number
  readonly order: number
  readonly life: Life
  readonly run: () => void
  /** Repeats by itself, so it is nothing to wait for. */
  readonly isPeriodic: boolean
  isCancelled: boolean
}

const realTurn = createNodeTurn()

/** Lets all promise reactions run: they come before the next macrotask of the real loop. */
function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => realTurn.atEnd(resolve))
}

/** One queue of events for all machines of a simulated world. Same calls, same order, whatever the real time. */
export class Scheduler {
  #nowMs = 0
  #order = 0
  readonly #heap: Due[] = []
  #lasting = 0
  #atTurnEnd: { life: Life; run: () => void }[] = []

  /** Virtual milliseconds since the world began; may have a fraction. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Runs `run` in `delayMs` of virtual time. */
  after(life: Life, delayMs: number, run: () => void, isPeriodic: boolean = false): Cancel {
    const due: Due = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      life,
      run,
      isPeriodic,
      isCancelled: false,
    }
    this.#push(due)
    if (!isPeriodic) this.#lasting++
    return () => {
      if (due.isCancelled) return
      due.isCancelled = true
      if (!isPeriodic) this.#lasting--
    }
  }

  /** Runs `run` at the end of the turn under way, or of the next one. */
  atTurnEnd(life: Life, run: () => void): void {
    this.#atTurnEnd.push({ life, run })
  }

  /** Runs everything that is due in the next `durationMs`, then stands at that time. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs
    await settleMicrotasks()
    while (await this.#turn(untilMs)) {
      // Each turn runs what is due at one time.
    }
    this.#nowMs = untilMs
  }

  /** Runs until only periodic work is left. */
  async run(): Promise<void> {
    await settleMicrotasks()
    while (this.#lasting > 0 || this.#atTurnEnd.length > 0) {
      if (!(await this.#turn(Number.POSITIVE_INFINITY))) return
    }
  }

  /** Runs until `promise` settles. @throws {Error} when it has not after `limitMs` of virtual time, or when nothing is left to run. */
  async settle<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    const untilMs = this.#nowMs + limitMs
    let isSettled = false
    const mark = (): void => {
      isSettled = true
    }
    promise.then(mark, mark)
    await settleMicrotasks()
    while (!isSettled) {
      if (!(await this.#turn(untilMs)) && !isSettled) {
        throw new Error(`nothing settled the promise within ${limitMs} ms of virtual time`)
      }
    }
    return promise
  }

  /** One turn: all that is due at the next time, then the ends of the turn. False when nothing is due up to `untilMs`. */
  async #turn(untilMs: number): Promise<boolean> {
    const atEnd = this.#atTurnEnd
    const next = this.#peek()
    if (atEnd.length === 0) {
      if (next === undefined || next.atMs > untilMs) return false
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
    }
    for (let due = this.#peek(); due !== undefined && due.atMs <= this.#nowMs; due = this.#peek()) {
      this.#pop()
      if (due.isCancelled) continue
      due.isCancelled = true
      if (!due.isPeriodic) this.#lasting--
      if (due.life.hasEnded) continue
      due.run()
      await settleMicrotasks()
    }
    const ending = this.#atTurnEnd
    this.#atTurnEnd = []
    for (const { life, run } of ending) if (!life.hasEnded) run()
    await settleMicrotasks()
    return true
  }

  #peek(): Due | undefined {
    while (this.#heap[0]?.isCancelled === true) this.#pop()
    return this.#heap[0]
  }

  #push(due: Due): void {
    const heap = this.#heap
    let at = heap.push(due) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(due, heap[parent])) break
      heap[at] = heap[parent] as Due
      at = parent
    }
    heap[at] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (isBefore(heap[child + 1], heap[child])) child++
      if (!isBefore(heap[child], last)) break
      heap[at] = heap[child] as Due
      at = child
    }
    heap[at] = last
  }
}

function isBefore(a: Due | undefined, b: Due | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
