// SPDX-License-Identifier: Apache-2.0
// Frames and compressed bodies of our codec, with what a reader must find in them: `tools/golden` has Java read them.
import { readdirSync, readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { compress, type CompressionType } from '../src/message/index.ts'
import { LanguageCode } from '../src/protocol/language-code.ts'
import type { Field, RequestType } from '../src/protocol/schema.ts'
import { MAX_BINARY_CODE } from '../src/protocol/serialize-type.ts'
import * as schemas from '../src/requests/index.ts'
import { encodeFrame } from '../src/testing/frames.ts'
import { goldenRequests, type GoldenCase } from '../src/testing/golden.ts'

type Table = Readonly<Record<string, Field<unknown>>>

/** What a reader is asked to read, and what it must find. */
export interface Item {
  readonly name: string
  readonly asked: object
  readonly expected: object
}

const LARGEST_SAFE = '9007199254740991'

/** Every code in both directions and encodings, and bodies of every compression. */
export function ourFrames(): Item[] {
  return [...frames(), ...compressedBodies()]
}

function* frames(): Generator<Item> {
  const folder = new URL('golden/requests/', import.meta.url)
  const golden = goldenRequests(
    readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')),
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
          if (encoding === 'rocketmq' && one.code > MAX_BINARY_CODE) continue
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
