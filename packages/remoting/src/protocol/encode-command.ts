// SPDX-License-Identifier: Apache-2.0
// Writes a command's header, in either encoding, from a record by its compiled table.
import { RocketMQError } from '../errors.ts'
import { writeInt16, writeInt32 } from './big-endian.ts'
import type { CompiledTable } from './compiled-table.ts'
import type { FrameWriter } from './frame-writer.ts'
import { BINARY_HEADER_BYTES } from './header-binary.ts'
import { MAX_ESCAPED_UNIT_BYTES, writeEscaped } from './json-text.ts'
import { languageName } from './language-code.ts'
import { SERIALIZE_BINARY, SERIALIZE_JSON } from './serialize-type.ts'
import { MAX_DIGIT_BYTES, MAX_UNIT_BYTES, writeDigits, writeUtf8 } from './utf8.ts'

/** A command's own fields. Reused by its owner from frame to frame. */
export interface CommandHead {
  code: number
  language: number
  version: number
  opaque: number
  flag: number
  remark: string | undefined
}

/** A header record, read by property name. */
export type HeaderRecord = Readonly<Record<string, unknown>>

/** More ext fields than the table has: signatures, flags of other features. */
export type ExtFields = Readonly<Record<string, string>>

/** Writes the header of the frame begun in `writer`. Undefined and null properties are left out. */
export function encodeHeader(
  writer: FrameWriter,
  serializeType: number,
  head: CommandHead,
  table: CompiledTable,
  record: HeaderRecord | undefined,
  ext: ExtFields | undefined,
): void {
  if (serializeType === SERIALIZE_BINARY) encodeBinary(writer, head, table, record, ext)
  else encodeJson(writer, head, table, record, ext)
}

// ── binary ──

function encodeBinary(
  writer: FrameWriter,
  head: CommandHead,
  table: CompiledTable,
  record: HeaderRecord | undefined,
  ext: ExtFields | undefined,
): void {
  const remark = head.remark ?? ''
  writer.room(BINARY_HEADER_BYTES + remark.length * MAX_UNIT_BYTES)
  const target = writer.target
  let at = writer.at
  at = writeInt16(head.code, target, at)
  target[at++] = head.language
  at = writeInt16(head.version, target, at)
  at = writeInt32(head.opaque, target, at)
  at = writeInt32(head.flag, target, at)
  const remarkEnd = remark === '' ? at + 4 : writeUtf8(remark, target, at + 4)
  writeInt32(remarkEnd - at - 4, target, at)
  writer.at = remarkEnd + 4
  let extBytes = 0
  if (record !== undefined) extBytes += writeBinaryRecord(writer, table, record)
  if (ext !== undefined) extBytes += writeBinaryExt(writer, ext)
  // The header may have moved to a larger segment meanwhile, so its length is found from the end.
  writeInt32(extBytes, writer.target, writer.at - extBytes - 4)
}

function writeBinaryRecord(
  writer: FrameWriter,
  table: CompiledTable,
  record: HeaderRecord,
): number {
  let written = 0
  for (let slot = 0; slot < table.count; slot++) {
    const value = record[table.properties[slot] as string]
    if (value === undefined || value === null) continue
    const prefix = table.binaryPrefixes[slot] as Uint8Array
    writer.room(prefix.length + 4 + roomOf(value, MAX_UNIT_BYTES))
    const target = writer.target
    const start = writer.at
    const at = copyShort(prefix, target, start)
    const end = writeValue(value, target, at + 4)
    writeInt32(end - at - 4, target, at)
    writer.at = end
    written += end - start
  }
  return written
}

function writeBinaryExt(writer: FrameWriter, ext: ExtFields): number {
  let written = 0
  for (const name in ext) {
    const value = ext[name] as string
    writer.room(6 + (name.length + value.length) * MAX_UNIT_BYTES)
    const target = writer.target
    const start = writer.at
    const keyEnd = writeUtf8(name, target, start + 2)
    writeInt16(keyEnd - start - 2, target, start)
    const end = writeUtf8(value, target, keyEnd + 4)
    writeInt32(end - keyEnd - 4, target, keyEnd)
    writer.at = end
    written += end - start
  }
  return written
}

// ── JSON: members in the order Java writes them ──

const CODE = Buffer.from('{"code":')
const EXT_FIELDS = Buffer.from(',"extFields":{')
const FLAG = Buffer.from(',"flag":')
const LANGUAGE = Buffer.from(',"language":"')
const OPAQUE = Buffer.from('","opaque":')
const REMARK = Buffer.from(',"remark":"')
const REST = Buffer.from(',"serializeTypeCurrentRPC":"JSON","version":')
/** The fixed text above, the digits, and the longest language name. */
const JSON_FIXED_BYTES = 256
const QUOTE = 0x22
const COMMA = 0x2c
const CLOSE = 0x7d

