// SPDX-License-Identifier: Apache-2.0
// A field table turned into arrays once, so that no header is read or written through field objects.
import type { FieldKind, FieldTable } from './schema.ts'

/** {@link FieldKind} as a number. */
export const KIND_STRING = 0
export const KIND_INT32 = 1
export const KIND_OFFSET = 2
export const KIND_LONG = 3
export const KIND_BOOLEAN = 4

const kindNumbers: Readonly<Record<FieldKind, number>> = {
  string: KIND_STRING,
  int32: KIND_INT32,
  offset: KIND_OFFSET,
  long: KIND_LONG,
  boolean: KIND_BOOLEAN,
}

/** One entry per slot; a slot is a field's place in its table. */
export interface CompiledTable {
  readonly count: number
  readonly properties: readonly string[]
  readonly names: readonly string[]
  readonly kinds: Uint8Array
  /** 1 where a header without the field is refused. */
  readonly required: Uint8Array
  /** What stands for a required field that is not there; undefined where that is refused. */
  readonly absentAs: readonly unknown[]
  /** Numbers that cannot be read are refused instead of counted as absent. */
  readonly isStrict: boolean
  /** Wire names as bytes. */
  readonly keys: readonly Uint8Array[]
  /** What comes before a value in the binary header: key length and key. */
  readonly binaryPrefixes: readonly Uint8Array[]
  /** What comes before a value in the JSON header: `"key":"`. */
  readonly jsonPrefixes: readonly Uint8Array[]
}

const compiled = new WeakMap<object, CompiledTable>()

/** The arrays of a table, made at its first use. */
export function compiledTable<T>(table: FieldTable<T>): CompiledTable {
  return compiled.get(table) ?? compileTable(table)
}

function compileTable<T>(table: FieldTable<T>): CompiledTable {
  const properties = Object.keys(table)
  const fields = properties.map((property) => table[property as keyof T])
  const keys = fields.map((field) => new Uint8Array(Buffer.from(field.name, 'latin1')))
  const result: CompiledTable = {
    count: fields.length,
    properties,
    names: fields.map((field) => field.name),
    kinds: Uint8Array.from(fields, (field) => kindNumbers[field.kind]),
    required: Uint8Array.from(fields, (field) => (field.required ? 1 : 0)),
    absentAs: fields.map((field) => field.absentAs),
    isStrict: fields.some((field) => field.isStrict),
    keys,
    binaryPrefixes: keys.map((key) => Uint8Array.of(key.length >> 8, key.length & 0xff, ...key)),
    jsonPrefixes: fields.map((field) => new Uint8Array(Buffer.from(`"${field.name}":"`, 'latin1'))),
  }
  compiled.set(table, result)
  return result
}

/** The slot of each property, for reading fields in place through a {@link FieldView}. */
export function slotsOf<T>(table: FieldTable<T>): { readonly [K in keyof T]: number } {
  return Object.fromEntries(Object.keys(table).map((property, slot) => [property, slot])) as {
    readonly [K in keyof T]: number
  }
}
