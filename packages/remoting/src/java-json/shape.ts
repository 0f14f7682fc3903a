// SPDX-License-Identifier: Apache-2.0
// Describes what a JSON body must look like, and reads and writes it by that description.
import { JavaArray, JavaDouble, JavaJsonError, JavaMap, javaLong, type JavaLong } from './values.ts'

/** How one kind of value is checked when read and prepared for the writer. */
export interface Shape<T> {
  /** @throws {JavaJsonError} when the value does not fit. */
  read(value: unknown): T
  write(value: T): unknown
}

/** A field of a record: its shape, and what an absent or null field means. */
export interface FieldShape<T> {
  readonly wireName?: string
  /** Undefined stands for absent. */
  read(value: unknown): T
  write(value: T): unknown
}

/** Text; numbers and booleans are taken as their text, as Java does. */
export const text: Shape<string> = {
  read(value) {
    if (typeof value === 'string') return value
    if (isScalar(value)) return String(value)
    return mismatch('text', value)
  },
  write: (value) => value,
}

/** `true` or `false`, also as text. */
export const bool: Shape<boolean> = {
  read(value) {
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 1) return true
    if (value === 'false' || value === 0) return false
    return mismatch('true or false', value)
  },
  write: (value) => value,
}

/** Java's long in all its range. */
export const long: Shape<JavaLong> = {
  read(value) {
    if (typeof value === 'bigint') return value
    if (typeof value === 'number' && Number.isFinite(value)) {
      if (Number.isSafeInteger(Math.trunc(value))) return Math.trunc(value)
      return mismatch('a 64-bit integer', value)
    }
    if (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value)) {
      const exact = BigInt(value.startsWith('+') ? value.slice(1) : value)
      if (BigInt.asIntN(64, exact) === exact) return javaLong(exact)
    }
    return mismatch('a 64-bit integer', value)
  },
  write: (value) => value,
}

/** Java's long where only the safe range makes sense: offsets, timestamps, ids. */
export const offset: Shape<number> = {
  read(value) {
    const read = long.read(value)
    return typeof read === 'number' ? read : mismatch('an integer up to 2^53', value)
  },
  write: (value) => value,
}

/** Java's int. */
export const int32: Shape<number> = {
  read(value) {
    const read = long.read(value)
    return typeof read === 'number' && (read | 0) === read
      ? read
      : mismatch('a 32-bit integer', value)
  },
  write: (value) => value,
}

/** Java's double; absent digits (null) read as NaN, which is what Java writes for it. */
export const double: Shape<number> = {
  read(value) {
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'string' && value.trim() !== '') return Number(value)
    return mismatch('a number', value)
  },
  write: (value) => new JavaDouble(value),
}

/** Bytes as base64 text; Java writes a BitSet so, by its toByteArray. */
export const base64: Shape<Uint8Array> = {
  read(value) {
    if (typeof value !== 'string') return mismatch('base64 text', value)
    const bytes = Buffer.from(value, 'base64')
    // Buffer passes over what is not base64.
    return bytes.toString('base64') === value ? bytes : mismatch('base64 text', value)
  },
  write: (value) =>
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
}

/** One of a fixed set of names. */
export function oneOf<const T extends string>(names: readonly T[]): Shape<T> {
  return {
    read: (value) =>
      names.find((name) => name === value) ?? mismatch(`one of ${names.join(', ')}`, value),
    write: (value) => value,
  }
}

/** A list, or a Java set. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    read(value) {
      if (!Array.isArray(value)) return mismatch('a list', value)
      return value.map((one: unknown, index) =>
        inside(
          () => `[${index}]`,
          () => item.read(one),
        ),
      )
    },
    write: (items) => items.map((one) => item.write(one)),
  }
}

/** A Java array of longs: stays on one line when printed. */
export const longArray: Shape<readonly JavaLong[]> = {
  read: (value) => list(long).read(value),
  write: (items) => new JavaArray(items),
}

