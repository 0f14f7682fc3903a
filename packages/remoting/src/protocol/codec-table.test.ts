// SPDX-License-Identifier: Apache-2.0
// Every request code, both encodings, both directions, against the bytes the Java classes wrote.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as schemas from '../requests/index.ts'
import { encodeFrame, readFrame } from '../testing/frames.ts'
import { fragment } from '../testing/fragment.ts'
import { goldenRequests, type GoldenCase, type GoldenFrame } from '../testing/golden.ts'
import { BadField } from './bad-field.ts'
import { CommandScan } from './command-scan.ts'
import { compiledTable } from './compiled-table.ts'
import { FieldScan } from './field-scan.ts'
import { FrameDecoder } from './frame.ts'
import { inheritedFields } from './inherited-fields.ts'
import { LanguageCode } from './language-code.ts'
import { decodeRecord } from './record.ts'
import { scanCommand } from './scan-command.ts'
import type { Field, FieldTable, RequestType } from './schema.ts'
import type { SerializeType } from './serialize-type.ts'

const folder = new URL('../../test/golden/requests/', import.meta.url)
const golden = goldenRequests(
  readdirSync(folder)
    .filter((file) => file !== 'bad-input.json')
    .map((file) => readFileSync(new URL(file, folder), 'utf8')),
)
const types: RequestType<unknown, unknown>[] = Object.values<unknown>(schemas).filter(
  (value): value is RequestType<unknown, unknown> =>
    typeof value === 'object' && value !== null && 'request' in value,
)
type Table = FieldTable<Record<string, unknown>>
type Direction = 'request' | 'response'
const encodings: readonly SerializeType[] = ['json', 'rocketmq']

interface Row {
  readonly type: RequestType<unknown, unknown>
  readonly direction: Direction
  readonly encoding: SerializeType
}
const rows: Row[] = types.flatMap((type) =>
  (['request', 'response'] as const).flatMap((direction) =>
    encodings.map((encoding) => ({ type, direction, encoding })),
  ),
)
const named = rows.map((row) => [`${row.type.name} ${row.direction} ${row.encoding}`, row] as const)

function tableOf(row: Row): Table {
  return row.type[row.direction] as Table
}

function goldenCases(row: Row): [GoldenCase, GoldenFrame][] {
  const cases = golden.get(row.type.name)?.[row.direction].cases ?? []
  return cases.flatMap((recorded) => {
    const frame = row.encoding === 'json' ? recorded.json : recorded.binary
    return frame === undefined ? [] : [[recorded, frame]]
  })
}

/** What our reader makes of a field's text; undefined where the text is no such value. */
function valueOf(field: Field<unknown>, text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined
  switch (field.kind) {
    case 'string':
      return text
    case 'boolean':
      return text === 'true'
    case 'long':
      return BigInt(text)
    case 'int32':
      return Number(text)
    case 'offset':
      return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
  }
}

/** The record that a recorded case must read as, or undefined when a required field cannot be read. */
function expectedRecord(row: Row, recorded: GoldenCase): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = {}
  for (const [property, field] of Object.entries(tableOf(row))) {
    let text = recorded.fields[field.name]
    // A binary value without bytes reads as null, in Java too.
    if (row.encoding === 'rocketmq' && text === '') text = null
    let value = valueOf(field, text)
    // A number beyond the safe range: refused where Java reads by hand, else absent.
    if (value === undefined && text !== null && text !== undefined && field.isStrict)
      return undefined
    if (value === undefined && field.required) value = field.absentAs
    if (value === undefined && field.required) return undefined
    record[property] = value
  }
  return record
}

function hasEmpty(recorded: GoldenCase): boolean {
  return Object.values(recorded.fields).includes('')
}

/** A record with a value for each field. */
function fullRecord(
  table: Table,
  pick: (field: Field<unknown>) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([property, field]) => [property, pick(field)]),
  )
}

function usual(field: Field<unknown>): unknown {
  switch (field.kind) {
    case 'string':
      return `${field.name}/"值"\u0001🚀`
    case 'boolean':
      return true
    case 'long':
      return 2n ** 62n + 1n
    case 'int32':
      return 17
    case 'offset':
      return 1_700_000_000_001
  }
}

