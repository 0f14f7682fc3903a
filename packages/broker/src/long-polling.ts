// SPDX-License-Identifier: Apache-2.0
// Pull requests that wait for messages: held by topic and queue, woken by arrivals, ended by time. @see PullRequestHoldService
import type { Clock } from '@rocketmq-ts/runtime'

/** How often held pulls are compared with their queue's end, in case an arrival was missed. */
const SAFETY_CHECK_MS = 5_000

/** A pull request that waits. */
export interface HeldPull {
  readonly topic: string
  readonly queueId: number
  /** Wakes when the queue reaches beyond this. */
  readonly queueOffset: number
  /** Undefined: any message wakes. */
  readonly matchTags: ((tagsCode: number) => boolean) | undefined
  /** Monotonic time at which the wait ends without a message. */
  readonly deadlineMs: number
  /** True when nobody waits for the answer any more. */
  readonly isAbandoned: boolean
  /** Reads again and answers, whatever there is. Must not hold the request again. */
  resume(): void
}

/** All held pulls of one broker. */
export class LongPolling {
  readonly #clock: Clock
  readonly #maxOffset: (topic: string, queueId: number) => number
  readonly #held = new Map<string, Map<number, HeldPull[]>>()
  readonly #woken: HeldPull[] = []
  #count = 0
  #nextSafetyCheckMs = 0

  constructor(clock: Clock, maxOffset: (topic: string, queueId: number) => number) {
    this.#clock = clock
    this.#maxOffset = maxOffset
  }

  /** Pulls that wait now. */
  get size(): number {
    return this.#count
  }

  hold(pull: HeldPull): void {
    let queues = this.#held.get(pull.topic)
    if (queues === undefined) {
      queues = new Map()
      this.#held.set(pull.topic, queues)
    }
    const pulls = queues.get(pull.queueId)
    if (pulls === undefined) queues.set(pull.queueId, [pull])
    else pulls.push(pull)
    this.#count++
    // A message may have come between the read and the hold.
    const end = this.#maxOffset(pull.topic, pull.queueId)
    if (end > pull.queueOffset) {
      this.#wakeMatching(pull.topic, pull.queueId, (held) => end > held.queueOffset)
    }
  }

  /** Hears of every message that became readable; wakes those it may satisfy. Called once per message: two look-ups when nobody waits. */
  arrived(topic: string, queueId: number, queueOffset: number, tagsCode: number): void {
    const pulls = this.#held.get(topic)?.get(queueId)
    if (pulls === undefined) return
    this.#wakeMatching(
      topic,
      queueId,
      (pull) =>
        queueOffset >= pull.queueOffset &&
        (pull.matchTags === undefined || pull.matchTags(tagsCode)),
    )
  }

  /** Ends the waits whose time is up. Run every second or so. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs()
    const checkOffsets = nowMs >= this.#nextSafetyCheckMs
    if (checkOffsets) this.#nextSafetyCheckMs = nowMs + SAFETY_CHECK_MS
    for (const [topic, queues] of [...this.#held]) {
      for (const queueId of [...queues.keys()]) {
        const end = checkOffsets ? this.#maxOffset(topic, queueId) : 0
        this.#wakeMatching(
          topic,
          queueId,
          (pull) => pull.isAbandoned || pull.deadlineMs <= nowMs || end > pull.queueOffset,
        )
      }
    }
  }

  /** Answers everybody: the broker stops. */
  releaseAll(): void {
    for (const [topic, queues] of [...this.#held]) {
      for (const queueId of [...queues.keys()]) this.#wakeMatching(topic, queueId, () => true)
    }
  }

  #wakeMatching(topic: string, queueId: number, wakes: (pull: HeldPull) => boolean): void {
    const queues = this.#held.get(topic)
    const pulls = queues?.get(queueId)
    if (queues === undefined || pulls === undefined) return
    const staying: HeldPull[] = []
    for (const pull of pulls) {
      if (wakes(pull)) this.#wake(pull)
      else staying.push(pull)
    }
    if (staying.length === pulls.length) return
    this.#count -= pulls.length - staying.length
    if (staying.length > 0) queues.set(queueId, staying)
    else {
      queues.delete(queueId)
      if (queues.size === 0) this.#held.delete(topic)
    }
  }

  /** Resumes after all arrivals of this moment have been told, so that one answer carries them all. */
  #wake(pull: HeldPull): void {
    if (this.#woken.push(pull) > 1) return
    queueMicrotask(() => {
      for (const woken of this.#woken.splice(0)) if (!woken.isAbandoned) woken.resume()
    })
  }
}
