// SPDX-License-Identifier: Apache-2.0
// Writes JSON as Java does: on one line, pretty for files, or with quoted and sorted keys for standard readers.
import { JavaArray, JavaDouble, JavaMap } from './values.ts'

/**
 * `compact`: one line. `pretty`: what Java's tables look like on disk, indented by tabs.
 * `standard`: one line, keys of maps as text and sorted, for readers that take only standard JSON.
 */
export type JsonForm = 'compact' | 'pretty' | 'standard'

/**
 * Writes a value on one line. Plain records are Java objects: fields in their order, those that are null or undefined left out.
 * A Map or {@link JavaMap} is a Java map: text keys quoted, numbers bare, objects as they are; null values left out.
 */
export function writeJavaJson(value: unknown, form: JsonForm = 'compact'): string {
  return new Writer(form).value(value, 0, false)
}

/** Writes a value as Java's tables look on disk. */
export function prettyJavaJson(value: unknown): string {
  return writeJavaJson(value, 'pretty')
}

class Writer {
  readonly #form: JsonForm

  constructor(form: JsonForm) {
    this.#form = form
  }

  /** `ofRecord`: the value of a record's field, where pretty printing opens even an empty list. */
  value(value: unknown, depth: number, ofRecord: boolean): string {
    switch (typeof value) {
      case 'string':
        return writeText(value)
      case 'number':
        return Number.isInteger(value) ? plainInteger(value) : writeDouble(value)
      case 'bigint':
      case 'boolean':
        return String(value)
      default:
    }
    if (value === null || value === undefined) return 'null'
    if (Array.isArray(value)) return this.#list(value, depth, ofRecord)
    if (value instanceof Map) return this.#map([...value], depth)
    if (value instanceof JavaMap) return this.#map(value.entries, depth)
    if (value instanceof JavaDouble) return writeDouble(value.value)
    if (value instanceof JavaArray) return `[${value.items.join(',')}]`
    return this.#record(value, depth)
  }

  #record(value: object, depth: number): string {
    const members: string[] = []
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined || field === null) continue
      members.push(`${writeText(name)}:${this.value(field, depth + 1, true)}`)
    }
    return this.#members('{', members, '}', depth)
  }

  #map(entries: readonly (readonly [unknown, unknown])[], depth: number): string {
    const present = entries.filter(([, value]) => value !== undefined && value !== null)
    const ordered = this.#form === 'standard' ? sortedByText(present) : present
    const members = ordered.map(
      ([key, value]) => `${this.#key(key, depth + 1)}:${this.value(value, depth + 1, false)}`,
    )
    return this.#members('{', members, '}', depth)
  }

  #key(key: unknown, depth: number): string {
    if (typeof key === 'object' && key !== null) return this.value(key, depth, false)
    if (typeof key === 'string' || this.#form === 'standard') return writeText(String(key))
    return String(key)
  }

  #list(items: readonly unknown[], depth: number, ofRecord: boolean): string {
    const members = items.map((item) => this.value(item, depth + 1, false))
    if (members.length === 0 && ofRecord && this.#form === 'pretty') members.push('')
    return this.#members('[', members, ']', depth)
  }

  #members(open: string, members: readonly string[], close: string, depth: number): string {
    if (members.length === 0) return open + close
    if (this.#form !== 'pretty') return open + members.join(',') + close
    const inner = `\n${'\t'.repeat(depth + 1)}`
    return `${open}${inner}${members.join(`,${inner}`)}\n${'\t'.repeat(depth)}${close}`
  }
}

function sortedByText(
  entries: readonly (readonly [unknown, unknown])[],
): (readonly [unknown, unknown])[] {
  return entries.toSorted(([a], [b]) => {
    const left = String(a)
    const right = String(b)
    if (left === right) return 0
    return left < right ? -1 : 1
  })
}

/** Quotes text. A surrogate without its partner has no UTF-8 form and becomes `?`, as in Java. */
function writeText(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed().replaceAll('\ufffd', '?'))
}

function plainInteger(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
}

/** Java's text of a double: always a fraction; an exponent below 10⁻³ and from 10⁷. */
function writeDouble(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`
}
