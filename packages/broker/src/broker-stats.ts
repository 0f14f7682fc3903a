// SPDX-License-Identifier: Apache-2.0
// Figures of a running broker: messages and bytes in and out, with rates over the last ten seconds, minute and ten minutes.
import type { Clock } from '@rocketmq-ts/runtime'

/** A reading of the counters. */
interface Sample {
  readonly atMs: number
  readonly puts: number
  readonly finds: number
  readonly misses: number
  readonly transferred: number
}

/** Samples are taken every second; ten minutes of them are kept. @see StoreStatsService */
export const SAMPLE_PERIOD_MS = 1_000
const KEPT_SAMPLES = 601
/** Java's three windows, in samples. */
const WINDOWS = [10, 60, 600] as const
const SECOND_MS = 1_000
const DAY_MS = 24 * 60 * 60 * SECOND_MS

type Counter = 'puts' | 'finds' | 'misses' | 'transferred'

/** Upper ends of the put time classes in milliseconds, and how Java names them. */
const PUT_CLASSES: readonly (readonly [untilMs: number, name: string])[] = [
  [0, '[<=0ms]'],
  [10, '[0~10ms]'],
  [50, '[10~50ms]'],
  [100, '[50~100ms]'],
  [200, '[100~200ms]'],
  [500, '[200~500ms]'],
  [1_000, '[500ms~1s]'],
  [2_000, '[1~2s]'],
  [3_000, '[2~3s]'],
  [4_000, '[3~4s]'],
  [5_000, '[4~5s]'],
  [10_000, '[5~10s]'],
  [Number.POSITIVE_INFINITY, '[10s~]'],
]

/** Counters of one broker. The message path only adds to numbers. */
export class BrokerStats {
  readonly #clock: Clock
  readonly #samples: Sample[] = []
  readonly #putClasses: number[] = PUT_CLASSES.map(() => 0)
  readonly bootTimestampMs: number
  readonly #bootMonotonicMs: number
  /** Messages stored. */
  puts = 0
  putBytes = 0
  putFailures = 0
  putTimeMaxMs = 0
  /** Pulls that found messages, and those that found none. */
  finds = 0
  misses = 0
  /** Messages given out. */
  transferred = 0
  getTimeMaxMs = 0
  #midnightMs = 0
  #putsYesterdayMorning = 0
  #putsTodayMorning = 0
  #getsYesterdayMorning = 0
  #getsTodayMorning = 0

  constructor(clock: Clock, utcOffsetMinutes: (atMs: number) => number) {
    this.#clock = clock
    this.bootTimestampMs = clock.nowMs()
    this.#bootMonotonicMs = clock.monotonicMs()
    this.#utcOffsetMinutes = utcOffsetMinutes
    this.#midnightMs = this.#nextMidnightMs()
    this.sample()
  }

  readonly #utcOffsetMinutes: (atMs: number) => number

  /** Counts what one request stored, and how long it took until it was safe. */
  stored(messageCount: number, bytes: number, tookMs: number): void {
    this.puts += messageCount
    this.putBytes += bytes
    if (tookMs > this.putTimeMaxMs) this.putTimeMaxMs = tookMs
    // Nearly every append is in the first class.
    let at = 0
    while (tookMs > (PUT_CLASSES[at]?.[0] ?? Number.POSITIVE_INFINITY)) at++
    this.#putClasses[at] = (this.#putClasses[at] ?? 0) + 1
  }

  /** Takes a reading. Run every {@link SAMPLE_PERIOD_MS}. */
  sample(): void {
    const { puts, finds, misses, transferred } = this
    this.#samples.push({ atMs: this.#clock.monotonicMs(), puts, finds, misses, transferred })
    if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift()
    if (this.#clock.nowMs() >= this.#midnightMs) this.#newDay()
  }

  /** Per second over each of Java's windows that has begun, separated by blanks, with one at the end. */
  rates(counter: Counter): string {
    return `${this.#rates((sample) => sample[counter]).join(' ')} `
  }

  /** The same for all pulls together. */
  totalRates(): string {
    return this.#rates((sample) => sample.finds + sample.misses).join(' ')
  }

  /** Per second over the last ten seconds. */
  rate(counter: Counter): number {
    return this.#rate((sample) => sample[counter], WINDOWS[0])
  }

  #rates(of: (sample: Sample) => number): readonly string[] {
    return WINDOWS.map((window) => javaDouble(this.#rate(of, window)))
  }

  #rate(of: (sample: Sample) => number, window: number): number {
    const last = this.#samples.at(-1)
    const first = this.#samples[Math.max(0, this.#samples.length - 1 - window)]
    if (last === undefined || first === undefined || last.atMs <= first.atMs) return 0
    return ((of(last) - of(first)) * SECOND_MS) / (last.atMs - first.atMs)
  }

  /** How many appends fell into each class of duration, as Java prints it. */
  putTimeDistribution(): string {
    return PUT_CLASSES.map(([, name], at) => `${name}:${this.#putClasses[at] ?? 0} `).join('')
  }

  /** Within how many milliseconds the given part of all appends was safe: the upper end of its class. */
  putLatencyMs(part: number): number {
    let left = Math.ceil(this.#putClasses.reduce((sum, count) => sum + count, 0) * part)
    const at = this.#putClasses.findIndex((count) => (left -= count) <= 0)
    const untilMs = PUT_CLASSES[at]?.[0] ?? 0
    return Number.isFinite(untilMs) ? untilMs : this.putTimeMaxMs
  }

  /** Counts at yesterday's and today's midnight, and now. @see BrokerStats.record */
  days(): {
    readonly puts: readonly [yesterday: number, today: number, now: number]
    readonly gets: readonly [yesterday: number, today: number, now: number]
  } {
    return {
      puts: [this.#putsYesterdayMorning, this.#putsTodayMorning, this.puts],
      gets: [this.#getsYesterdayMorning, this.#getsTodayMorning, this.transferred],
    }
  }

  /** How long the broker has run, as Java prints it. */
  runTime(): string {
    const seconds = Math.floor((this.#clock.monotonicMs() - this.#bootMonotonicMs) / SECOND_MS)
    const minutes = Math.floor(seconds / 60)
    const hours = Math.floor(minutes / 60)
    return `[ ${Math.floor(hours / 24)} days, ${hours % 24} hours, ${minutes % 60} minutes, ${seconds % 60} seconds ]`
  }

  #newDay(): void {
    this.#putsYesterdayMorning = this.#putsTodayMorning
    this.#getsYesterdayMorning = this.#getsTodayMorning
    this.#putsTodayMorning = this.puts
    this.#getsTodayMorning = this.transferred
    this.#midnightMs = this.#nextMidnightMs()
  }

  #nextMidnightMs(): number {
    const nowMs = this.#clock.nowMs()
    const offsetMs = this.#utcOffsetMinutes(nowMs) * 60 * SECOND_MS
    return (Math.floor((nowMs + offsetMs) / DAY_MS) + 1) * DAY_MS - offsetMs
  }
}

/** A double as Java's String.valueOf prints the common ones: always with a fraction. */
export function javaDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