function extremes(field: Field<unknown>): unknown[] {
  switch (field.kind) {
    case 'string':
      return [' ', '\u0000\u001f\u007f"\\/', '\ud83d\ude80\uffff\u2028', 'x'.repeat(70_000)]
    case 'boolean':
      return [true, false]
    case 'long':
      return [2n ** 63n - 1n, -(2n ** 63n), 0n, -1n]
    case 'int32':
      return [2_147_483_647, -2_147_483_648, 0, -1]
    case 'offset':
      return [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1, 2_147_483_648]
  }
}

test('every schema has its recorded file, and every recorded file its schema', () => {
  expect(types.map((type) => type.name).toSorted()).toEqual([...golden.keys()].toSorted())
})

describe.each(types.map((type) => [type.name, type] as const))('%s', (name, type) => {
  const recorded = golden.get(name)!

  test('has Java’s code', () => {
    expect(type.code).toBe(recorded.code)
  })

  test.each(['request', 'response'] as const)(
    '%s fields are those of the Java class',
    (direction) => {
      const declared = new Map(recorded[direction].declared.map((field) => [field.name, field]))
      for (const field of Object.values<Field<unknown>>(type[direction] as Table)) {
        const java = declared.get(field.name)
        // What Java puts beside its header class, into the ext fields of every answer of this code.
        if (java === undefined) {
          expect(field.required, field.name).toBe(false)
          expect(besideHeader.has(field.name), field.name).toBe(true)
          continue
        }
        const kinds = kindsOfJava[java.type] ?? ['string']
        expect(kinds, field.name).toContain(field.kind)
        // A field with an initial value is never null in Java, primitives above all.
        const hasInitial = java.initial !== null && field.absentAs !== undefined
        if (field.required) expect(java.required || hasInitial, field.name).toBe(true)
        if (java.initial !== null && !undefinedIsInitial.has(`${name} ${field.name}`)) {
          expect(String(field.absentAs), field.name).toBe(java.initial)
        }
        declared.delete(field.name)
      }
      const own = [...declared.values()].filter((field) => !baseClasses.has(field.declaredIn))
      expect(own.map((field) => field.name)).toEqual([])
    },
  )

  test('inherits what the Java class does', () => {
    const inherited = recorded.request.declared.filter((field) => baseClasses.has(field.declaredIn))
    const table = (type.inherits === undefined ? {} : inheritedFields[type.inherits]) as Table
    expect(Object.keys(table).toSorted()).toEqual(inherited.map((field) => field.name).toSorted())
    for (const one of recorded.request.cases) {
      for (const frame of [one.json, one.binary]) {
        if (frame === undefined) continue
        const read = readFrame(Buffer.from(frame.hex, 'hex')).record(table)
        for (const [property, field] of Object.entries<Field<unknown>>(table)) {
          const text = one.fields[field.name]
          // SendMessageRequestHeaderV2, for one, leaves them out of its hand-written binary form.
          const isLost = frame === one.binary && frame.javaReads?.values?.[field.name] === null
          const expected = isLost ? undefined : valueOf(field, text)
          expect(read[property]).toBe(expected)
        }
      }
    }
  })
})

const besideHeader = new Set([
  'MSG_REGION',
  'TRACE_ON',
  'IS_SUPPORT_HEART_BEAT_V2',
  'IS_SUB_CHANGE',
  'READ_AHEAD_MODE',
  'E_T',
])
/** Fields whose handlers know what undefined stands for. */
const undefinedIsInitial = new Set([
  'CONSUMER_SEND_MSG_BACK unitMode',
  'GET_MAX_OFFSET committed',
  'REGISTER_BROKER bodyCrc32',
  'REGISTER_BROKER compressed',
  'UPDATE_AND_CREATE_TOPIC force',
  'UPDATE_AND_CREATE_TOPIC order',
])
const baseClasses = new Set(['RpcRequestHeader', 'TopicRequestHeader', 'TopicQueueRequestHeader'])
const kindsOfJava: Readonly<Record<string, readonly string[]>> = {
  String: ['string'],
  Integer: ['int32'],
  int: ['int32'],
  Long: ['offset', 'long'],
  long: ['offset', 'long'],
  Boolean: ['boolean'],
  boolean: ['boolean'],
}

