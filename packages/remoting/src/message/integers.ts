// SPDX-License-Identifier: Apache-2.0
// Big endian integers in bytes, 64-bit ones as numbers, without allocating.

const TWO_POW_32 = 0x1_0000_0000

/** Writes 32 bits; returns the position behind them. */
export function putInt32(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
  return at + 4
}

/** Writes a safe integer as 64 bits; returns the position behind them. */
export function putInt64(target: Uint8Array, at: number, value: number): number {
  const high = Math.floor(value / TWO_POW_32)
  putInt32(target, at, high)
  return putInt32(target, at + 4, value - high * TWO_POW_32)
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/** Reads 64 bits; exact for safe integers, which is all that RocketMQ's offsets and times can be. */
export function int64At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) * TWO_POW_32 + (int32At(bytes, at + 4) >>> 0)
}

export function int16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}
