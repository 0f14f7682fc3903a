// SPDX-License-Identifier: Apache-2.0
// Checks settings given by users, who may write JavaScript: unknown keys, wrong types, values out of range.
import { RocketMQError } from '@rocketmq-ts/remoting'

/** What each key must be. A check returns what is wrong, or undefined. */
export type Checks<T> = { readonly [K in keyof Required<T>]: Check }
type Check = (value: unknown) => string | undefined

/** Throws RMQ_INVALID_ARGUMENT naming `subject` and the key at the first value a check refuses. */
export function checkSettings<T extends object>(
  subject: string,
  settings: T,
  checks: Checks<T>,
): void {
  if (typeof settings !== 'object' || settings === null) {
    throw invalid(`${subject} needs an object of settings, got ${typeof settings}`)
  }
  const known = Object.keys(checks)
  for (const [key, value] of Object.entries(settings)) {
    const check = (checks as Record<string, Check | undefined>)[key]
    if (check === undefined) throw invalid(`${subject} has no setting ${key}${hint(key, known)}`)
    if (value === undefined) continue
    const wrong = check(value)
    if (wrong !== undefined) throw invalid(`${subject}: ${key} ${wrong}`)
  }
}

/** An error that says the caller's own argument is wrong. */
export function invalid(message: string): RocketMQError {
  return new RocketMQError('RMQ_INVALID_ARGUMENT', message)
}

export const anything: Check = () => undefined

export const text: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be text that is not empty'

export const flag: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false'

export const record: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be an object'

/** A whole number from `smallest` to `largest`. */
export function whole(smallest: number, largest: number = Number.MAX_SAFE_INTEGER): Check {
  return (value) =>
    Number.isSafeInteger(value) && Number(value) >= smallest && Number(value) <= largest
      ? undefined
      : `must be a whole number from ${smallest} to ${largest}, got ${String(value)}`
}

/** One of the given values. */
export function oneOf(...values: readonly string[]): Check {
  return (value) =>
    values.includes(value as string) ? undefined : `must be one of ${values.join(', ')}`
}

/** A list whose every item passes. */
export function listOf(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'must be a list'
    for (const one of value as readonly unknown[]) {
      const wrong = item(one)
      if (wrong !== undefined) return `has an item that ${wrong}`
    }
    return undefined
  }
}

/** Either form. */
export function either(left: Check, right: Check): Check {
  return (value) => {
    const wrong = left(value)
    return wrong === undefined || right(value) === undefined ? undefined : wrong
  }
}

function hint(key: string, known: readonly string[]): string {
  const close = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return close !== undefined && close.distance <= 3 ? `; did you mean ${close.name}` : ''
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
