// SPDX-License-Identifier: Apache-2.0
// Cuts bytes the way a network may.

/** The bytes in pieces that end at the given positions; each piece is a copy of its own. */
export function fragment(bytes: Uint8Array, ...cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts, bytes.length]
  let start = 0
  return ends.map((end) => {
    const piece = bytes.slice(start, end)
    start = end
    return piece
  })
}
