// SPDX-License-Identifier: Apache-2.0
// The order in which Java's HashMap tells its entries: of several faults the first in that order is the one reported.

const FIRST_TABLE = 16
const LOAD_FACTOR = 0.75

/** The same entries, by their place in a hash table as large as Java would make it. */
export function inJavaMapOrder<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (map.size < 2) return map
  let buckets = FIRST_TABLE
  while (map.size > buckets * LOAD_FACTOR) buckets *= 2
  // Entries of one place keep the order in which they came.
  return new Map([...map].toSorted(([a], [b]) => placeOf(a, buckets) - placeOf(b, buckets)))
}

function placeOf(text: string, buckets: number): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return (hash ^ (hash >>> 16)) & (buckets - 1)
}
