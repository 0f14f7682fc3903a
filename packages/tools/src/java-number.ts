// SPDX-License-Identifier: Apache-2.0
// Whole numbers as Java parses them.

/** @throws Error with Java's words when the text is not a whole number. */
export function javaWholeNumber(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw new Error(`For input string: "${text}"`)
}
