// SPDX-License-Identifier: Apache-2.0
// One LZ4 block: sequences of literals and of copies from at most 65,535 bytes back.
//
//   token 1      high half: literal count, low half: match length - 4; 15 goes on in the bytes that follow
//   0–n          more of the literal count: bytes that add up, until one is not 255
//   literals
//   offset 2     little endian, 1–65535 bytes back. The last sequence ends before it
//   0–n          more of the match length
//
// Source: the LZ4 block format description.

const MIN_MATCH = 4
/** The last five bytes are literals, and no match begins in the last twelve. */
const LAST_LITERALS = 5
const MATCH_LIMIT = 12
const MAX_DISTANCE = 65_535
const HASH_BITS = 13
/** After this many failures to find a match the step between tries grows by one. */
const SKIP_SHIFT = 6

/**
 * How many bytes the block holds, from its lengths alone, so that nothing is allocated on its word.
 * @throws {RangeError} when the block is cut or says more than `limit`.
 */
export function lz4BlockLength(
  source: Uint8Array,
  start: number,
  end: number,
  limit: number,
): number {
  let at = start
  let length = 0
  for (;;) {
    if (at >= end) throw new RangeError('the LZ4 block is cut')
    const token = source[at++] as number
    let literals = token >>> 4
    if (literals === 15) {
      let more = 255
      while (more === 255) {
        if (at >= end) throw new RangeError('the LZ4 block is cut')
        more = source[at++] as number
        literals += more
      }
    }
    at += literals
    length += literals
    if (at > end) throw new RangeError('the LZ4 block is cut')
    if (length > limit) throw new RangeError(`the LZ4 block holds more than ${limit} bytes`)
    if (at === end) return length
    at += 2
    let match = token & 15
    if (match === 15) {
      let more = 255
      while (more === 255) {
        if (at >= end) throw new RangeError('the LZ4 block is cut')
        more = source[at++] as number
        match += more
      }
    }
    length += match + MIN_MATCH
    if (length > limit) throw new RangeError(`the LZ4 block holds more than ${limit} bytes`)
  }
}

/**
 * Restores a block that {@link lz4BlockLength} has measured, into `target` from `to` on; returns the new end.
 * Copies reach back to `windowStart`, which is before `to` when blocks are linked.
 * @throws {RangeError} when a copy reaches back further.
 */
export function decodeLz4Block(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  to: number,
  windowStart: number,
): number {
  let at = start
  let out = to
  for (;;) {
    const token = source[at++] as number
    let literals = token >>> 4
    if (literals === 15) {
      let more = 255
      while (more === 255) {
        more = source[at++] as number
        literals += more
      }
    }
    if (literals > 32) {
      target.set(source.subarray(at, at + literals), out)
      at += literals
      out += literals
    } else {
      for (const stop = at + literals; at < stop;) target[out++] = source[at++] as number
    }
    if (at === end) return out
    const distance = (source[at] as number) | ((source[at + 1] as number) << 8)
    at += 2
    if (distance === 0 || out - distance < windowStart) {
      throw new RangeError(`an LZ4 copy from ${distance} bytes back reaches before the data`)
    }
    let match = token & 15
    if (match === 15) {
      let more = 255
      while (more === 255) {
        more = source[at++] as number
        match += more
      }
    }
    match += MIN_MATCH
    if (match > 32 && distance >= match) {
      target.copyWithin(out, out - distance, out - distance + match)
      out += match
    } else {
      // Byte by byte: a copy may read what it has just written.
      for (const stop = out + match; out < stop; out++) {
        target[out] = target[out - distance] as number
      }
    }
  }
}

/** The most bytes a block of `length` bytes can take. */
export function lz4BlockBound(length: number): number {
  return length + Math.floor(length / 255) + 16
}

/** Positions by the hash of four bytes, plus one; 0 is none. Encoding is synchronous and never nests, so one is enough. */
const positions = new Int32Array(1 << HASH_BITS)

/**
 * Compresses `source` from `start` to `end` into `target` from `to` on; returns the new end.
 * `target` has room for {@link lz4BlockBound} bytes. The first match found is taken, as fast encoders do.
 */
export function encodeLz4Block(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  to: number,
): number {
  positions.fill(0)
  const lastMatchStart = end - MATCH_LIMIT
  const matchEnd = end - LAST_LITERALS
  let anchor = start
  let at = start
  let out = to
  let tries = 1 << SKIP_SHIFT
  while (at <= lastMatchStart) {
    const sequence = word(source, at)
    const slot = Math.imul(sequence, 0x9e3779b1) >>> (32 - HASH_BITS)
    const candidate = (positions[slot] as number) - 1
    positions[slot] = at + 1
    if (
      candidate < start ||
      at - candidate > MAX_DISTANCE ||
      word(source, candidate) !== sequence
    ) {
      at += tries++ >>> SKIP_SHIFT
      continue
    }
    tries = 1 << SKIP_SHIFT
    let length = MIN_MATCH
    while (at + length < matchEnd && source[at + length] === source[candidate + length]) length++
    out = putSequence(source, anchor, at, target, out, length - MIN_MATCH)
    target[out] = at - candidate
    target[out + 1] = (at - candidate) >>> 8
    out = putRest(target, out + 2, length - MIN_MATCH)
    at += length
    anchor = at
  }
  return putSequence(source, anchor, end, target, out, 0)
}

/** Token, the rest of the literal count, and the literals. */
function putSequence(
  source: Uint8Array,
  literalStart: number,
  literalEnd: number,
  target: Uint8Array,
  to: number,
  match: number,
): number {
  const literals = literalEnd - literalStart
  target[to] = (Math.min(literals, 15) << 4) | Math.min(match, 15)
  const at = putRest(target, to + 1, literals)
  target.set(source.subarray(literalStart, literalEnd), at)
  return at + literals
}

/** What of a length does not fit its half of the token. */
function putRest(target: Uint8Array, to: number, length: number): number {
  if (length < 15) return to
  let at = to
  let rest = length - 15
  for (; rest >= 255; rest -= 255) target[at++] = 255
  target[at++] = rest
  return at
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}
