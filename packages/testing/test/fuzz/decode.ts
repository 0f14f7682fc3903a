// SPDX-License-Identifier: Apache-2.0
// Reads spoiled frames with the header scanners, every schema and every body: nothing but the errors they promise may come out.
import { isDeepStrictEqual } from 'node:util'
import { BadField, RocketMQError, type RequestType } from '@rocketmq-ts/remoting'
import * as bodies from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { encodeFrame, readFrame, type ReadFrame } from '@rocketmq-ts/remoting/testing'
import type { SimRandom } from '@rocketmq-ts/runtime/simulated'

type AnyType = RequestType<Record<string, unknown>, Record<string, unknown>>

interface BodyCodec {
  readonly name: string
  readonly decode: (bytes: Uint8Array) => unknown
  readonly encode: ((body: unknown) => Uint8Array) | undefined
}

const types: readonly AnyType[] = Object.values(requests as Record<string, unknown>).filter(isType)
const typesByCode: ReadonlyMap<number, AnyType> = new Map(types.map((type) => [type.code, type]))
const codecs: readonly BodyCodec[] = bodyCodecs()

function isType(value: unknown): value is AnyType {
  return typeof value === 'object' && value !== null && 'code' in value && 'request' in value
}

function bodyCodecs(): BodyCodec[] {
  const exported = bodies as Record<string, unknown>
  return Object.keys(exported)
    .filter((name) => name.startsWith('decode'))
    .map((name) => ({
      name,
      decode: exported[name] as BodyCodec['decode'],
      encode: exported[name.replace('decode', 'encode')] as BodyCodec['encode'],
    }))
}

/** How far frames came. */
export interface DecodeCounts {
  unreadable: number
  read: number
  records: number
  bodies: number
}

/**
 * Reads one frame in every way a frame can be read.
 * @throws {Error} what should not have come out.
 */
export function decodeFrame(frame: Buffer, random: SimRandom, counts: DecodeCounts): void {
  const read = expecting(() => readFrame(frame))
  if (read === undefined) counts.unreadable++
  else {
    counts.read++
    const own = typesByCode.get(read.code)
    for (const type of own === undefined ? [pick(random, types)] : [own, pick(random, types)]) {
      for (const table of [type.request, type.response]) {
        if (checkRecord(read, table)) counts.records++
      }
    }
  }
  // Codecs of bodies take what stands behind any header, good or not.
  const text = read === undefined ? frame.subarray(8) : read.body
  for (let left = 2; left > 0; left--) {
    if (checkBody(pick(random, codecs), text)) counts.bodies++
  }
}

function checkRecord(read: ReadFrame, table: AnyType['request']): boolean {
  const record = expecting(() => read.record(table))
  if (record === undefined) return false
  for (const encoding of ['json', 'rocketmq'] as const) {
    if (encoding === 'rocketmq' && (read.code > 32_767 || read.code < -32_768)) continue
    const again = readFrame(encodeFrame(encoding, { code: read.code }, { table, record }))
    const expected = encoding === 'json' ? record : withoutEmpty(record)
    if (
      !isDeepStrictEqual(withoutEmpty(again.record(optionalTable(table))), withoutEmpty(expected))
    ) {
      throw new Error(`code ${read.code} in ${encoding}: not read back as it was written`)
    }
  }
  return true
}

/** The binary header cannot tell empty text from none. */
function withoutEmpty(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== '' && value !== undefined),
  )
}

const optionalTables = new Map<AnyType['request'], AnyType['request']>()

/** The same table with no field required: required text that is empty does not travel in the binary header. */
function optionalTable(table: AnyType['request']): AnyType['request'] {
  const known = optionalTables.get(table)
  if (known !== undefined) return known
  const made = Object.fromEntries(
    Object.entries(table).map(([key, field]) => [key, { ...field, required: false }]),
  )
  optionalTables.set(table, made)
  return made
}

function checkBody({ decode, encode, name }: BodyCodec, bytes: Uint8Array): boolean {
  const body = expecting(() => decode(bytes))
  if (body === undefined) return false
  if (encode === undefined) return true
  // A null that is left out reads as its initial value, in Java too: from the second time on nothing changes.
  const written = Buffer.from(encode(decode(encode(body))))
  const again = Buffer.from(encode(decode(written)))
  if (!written.equals(again)) {
    throw new Error(
      `${name}: ${written.toString().slice(0, 300)} became ${again.toString().slice(0, 300)}`,
    )
  }
  return true
}

/** Undefined when what came out is an error that readers promise. */
function expecting<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadField) return undefined
    if (RocketMQError.is(error) && error.code === 'RMQ_PROTOCOL') return undefined
    throw error
  }
}

function pick<T>(random: SimRandom, items: readonly T[]): T {
  return items[random.below(items.length)] as T
}