function encodeJson(
  writer: FrameWriter,
  head: CommandHead,
  table: CompiledTable,
  record: HeaderRecord | undefined,
  ext: ExtFields | undefined,
): void {
  writer.room(JSON_FIXED_BYTES)
  let at = copyShort(CODE, writer.target, writer.at)
  writer.at = writeDigits(head.code, writer.target, at)
  if (record !== undefined || ext !== undefined) {
    const open = copyShort(EXT_FIELDS, writer.target, writer.at)
    writer.at = open
    // Every field ends with a comma; the last one becomes the closing brace.
    let fields = 0
    if (record !== undefined) fields += writeJsonRecord(writer, table, record)
    if (ext !== undefined) fields += writeJsonExt(writer, ext)
    writer.room(JSON_FIXED_BYTES)
    if (fields > 0) writer.at--
    writer.target[writer.at++] = CLOSE
  }
  const remark = head.remark
  if (remark !== undefined) writer.room(JSON_FIXED_BYTES + remark.length * MAX_ESCAPED_UNIT_BYTES)
  const target = writer.target
  at = copyShort(FLAG, target, writer.at)
  at = writeDigits(head.flag, target, at)
  at = copyShort(LANGUAGE, target, at)
  at = writeUtf8(languageName(head.language) ?? 'OTHER', target, at)
  at = copyShort(OPAQUE, target, at)
  at = writeDigits(head.opaque, target, at)
  if (remark !== undefined) {
    at = copyShort(REMARK, target, at)
    at = writeEscaped(remark, target, at)
    target[at++] = QUOTE
  }
  at = copyShort(REST, target, at)
  at = writeDigits(head.version, target, at)
  target[at++] = CLOSE
  writer.at = at
}

function writeJsonRecord(writer: FrameWriter, table: CompiledTable, record: HeaderRecord): number {
  let fields = 0
  for (let slot = 0; slot < table.count; slot++) {
    const value = record[table.properties[slot] as string]
    if (value === undefined || value === null) continue
    const prefix = table.jsonPrefixes[slot] as Uint8Array
    writer.room(prefix.length + 2 + roomOf(value, MAX_ESCAPED_UNIT_BYTES))
    const target = writer.target
    let at = copyShort(prefix, target, writer.at)
    at = typeof value === 'string' ? writeEscaped(value, target, at) : writeValue(value, target, at)
    target[at++] = QUOTE
    target[at++] = COMMA
    writer.at = at
    fields++
  }
  return fields
}

function writeJsonExt(writer: FrameWriter, ext: ExtFields): number {
  let fields = 0
  for (const name in ext) {
    const value = ext[name] as string
    writer.room(6 + (name.length + value.length) * MAX_ESCAPED_UNIT_BYTES)
    const target = writer.target
    let at = writer.at
    target[at++] = QUOTE
    at = writeEscaped(name, target, at)
    target[at++] = QUOTE
    target[at++] = 0x3a
    target[at++] = QUOTE
    at = writeEscaped(value, target, at)
    target[at++] = QUOTE
    target[at++] = COMMA
    writer.at = at
    fields++
  }
  return fields
}

// ── values ──

function roomOf(value: unknown, unitBytes: number): number {
  return typeof value === 'string' ? value.length * unitBytes : MAX_DIGIT_BYTES
}

/** Numbers, bigints and booleans in Java's toString form, text as UTF-8; returns the new end. */
function writeValue(value: unknown, target: Buffer, at: number): number {
  switch (typeof value) {
    case 'string':
      return writeUtf8(value, target, at)
    case 'number':
      if (!Number.isSafeInteger(value)) throw notWhole(value)
      return writeDigits(value, target, at)
    case 'boolean':
      return writeUtf8(value ? 'true' : 'false', target, at)
    default:
      return writeUtf8(String(value), target, at)
  }
}

function notWhole(value: number): RocketMQError {
  return new RocketMQError(
    'RMQ_INVALID_ARGUMENT',
    `cannot write ${value} into a header, it is no whole number within the safe range`,
  )
}

function copyShort(source: Uint8Array, target: Uint8Array, at: number): number {
  const length = source.length
  for (let i = 0; i < length; i++) target[at++] = source[i] as number
  return at
}

/** All ext fields a header will carry, for those who sign them. */
export function extFieldsOf(
  table: CompiledTable,
  record: HeaderRecord | undefined,
  ext: ExtFields | undefined,
): Map<string, string> {
  const fields = new Map<string, string>()
  if (record !== undefined) {
    for (let slot = 0; slot < table.count; slot++) {
      const value = record[table.properties[slot] as string]
      if (value !== undefined && value !== null) {
        fields.set(table.names[slot] as string, String(value as string | number | bigint | boolean))
      }
    }
  }
  if (ext !== undefined) for (const [name, value] of Object.entries(ext)) fields.set(name, value)
  return fields
}

/** The encoding a request code can travel in. */
export function serializeTypeNumber(type: 'json' | 'rocketmq'): number {
  return type === 'rocketmq' ? SERIALIZE_BINARY : SERIALIZE_JSON
}
