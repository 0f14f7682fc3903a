// SPDX-License-Identifier: Apache-2.0
// Small numbers about many: percentiles of a sample, and min/median/max of a few runs.

/** Values gathered one by one into one growing array of floats. */
export class Sample {
  #values: Float32Array = new Float32Array(1 << 16)
  #count = 0
  #sorted = false

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float32Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = value
    this.#sorted = false
  }

  get count(): number {
    return this.#count
  }

  /** The value that `part` (0 to 1) of all values do not exceed. */
  percentile(part: number): number {
    if (this.#count === 0) return Number.NaN
    if (!this.#sorted) this.#values.subarray(0, this.#count).sort()
    this.#sorted = true
    const index = Math.min(this.#count - 1, Math.max(0, Math.ceil(this.#count * part) - 1))
    return this.#values[index] ?? Number.NaN
  }
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

/** "min/median/max" with three significant digits. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return '–'
  if (values.length === 1) return short(values[0] ?? Number.NaN)
  return [Math.min(...values), median(values), Math.max(...values)].map(short).join('/')
}

/** Three significant digits, thousands as k. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 10_000) return `${short(value / 1000)}k`
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
