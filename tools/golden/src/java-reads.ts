// SPDX-License-Identifier: Apache-2.0
// The other direction: what our codec writes is read by the Java classes and compared field by field.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { LanguageCode, type Field, type RequestType } from '../../../packages/remoting/src/index.ts'
import { compress, type CompressionType } from '../../../packages/remoting/src/message/index.ts'
import * as schemas from '../../../packages/remoting/src/requests/index.ts'
import {
  encodeFrame,
  goldenRequests,
  type GoldenCase,
} from '../../../packages/remoting/src/testing/index.ts'
import { goldenFolders } from './fixtures.ts'
import type { JavaRecorders } from './java.ts'

type Table = Readonly<Record<string, Field<unknown>>>
type Expected = Readonly<Record<string, unknown>>

/** What Java is asked to read, and what it must find. */
interface Item {
  readonly name: string
  readonly asked: object
  readonly expected: Expected
}

/** The largest code the binary header has room for. */
const LARGEST_BINARY_CODE = 32_767
const LARGEST_SAFE = '9007199254740991'

/** @throws {Error} naming the first things Java reads differently; returns how many were compared. */
export function compareJavaReads(java: JavaRecorders, workFolder: string): number {
  const items = [...frames(), ...compressedBodies()]
  const asked = join(workFolder, 'asked.json')
  const answered = join(workFolder, 'answered.json')
  writeFileSync(asked, JSON.stringify(items.map((item) => item.asked)))
  java.run('ReadOurs', [asked, answered])
  const answers = JSON.parse(readFileSync(answered, 'utf8')) as Expected[]
  const problems = items.flatMap((item, index) => differences(item, answers[index] ?? {}))
  if (problems.length > 0) {
    throw new Error(`${problems.length} differences:\n${problems.slice(0, 20).join('\n')}`)
  }
  return items.length
}

function differences({ name, expected }: Item, answer: Expected): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const found = answer[key]
    if (typeof value === 'object' && value !== null) {
      return differences(
        { name: `${name} ${key}`, asked: {}, expected: value as Expected },
        (found ?? {}) as Expected,
      )
    }
    return found === value
      ? []
      : [`${name}: ${key} is ${String(found)} (${String(answer['error'])}), not ${String(value)}`]
  })
}

function* frames(): Generator<Item> {
  const folder = join(goldenFolders.remoting, 'requests')
  const golden = goldenRequests(
    readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
  )
  const types = Object.values<unknown>(schemas).filter(
    (value): value is RequestType<unknown, unknown> =>
      typeof value === 'object' && value !== null && 'request' in value,
  )
  for (const type of types) {
    const recorded = golden.get(type.name)
    if (recorded === undefined) throw new Error(`${type.name} has no recorded file`)
    for (const direction of ['request', 'response'] as const) {
      const { headerClass, cases } = recorded[direction]
      for (const one of cases) {
        for (const encoding of ['json', 'rocketmq'] as const) {
          if (encoding === 'rocketmq' && one.code > LARGEST_BINARY_CODE) continue
          const isError = direction === 'response' && one.code !== 0
          const table = isError ? {} : (type[direction] as Table)
          const name = `${type.name} ${direction} ${encoding} ${one.name}`
          yield frame(name, isError ? null : headerClass, one, table, encoding)
        }
      }
    }
  }
}

function frame(
  name: string,
  headerClass: string | null,
  recorded: GoldenCase,
  table: Table,
  encoding: 'json' | 'rocketmq',
): Item {
  const record: Record<string, unknown> = {}
  const fields: Record<string, string | null> = {}
  for (const [property, field] of Object.entries(table)) {
    const text = textToWrite(field, recorded.fields[field.name])
    record[property] = valueOf(field, text)
    // A binary value without bytes reads as null.
    if (headerClass !== null && field.name in recorded.fields) {
      fields[field.name] = encoding === 'rocketmq' && text === '' ? null : text
    }
  }
  const { code, opaque, flag, version, remark, bodyHex } = recorded
  const bytes = encodeFrame(
    encoding,
    {
      code,
      opaque,
      flag,
      version,
      language: LanguageCode.JAVA,
      ...(remark === null ? {} : { remark }),
    },
    { table, record, body: Buffer.from(bodyHex ?? '', 'hex') },
  )
  return {
    name,
    asked: { headerClass, hex: bytes.toString('hex') },
    expected: {
      code,
      opaque,
      flag,
      version,
      language: 'JAVA',
      remark: encoding === 'rocketmq' && remark === '' ? null : remark,
      fields,
    },
  }
}

/** A number that an offset field does not take is written as the largest one it takes. */
function textToWrite(field: Field<unknown>, text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  return field.kind === 'offset' && !Number.isSafeInteger(Number(text)) ? LARGEST_SAFE : text
}

function valueOf(field: Field<unknown>, text: string | null): unknown {
  if (text === null) return undefined
  switch (field.kind) {
    case 'string':
      return text
    case 'boolean':
      return text === 'true'
    case 'long':
      return BigInt(text)
    case 'int32':
    case 'offset':
      return Number(text)
  }
}

function* compressedBodies(): Generator<Item> {
  const texts = ['', 'x', 'abcdefghijklm', 'x'.repeat(70_000), '消息, '.repeat(3000)]
  const noise = Buffer.from(Array.from({ length: 6000 }, (_, at) => (at * at * 31) >> 3))
  const bodies = [
    ...texts.map((text) => Buffer.from(text)),
    noise,
    Buffer.concat(Array.from({ length: 900 }, () => noise)),
  ]
  for (const type of ['ZLIB', 'ZSTD', 'LZ4'] satisfies CompressionType[]) {
    for (const body of bodies) {
      yield {
        name: `${type} of ${body.length} bytes`,
        asked: { compression: type, hex: Buffer.from(compress(body, type)).toString('hex') },
        // Java's checksum of a body has no sign.
        expected: { length: body.length, crc32: crc32(body) & 0x7fffffff },
      }
    }
  }
}
