// SPDX-License-Identifier: Apache-2.0
// Integers in big-endian bytes, without the argument checks of Buffer's own methods, which cost more than the work.

export function int16At(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16)) >> 16
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/** Writes the low 16 bits; returns the new end. */
export function writeInt16(value: number, target: Uint8Array, at: number): number {
  target[at] = value >>> 8
  target[at + 1] = value
  return at + 2
}

/** Writes the low 32 bits; returns the new end. */
export function writeInt32(value: number, target: Uint8Array, at: number): number {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
  return at + 4
}
