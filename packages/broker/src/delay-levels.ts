// SPDX-License-Identifier: Apache-2.0
// The delays of the delay levels, from Java's messageDelayLevel text.

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * Milliseconds by level; level 1 is the first.
 * @throws {RangeError} when a part is not a number and a unit.
 */
export function parseDelayLevels(text: string): readonly number[] {
  return text
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => {
      const unitMs = UNIT_MS[part.slice(-1)]
      const digits = part.slice(0, -1)
      if (unitMs === undefined || !/^\d{1,9}$/.test(digits)) {
        throw new RangeError(`messageDelayLevel: '${part}' is not a number with s, m, h or d`)
      }
      return Number(digits) * unitMs
    })
}
