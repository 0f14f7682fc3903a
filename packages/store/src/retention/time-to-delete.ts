// SPDX-License-Identifier: Apache-2.0
// Whether expired files may go now: at the hours an operator chose, in the host's local time.

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * True during each of the hours in `deleteWhen`, such as `04` or `04;16`.
 * What is no number is passed over. @see UtilAll.isItTimeToDo
 */
export function isTimeToDelete(
  deleteWhen: string,
  nowMs: number,
  utcOffsetMinutes: number,
): boolean {
  const local = nowMs + utcOffsetMinutes * 60_000
  const hour = Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS)
  return deleteWhen.split(';').some((text) => /^[+-]?\d+$/.test(text) && Number(text) === hour)
}