describe.each(named)('%s', (_, row) => {
  const table = tableOf(row)
  const flag = row.direction === 'response' ? 1 : 0

  test('reads what Java wrote', () => {
    for (const [recorded, frame] of goldenCases(row)) {
      const read = readFrame(Buffer.from(frame.hex, 'hex'))
      expect(read.serializeType).toBe(row.encoding)
      expect(read.code).toBe(recorded.code)
      expect(read.opaque).toBe(recorded.opaque)
      expect(read.flag).toBe(recorded.flag)
      expect(read.version).toBe(recorded.version)
      expect(read.language).toBe(LanguageCode.JAVA)
      const remark =
        frame.javaReads?.remark === undefined ? recorded.remark : frame.javaReads.remark
      expect(read.remark ?? null).toBe(remark)
      expect(Buffer.from(read.body).toString('hex')).toBe(recorded.bodyHex ?? '')
      const expected = expectedRecord(row, recorded)
      if (expected === undefined) expect(() => read.record(table)).toThrow(BadField)
      else expect(read.record(table)).toEqual(expected)
    }
  })

  test('writes what reads as Java’s, in the same bytes where the order of fields is the same', () => {
    for (const [recorded, frame] of goldenCases(row)) {
      const bytes = Buffer.from(frame.hex, 'hex')
      const java = readFrame(bytes)
      const record = expectedRecord(row, recorded)
      if (record === undefined) continue
      const head = {
        code: recorded.code,
        opaque: recorded.opaque,
        flag: recorded.flag,
        version: recorded.version,
        ...(recorded.remark === null ? {} : { remark: recorded.remark }),
      }
      const ours = encodeFrame(row.encoding, head, {
        table,
        body: Buffer.from(recorded.bodyHex ?? '', 'hex'),
        // Java leaves the ext fields out where there is no header class.
        ...(recorded.json.headerText.includes('"extFields"') ? { record } : {}),
      })
      const read = readFrame(ours)
      if (Object.keys(recorded.fields).length > 0) expect(read.record(table)).toEqual(record)
      expect(read.remark).toBe(java.remark)
      const sameOrder = [...java.ext.keys()].join() === [...read.ext.keys()].join()
      // An empty text is null in the record read from Java's binary bytes, so it is not written again.
      if (sameOrder && !(row.encoding === 'rocketmq' && hasEmpty(recorded))) {
        expect(ours.toString('latin1')).toBe(bytes.toString('latin1'))
      }
    }
  })

  test('is found whole at every cut of the stream', () => {
    const record = fullRecord(table, usual)
    const one = encodeFrame(
      row.encoding,
      { code: row.type.code, opaque: 1, flag },
      { table, record },
    )
    const two = encodeFrame(
      row.encoding,
      { code: row.type.code, opaque: 2, flag },
      { table, record, body: Buffer.from('body') },
    )
    const stream = Buffer.concat([one, two])
    const scan = new CommandScan()
    // Every one where the frame and its header begin, then every fifth.
    for (let cut = 0; cut <= stream.length; cut += cut < 64 ? 1 : 5) {
      const opaques: number[] = []
      const decoder = new FrameDecoder({
        frame(bytes, start, end) {
          scanCommand(scan, bytes, start, end)
          opaques.push(scan.opaque)
          if (cut % 16 === 0) expect(decodeRecord(scan, table)).toEqual(record)
          return true
        },
      })
      for (const piece of fragment(stream, cut)) decoder.push(piece)
      expect(opaques).toEqual([1, 2])
      expect(decoder.pendingBytes).toBe(0)
    }
  })

  test('each extreme value comes back', () => {
    for (const [property, field] of Object.entries(table)) {
      for (const value of extremes(field)) {
        const record = { ...fullRecord(table, usual), [property]: value }
        const bytes = encodeFrame(row.encoding, { code: row.type.code, flag }, { table, record })
        expect(readFrame(bytes).record(table)).toEqual(record)
      }
    }
  })

  test('unknown ext fields are ignored and found by name', () => {
    const record = fullRecord(table, usual)
    const ext = { zzz: 'z', 名: '值"', a0: '' }
    const read = readFrame(
      encodeFrame(row.encoding, { code: row.type.code, flag }, { table, record, ext }),
    )
    expect(read.record(table)).toEqual(record)
    expect(read.ext.get('zzz')).toBe('z')
    expect(read.ext.get('名')).toBe('值"')
    expect(read.ext.get('a0')).toBe(row.encoding === 'json' ? '' : undefined)
  })

  test('fields are read in place as the record has them', () => {
    const record = fullRecord(table, usual)
    const bytes = encodeFrame(row.encoding, { code: row.type.code, flag }, { table, record })
    const scan = new CommandScan()
    scanCommand(scan, bytes, 4, bytes.length)
    const fields = new FieldScan()
    fields.match(scan, compiledTable(table))
    Object.entries(table).forEach(([property, field], slot) => {
      expect(fields.has(slot)).toBe(true)
      const value = record[property]
      expect(
        field.kind === 'int32'
          ? fields.int32(slot)
          : field.kind === 'offset'
            ? fields.offset(slot)
            : field.kind === 'long'
              ? fields.long(slot)
              : field.kind === 'boolean'
                ? fields.boolean(slot)
                : fields.string(slot),
      ).toBe(value)
      const text = Buffer.from(String(value))
      expect(fields.byteLength(slot)).toBe(text.length)
      const copy = Buffer.alloc(text.length + 2)
      expect(fields.copyInto(slot, copy, 1)).toBe(text.length + 1)
      expect(copy.subarray(1, -1)).toEqual(text)
    })
  })

  test('a missing field is undefined when optional and refused when required', () => {
    for (const [property, field] of Object.entries(table)) {
      const record = { ...fullRecord(table, usual), [property]: undefined }
      const read = readFrame(
        encodeFrame(row.encoding, { code: row.type.code, flag }, { table, record }),
      )
      if (field.absentAs !== undefined) {
        expect(read.record(table)).toEqual({ ...record, [property]: field.absentAs })
      } else if (field.required) {
        expect(() => read.record(table)).toThrow(`<${field.name}> is null`)
      } else expect(read.record(table)).toEqual(record)
    }
  })
})