/** A map; keys are read by `key` from their text, number or object form. Null values are left out. */
export function mapOf<K, V>(key: Shape<K>, item: Shape<V>): Shape<ReadonlyMap<K, V>> {
  return {
    read(value) {
      const result = new Map<K, V>()
      for (const [name, one] of entriesOf(value)) {
        if (one === null) continue
        const at = (): string => `[${describe(name)}]`
        result.set(
          inside(at, () => key.read(name)),
          inside(at, () => item.read(one)),
        )
      }
      return result
    },
    write: (map) =>
      new JavaMap([...map].map(([name, one]) => [key.write(name), item.write(one)] as const)),
  }
}

/** A map whose keys are objects. They have no identity in JavaScript, so it is a list of pairs. */
export function pairsOf<K, V>(key: Shape<K>, item: Shape<V>): Shape<readonly (readonly [K, V])[]> {
  return {
    read: (value) =>
      entriesOf(value).map(([name, one], index) =>
        inside(
          () => `[${index}]`,
          () => [key.read(name), item.read(one)] as const,
        ),
      ),
    write: (pairs) =>
      new JavaMap(pairs.map(([name, one]) => [key.write(name), item.write(one)] as const)),
  }
}

/** A field that must be there. */
export function required<T>(shape: Shape<T>): FieldShape<T> {
  return {
    read: (value) => (value === undefined ? mismatch('this field', value) : shape.read(value)),
    write: shape.write,
  }
}

/** A field that may be absent or null; it is then undefined, and left out when written. */
export function optional<T>(shape: Shape<T>): FieldShape<T | undefined> {
  return {
    read: (value) => (value === undefined ? undefined : shape.read(value)),
    write: (value) => (value === undefined ? undefined : shape.write(value)),
  }
}

/**
 * A field that holds one of a fixed set of names; any other text counts as null, as Java reads an enum it does not know.
 * Absent it is `initial`.
 */
export function nameOrAbsent<T extends string>(
  shape: Shape<T>,
  initial?: T,
): FieldShape<T | undefined> {
  return {
    read(value) {
      if (value === undefined) return initial
      if (typeof value !== 'string') return shape.read(value)
      try {
        return shape.read(value)
      } catch {
        return undefined
      }
    },
    write: (value) => (value === undefined ? undefined : shape.write(value)),
  }
}

/** A field whose absence means Java's initial value of it. */
export function initially<T>(shape: Shape<T>, initial: () => T): FieldShape<T> {
  return {
    read: (value) => (value === undefined ? initial() : shape.read(value)),
    write: shape.write,
  }
}

/** The same field under another name on the wire. */
export function named<T>(wireName: string, field: FieldShape<T>): FieldShape<T> {
  return { ...field, wireName }
}

/** An object with the given fields, written in the table's order; fields it does not know are ignored. */
export function record<T extends object>(fields: {
  readonly [K in keyof Required<T>]: FieldShape<T[K & keyof T]>
}): Shape<T> {
  const table = Object.entries<FieldShape<unknown>>(fields)
  return {
    read(value) {
      if (!isRecord(value)) return mismatch('an object', value)
      const result: Record<string, unknown> = {}
      for (const [name, field] of table) {
        const wireName = field.wireName ?? name
        result[name] = inside(
          () => `.${wireName}`,
          () => field.read(value[wireName] ?? undefined),
        )
      }
      return result as T
    },
    write(value) {
      const result: Record<string, unknown> = {}
      for (const [name, field] of table) {
        result[field.wireName ?? name] = field.write(value[name as keyof T])
      }
      return result
    },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof JavaMap)
  )
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (value instanceof JavaMap) return value.entries
  return isRecord(value) ? Object.entries(value) : mismatch('a map', value)
}

function isScalar(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
}

/** Reads a whole document by its shape; the error names the body and the place in it. */
export function readShape<T>(name: string, shape: Shape<T>, value: unknown): T {
  return inside(
    () => name,
    () => shape.read(value),
  )
}

/** Carries where a mismatch was met while the call stack unwinds. */
class Mismatch extends JavaJsonError {
  readonly path: string
  readonly problem: string

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`)
    this.path = path
    this.problem = problem
  }
}

function mismatch(expected: string, value: unknown): never {
  throw new Mismatch('', `expected ${expected}, got ${describe(value)}`)
}

function inside<T>(segment: () => string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Mismatch) throw new Mismatch(segment() + error.path, error.problem)
    throw error
  }
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const shown = typeof value === 'string' ? JSON.stringify(value) : `${value as number | bigint}`
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown
}
