// SPDX-License-Identifier: Apache-2.0
// What Java's JSON can hold and JavaScript's values cannot say by themselves.
import { RocketMQError } from '../errors.ts'

/** Java's long: a number while it is exact, a bigint beyond. One value has one form, so `===` compares. */
export type JavaLong = number | bigint

/**
 * A map whose keys are not text: `{0:…}` with numbers, `{{…}:…}` with objects, in the order written.
 * {@link parseJavaJson} gives it for such maps; the writer also takes a JavaScript Map.
 */
export class JavaMap<K, V> {
  readonly entries: readonly (readonly [K, V])[]

  constructor(entries: readonly (readonly [K, V])[]) {
    this.entries = entries
  }
}

/** A double: written with a fraction (`3.0`) as Java does; NaN and the infinities are written as `null`. */
export class JavaDouble {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A Java array of primitives: pretty printing leaves it on one line. */
export class JavaArray {
  readonly items: readonly JavaLong[]

  constructor(items: readonly JavaLong[]) {
    this.items = items
  }
}

/** Text that is not JSON in Java's dialect, or JSON of another shape than asked for. */
export class JavaJsonError extends RocketMQError {
  constructor(message: string, cause?: unknown) {
    super('RMQ_PROTOCOL', message, { cause })
  }
}

/** The number when it is exact, the bigint otherwise. */
export function javaLong(value: bigint): JavaLong {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
