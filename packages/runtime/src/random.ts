// SPDX-License-Identifier: Apache-2.0
// The randomness seam.

/** Where random numbers come from. */
export interface Random {
  /** A whole number from 0 to `bound` − 1; `bound` is a whole number from 1 to 2^48. */
  below(bound: number): number
  /** `length` random bytes, owned by the caller. */
  bytes(length: number): Uint8Array
}
