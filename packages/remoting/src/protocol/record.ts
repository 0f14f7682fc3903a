// SPDX-License-Identifier: Apache-2.0
// Header records for the cold path: an object with every property of its table, always in table order.
import { missingField } from './bad-field.ts'
import {
  compiledTable,
  KIND_BOOLEAN,
  KIND_INT32,
  KIND_LONG,
  KIND_OFFSET,
  type CompiledTable,
} from './compiled-table.ts'
import type { CommandScan } from './command-scan.ts'
import { FieldScan, type FieldView } from './field-scan.ts'
import type { FieldTable } from './schema.ts'

// Reading a record is synchronous and never nests, so one is enough.
const fields = new FieldScan()

/**
 * The header of a scanned command as a record.
 * @throws {BadField} when a required field is absent, or a number of a header that Java reads by hand is malformed.
 */
export function decodeRecord<T>(scan: CommandScan, table: FieldTable<T>): T {
  const compiled = compiledTable(table)
  fields.match(scan, compiled)
  return recordOf(fields, compiled) as T
}

function recordOf(view: FieldView, table: CompiledTable): object {
  const record: Record<string, unknown> = {}
  for (let slot = 0; slot < table.count; slot++) {
    let value = view.has(slot) ? valueOf(view, slot, table.kinds[slot] as number) : undefined
    if (value === undefined && table.required[slot] === 1) {
      value = table.absentAs[slot]
      if (value === undefined) throw missingField(table.names[slot] as string)
    }
    record[table.properties[slot] as string] = value
  }
  return record
}

function valueOf(view: FieldView, slot: number, kind: number): unknown {
  switch (kind) {
    case KIND_INT32:
      return view.int32(slot)
    case KIND_OFFSET:
      return view.offset(slot)
    case KIND_LONG:
      return view.long(slot)
    case KIND_BOOLEAN:
      return view.boolean(slot)
    default:
      return view.string(slot)
  }
}
