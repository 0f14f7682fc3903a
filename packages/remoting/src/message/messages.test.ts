// SPDX-License-Identifier: Apache-2.0
// The message layout, ids, properties and hashes against what the Java classes wrote.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  bodyCrc,
  createMessageId,
  decodeMessage,
  decodeMessageId,
  decodeMessages,
  decodeProperties,
  encodeBatch,
  encodeHost,
  encodeProperties,
  isCompressed,
  isIpv6,
  iterateBatch,
  messageVersionOf,
  storedRecordBytes,
  SysFlag,
  tagHash,
  tagHashOfUtf8,
  writeStoredRecord,
  type MessageVersion,
} from './index.ts'

interface Host {
  ip: string
  port: number
}

interface Facts {
  topic: string
  flag: number
  bodyHex: string | null
  bodyCrc: number
  queueId: number
  queueOffset: number
  commitLogOffset: number
  sysFlag: number
  bornTimestamp: number
  bornHost: Host
  storeTimestamp: number
  storeHost: Host
  reconsumeTimes: number
  preparedTransactionOffset: number
  properties: Record<string, string>
}

interface Golden {
  encoded: {
    name: string
    hex: string
    given: Facts
    javaReads: Facts & { storeSize: number; msgId: string }
  }[]
  laidOut: {
    name: string
    hex: string
    version: MessageVersion
    given: Facts
    propertiesString: string
  }[]
  batches: {
    name: string
    hex: string
    given: { flag: number; bodyHex: string; properties: Record<string, string> | null }[]
    javaReads: { flag: number; bodyHex: string; properties: Record<string, string> }[]
  }[]
  propertiesToString: { entries: [string, string | null][] | null; text: string }[]
  stringToProperties: { text: string; sortedEntries: [string, string][] }[]
  messageIds: {
    ip?: string
    port: number
    offset: number | string
    id: string
    error?: string
    javaReads?: { host: Host; offset: number | string }
  }[]
  hashes: {
    strings: { text: string; hashCode: number }[]
    tagsCodes: { tags: string | null; tagsCode: number }[]
  }
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/messages.json', import.meta.url), 'utf8'),
) as Golden

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const address = ({ ip, port }: Host): { host: string; port: number } => ({ host: ip, port })

/** Java prints IPv6 addresses in full. */
const sameHost = (a: { host: string; port: number }, b: Host): boolean =>
  Buffer.compare(encodeHost(a), encodeHost(address(b))) === 0

describe('stored records', () => {
  test.each(golden.encoded)('are read as Java reads them: $name', ({ hex, javaReads }) => {
    const message = decodeMessage(Buffer.from(hex, 'hex'))
    const { bornHost, storeHost, bodyHex, msgId, ...same } = javaReads
    expect(message).toMatchObject(same)
    expect(Buffer.from(message.body).toString('hex')).toBe(bodyHex ?? '')
    expect(message.offsetMsgId).toBe(msgId)
    expect(message.msgId).toBe(javaReads.properties['UNIQ_KEY'] ?? msgId)
    expect(sameHost(message.bornHost, bornHost)).toBe(true)
    expect(sameHost(message.storeHost, storeHost)).toBe(true)
  })

  const written = [
    ...golden.encoded
      .filter(({ given }) => !isCompressed(given.sysFlag))
      .map((one) => ({ ...one, version: 1 as const, propertiesString: undefined })),
    ...golden.laidOut,
  ]
  test.each(written)('are written as Java writes them: $name', (record) => {
    const { given } = record
    const expected = Buffer.from(record.hex, 'hex')
    const topic = utf8(given.topic)
    const body = Buffer.from(given.bodyHex ?? '', 'hex')
    const properties = propertyBytes(record.propertiesString, expected, given)
    expect(messageVersionOf(topic.length)).toBe(record.version)
    const bytes = storedRecordBytes(
      body.length,
      topic.length,
      properties.length,
      given.sysFlag,
      record.version,
    )
    const target = Buffer.alloc(bytes + 10, 0xee)
    const end = writeStoredRecord(target, 5, {
      ...given,
      version: record.version,
      bodyCrc: bodyCrc(body, 0, body.length),
      physicalOffset: record.propertiesString === undefined ? given.commitLogOffset : 0,
      bornTimestampMs: given.bornTimestamp,
      storeTimestampMs: given.storeTimestamp,
      bornHost: encodeHost(address(given.bornHost)),
      storeHost: encodeHost(address(given.storeHost)),
      body,
      topic,
      properties,
    })
    expect(end).toBe(5 + expected.length)
    const got = target.subarray(5, end)
    // The laid out records were taken before the store patched the physical offset in.
    if (record.propertiesString !== undefined) expected.copy(got, 28, 28, 36)
    expect(got.toString('hex')).toBe(record.hex)
    expect(target[4]).toBe(0xee)
    expect(target[end]).toBe(0xee)
  })

  test('that stand back to back are all read', () => {
    const some = golden.encoded.slice(0, 4)
    const bytes = Buffer.from(some.map(({ hex }) => hex).join(''), 'hex')
    const topics = decodeMessages(bytes).map((message) => message.topic)
    expect(topics).toEqual(some.map(({ given }) => given.topic))
  })

  test('whose body cannot be restored do not hold up those behind them', () => {
    const lz4 = golden.encoded.find(({ name }) => name === 'compressed LZ4')!
    // The frame's first bytes, spoilt.
    const unreadable = lz4.hex.replace('04224d18', '04224d19')
    expect(() => decodeMessage(Buffer.from(unreadable, 'hex'))).toThrow(/is not LZ4/)
    const plain = golden.encoded[0]!
    const [first, second] = decodeMessages(Buffer.from(unreadable + plain.hex, 'hex'))
    expect(isCompressed(first!.sysFlag)).toBe(true)
    expect(second!.topic).toBe(plain.given.topic)
  })

  test('cut at any byte, or with a changed body, are refused', () => {
    const bytes = Buffer.from(golden.encoded[0]!.hex, 'hex')
    for (let cut = 0; cut < bytes.length; cut += 1) {
      expect(() => decodeMessage(bytes.subarray(0, cut))).toThrow(/no whole message/)
    }
    bytes[88 + 3]! ^= 1
    expect(() => decodeMessage(bytes, 0, { checkCrc: true })).toThrow(/checksum/)
    expect(decodeMessage(bytes).topic).toBe('TopicTest')
  })

  test('with any length field broken are refused, never read beyond', () => {
    const good = Buffer.from(golden.encoded[0]!.hex, 'hex')
    for (let at = 84; at < good.length; at += 1) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(good)
        bytes[at] = value
        try {
          expect(decodeMessage(bytes).storeSize).toBe(good.length)
        } catch (error) {
          expect(error).toHaveProperty('code', 'RMQ_PROTOCOL')
        }
      }
    }
  })
})