describe('a number that cannot be read', () => {
  const numbers = rows.flatMap((row) =>
    Object.entries(tableOf(row))
      .filter(([, field]) => ['int32', 'offset', 'long'].includes(field.kind))
      .map(
        ([property, field]) =>
          [
            `${row.type.name} ${row.direction} ${row.encoding} ${property}`,
            row,
            property,
            field,
          ] as const,
      ),
  )
  test.each(numbers)('%s', (_, row, property, field) => {
    const table = tableOf(row)
    for (const text of ['x', '1.0', ' 1', '0x1', '9223372036854775808', '-', '1e3']) {
      const ext = Object.fromEntries(
        Object.values<Field<unknown>>(table).map((each) => [each.name, String(usual(each))]),
      )
      const read = readFrame(
        encodeFrame(
          row.encoding,
          { code: row.type.code },
          { table: {}, ext: { ...ext, [field.name]: text } },
        ),
      )
      if (field.isStrict) {
        expect(() => read.record(table)).toThrow(
          `NumberFormatException: For input string: "${text}"`,
        )
      } else if (field.required && field.absentAs === undefined) {
        expect(() => read.record(table)).toThrow(`<${field.name}> is null`)
      } else {
        expect(read.record(table)[property]).toBe(field.absentAs)
      }
    }
  })
})

describe('byte equality where Java’s order of fields is fixed', () => {
  // The headers Java writes by hand instead of through a map.
  test.each([
    ['SEND_MESSAGE_V2', 'request'],
    ['SEND_BATCH_MESSAGE', 'request'],
    ['SEND_MESSAGE_V2', 'response'],
    ['PULL_MESSAGE', 'request'],
    ['LITE_PULL_MESSAGE', 'request'],
    ['SEND_REPLY_MESSAGE_V2', 'request'],
    ['SEND_REPLY_MESSAGE', 'response'],
    ['PULL_MESSAGE', 'response'],
  ] as const)('%s %s', (name, direction) => {
    const type = types.find((candidate) => candidate.name === name)!
    const row: Row = { type, direction, encoding: 'rocketmq' }
    let compared = 0
    for (const [recorded, frame] of goldenCases(row)) {
      const record = expectedRecord(row, recorded)
      if (hasEmpty(recorded) || recorded.remark !== null || record === undefined) continue
      const { code, opaque, flag, version } = recorded
      // The fields of Java's base classes follow those of the header itself.
      const own = new Set(Object.values<Field<unknown>>(tableOf(row)).map((field) => field.name))
      const others = [...readFrame(Buffer.from(frame.hex, 'hex')).ext].filter(
        ([key]) => !own.has(key),
      )
      const ours = encodeFrame(
        'rocketmq',
        { code, opaque, flag, version },
        {
          table: tableOf(row),
          record,
          ext: Object.fromEntries(others),
          body: Buffer.from(recorded.bodyHex ?? '', 'hex'),
        },
      )
      expect(ours.toString('hex')).toBe(frame.hex)
      compared++
    }
    expect(compared).toBeGreaterThanOrEqual(3)
  })
})
