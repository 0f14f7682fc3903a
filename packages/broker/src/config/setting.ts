// SPDX-License-Identifier: Apache-2.0
// One setting of ours that a Java key feeds: how its text is read, its range, and when a change takes effect.

/** A Java key and what we make of its text. */
export interface Setting<T> {
  readonly key: string
  readonly read: (text: string) => T
  /** Says what is wrong with a text of the right type; undefined when nothing is. */
  readonly faultOf: (text: string) => string | undefined
  /** True when a running broker follows a change; otherwise it waits for the next start. */
  readonly live: boolean
}

interface Range {
  readonly min?: number
  readonly max?: number
}

const fine = (): undefined => undefined

/** A text, as it is. */
export function text(key: string): Setting<string> {
  return { key, read: (given) => given, faultOf: fine, live: false }
}

/** A whole number in a range. Java's long beyond 2^53 is refused: no setting needs one. */
export function integer(key: string, { min = 0, max = 2 ** 31 - 1 }: Range = {}): Setting<number> {
  return {
    key,
    read: Number,
    faultOf: (given) =>
      Number(given) >= min && Number(given) <= max
        ? undefined
        : `must be between ${min} and ${max}`,
    live: false,
  }
}

/** `true` or `false`. */
export function flag(key: string): Setting<boolean> {
  return { key, read: (given) => given.toLowerCase() === 'true', faultOf: fine, live: false }
}

/** A text that must be one of a few. */
export function choice<T extends string>(key: string, allowed: readonly T[]): Setting<T> {
  return {
    key,
    read: (given) => given as T,
    faultOf: (given) =>
      allowed.some((one) => one === given)
        ? undefined
        : `must be ${allowed.join(' or ')} in this version`,
    live: false,
  }
}

/** A list with `;` between the items; empty items are left out. */
export function list(key: string): Setting<readonly string[]> {
  return {
    key,
    read: (given) =>
      given
        .split(';')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    faultOf: fine,
    live: false,
  }
}

/** The same setting, followed while the broker runs. */
export function live<T>(setting: Setting<T>): Setting<T> {
  return { ...setting, live: true }
}
