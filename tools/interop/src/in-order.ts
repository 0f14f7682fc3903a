// SPDX-License-Identifier: Apache-2.0
// Takes the order of hash tables out of a value that was read from JSON.

/** The same value with lists in the order of their text and members in that of their names. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, inOrder(one)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}