describe('batches', () => {
  test.each(golden.batches)('are written as Java writes them: $name', ({ hex, given }) => {
    const messages = given.map(({ flag, bodyHex, properties }) => ({
      flag,
      body: Buffer.from(bodyHex, 'hex'),
      properties: properties ?? undefined,
    }))
    const order = propertyOrderOf(Buffer.from(hex, 'hex'))
    const ordered = messages.map((message, index) => ({ ...message, properties: order[index] }))
    expect(Buffer.from(encodeBatch(ordered)).toString('hex')).toBe(hex)
  })

  test.each(golden.batches)('are read as Java reads them: $name', ({ hex, javaReads }) => {
    const read = [...iterateBatch(Buffer.from(hex, 'hex'))].map((one) => ({
      flag: one.flag,
      bodyHex: Buffer.from(one.body).toString('hex'),
      properties: { ...decodeProperties(Buffer.from(one.properties).toString('utf8')) },
    }))
    expect(read).toEqual(javaReads)
  })

  test('cut anywhere but between messages are refused', () => {
    const bytes = Buffer.from(golden.batches[1]!.hex, 'hex')
    const firstBytes = bytes.readInt32BE(0)
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const read = (): number => [...iterateBatch(bytes.subarray(0, cut))].length
      if (cut === firstBytes) expect(read()).toBe(1)
      else if (cut !== bytes.length - 22) expect(read).toThrow(/batch/)
    }
  })
})

describe('properties', () => {
  test.each(golden.propertiesToString)(
    'are written as Java writes $entries',
    ({ entries, text }) => {
      const properties = Object.fromEntries(
        (entries ?? []).map(([name, value]) => [name, value ?? undefined]),
      )
      expect(encodeProperties(properties)).toBe(text)
    },
  )

  test.each(golden.stringToProperties)(
    'are read as Java reads $text',
    ({ text, sortedEntries }) => {
      const entries = Object.entries(decodeProperties(text))
      expect(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(sortedEntries)
    },
  )
})

describe('message ids', () => {
  const good = golden.messageIds.filter(({ javaReads }) => javaReads !== undefined)

  test.each(good)('$id', ({ ip, port, offset, id, javaReads }) => {
    if (!Number.isSafeInteger(offset ?? javaReads!.offset)) {
      expect(() => decodeMessageId(id)).toThrow(/beyond/)
      return
    }
    const read = decodeMessageId(id)
    expect(read.commitLogOffset).toBe(javaReads!.offset)
    expect(sameHost(read.storeHost, javaReads!.host)).toBe(true)
    if (ip !== undefined) expect(createMessageId({ host: ip, port }, Number(offset))).toBe(id)
  })

  test.each(golden.messageIds.filter(({ error }) => error !== undefined))(
    'refused: $id',
    ({ id }) => {
      expect(() => decodeMessageId(id)).toThrow(/not a message id/)
    },
  )
})

describe('tag hashes', () => {
  test.each(golden.hashes.strings)('of $text', ({ text, hashCode }) => {
    expect(tagHash(text)).toBe(hashCode)
    const bytes = Buffer.from(`x${text}y`, 'utf8')
    expect(tagHashOfUtf8(bytes, 1, bytes.length - 1)).toBe(hashCode)
  })
})

/** The order Java's hash map gave the properties is read back from its bytes. */
function propertyBytes(text: string | undefined, expected: Buffer, given: Facts): Uint8Array {
  if (text !== undefined) return utf8(text)
  const length = utf8(encodeProperties(given.properties)).length
  return expected.subarray(expected.length - length)
}

function propertyOrderOf(batch: Buffer): Record<string, string>[] {
  return [...iterateBatch(batch)].map((one) =>
    decodeProperties(Buffer.from(one.properties).toString('utf8')),
  )
}

test('the V6 bits of the golden flags say which host is IPv6', () => {
  for (const { given } of golden.encoded) {
    expect((given.sysFlag & SysFlag.BORN_HOST_V6) !== 0).toBe(isIpv6(given.bornHost.ip))
    expect((given.sysFlag & SysFlag.STORE_HOST_V6) !== 0).toBe(isIpv6(given.storeHost.ip))
  }
})
