// SPDX-License-Identifier: Apache-2.0
// The checksum over whole records, against records that Java 5.5.0 stored with enabledAppendPropCRC=true.
import { encodeHost, RecordLocation, storeTimestampAt } from '@rocketmq-ts/remoting/message'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue, ROOT, smallConfig } from '../test/support/store.ts'
import { Appender } from './appender.ts'
import { CommitLog } from './commit-log.ts'
import type { MessageToStore } from './messages.ts'
import { matchesPropertyCrc } from './property-crc.ts'
import { checkRecord } from './record-check.ts'

const FORGED = '__CRC32#\u00010123456789\u0002'
/** Properties as they were sent, the body, and Java's record. */
const recorded: readonly (readonly [string, string, string])[] = [
  [
    '',
    'body ',
    '00000075daa320a74cd8b5ee000000000000000000000000000000010000000000000079000000000000018bcfe568000a000001000004d2000001a1fec28a0b0a00000200002a9f00000000000000000000000000000005626f647920015400145f5f435243333223013437343030353039323102',
  ],
  [
    'A\u0001b\u0002',
    'body A\u0001b\u0002',
    '0000007ddaa320a714ed29060000000000000000000000000000000200000000000000ee000000000000018bcfe568000a000001000004d2000001a1fec28a0e0a00000200002a9f00000000000000000000000000000009626f6479204101620201540018410162025f5f435243333223013134383837313334323002',
  ],
  [
    'A\u0001b',
    'body A\u0001b',
    '0000007cdaa320a70678f2ad00000000000000000000000000000003000000000000016b000000000000018bcfe568000a000001000004d2000001a1fec28a100a00000200002a9f00000000000000000000000000000008626f64792041016201540018410162025f5f435243333223013936323730303735383002',
  ],
  [
    '__CRC32#\u00010123456789\u0002A\u0001b\u0002',
    'body __CRC32#\u00010123456789\u0002A\u0001b\u0002',
    '00000091daa320a7095cc7380000000000000000000000000000000400000000000001e7000000000000018bcfe568000a000001000004d2000001a1fec28a110a00000200002a9f0000000000000000000000000000001d626f6479205f5f4352433332230130313233343536373839024101620201540018410162025f5f435243333223013935363136353630393002',
  ],
  [
    'A\u0001b\u0002__CRC32#\u00010123456789\u0002',
    'body A\u0001b\u0002__CRC32#\u00010123456789\u0002',
    '00000091daa320a74d543ca1000000000000000000000000000000050000000000000278000000000000018bcfe568000a000001000004d2000001a1fec28a130a00000200002a9f0000000000000000000000000000001d626f647920410162025f5f43524333322301303132333435363738390201540018410162025f5f435243333223013536373631333739353002',
  ],
  [
    '__CRC32#\u00010123456789\u0002',
    'body __CRC32#\u00010123456789\u0002',
    '00000089daa320a746f89fc7000000000000000000000000000000060000000000000309000000000000018bcfe568000a000001000004d2000001a1fec28a150a00000200002a9f00000000000000000000000000000019626f6479205f5f435243333223013031323334353637383902015400145f5f435243333223013036373037383338373102',
  ],
]
/** The body of a batch and Java's two records. */
const BATCH =
  '000000250000000000000000000000000000000178000e6b0176025741495401747275650200000022000000000000000000000000000000027979000a57414954017472756502'
const BATCH_RECORDS =
  '0000007fdaa320a70cdc1683000000000000000000000000000000070000000000000392000000000000018bcfe568000a000001000004d2000001a1fec28a170a00000200002a9f0000000000000000000000000000000178015400226b017602574149540174727565025f5f4352433332230134393134343238353330020000007cdaa320a716fd19d8000000000000000000000000000000080000000000000411000000000000018bcfe568000a000001000004d2000001a1fec28a170a00000200002a9f0000000000000000000000000000000279790154001e574149540174727565025f5f435243333223013537333436353934343002'
const BORN_MS = 1_700_000_000_000

/** What an appender with nothing behind it lays out at Java's offsets and times. */
function laidOut(java: Buffer, toStore: Partial<MessageToStore>, isBatch: boolean): Buffer {
  const offset = Number(java.readBigInt64BE(28))
  const queueOffset = Number(java.readBigInt64BE(20))
  const config = smallConfig({ appendPropertyCrc: true })
  const log = new CommitLog({
    segments: { segmentBytes: config.commitLogSegmentBytes } as CommitLog['segments'],
    end: offset,
    flushed: offset,
    tailBytes: config.tailBytes,
    tailChunkBytes: config.tailChunkBytes,
    propertyCrc: true,
  })
  let next = queueOffset
  const queue = {
    get next() {
      return next
    },
    get nextOffset() {
      return next
    },
    put: () => next++,
  }
  const appender = new Appender({
    log,
    queues: {
      topic: (name: string) => ({ name, bytes: Buffer.from(name), queues: new Map() }),
      queueOf: () => queue,
    } as never,
    dispatch: { push: () => undefined } as never,
    clock: { nowMs: () => storeTimestampAt(java, 0), monotonicMs: () => 0 },
    config,
  })
  const whole: MessageToStore = {
    ...message(),
    topic: 'T',
    bornTimestampMs: BORN_MS,
    bornHost: encodeHost({ host: '10.0.0.1', port: 1234 }),
    storeHost: encodeHost({ host: '10.0.0.2', port: 10911 }),
    ...toStore,
  }
  const { status, recordBytes } = isBatch ? appender.appendBatch(whole) : appender.append(whole)
  expect(status).toBe('PUT_OK')
  return log.tail.active.bytes.subarray(0, recordBytes)
}

describe('the property checksum', () => {
  it.each(recorded)('of a message with properties %j is Java’s to the byte', (sent, body, hex) => {
    const java = Buffer.from(hex, 'hex')
    const ours = laidOut(java, { body: Buffer.from(body), properties: Buffer.from(sent) }, false)
    expect(ours.toString('hex')).toBe(hex)
  })

  it('of the messages of a batch is Java’s to the byte', () => {
    const java = Buffer.from(BATCH_RECORDS, 'hex')
    const ours = laidOut(java, { body: Buffer.from(BATCH, 'hex') }, true)
    expect(ours.toString('hex')).toBe(BATCH_RECORDS)
  })

  it('finds every flipped bit, also where no other check looks', () => {
    const record = Buffer.from(recorded[1]?.[2] ?? '', 'hex')
    const offset = Number(record.readBigInt64BE(28))
    const place = { at: 0, limit: record.length, offset, roomBytes: 10_000 }
    let missed = 0
    for (let bit = 0; bit < (record.length - 20) * 8; bit++) {
      const bytes = Buffer.from(record)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      if (checkRecord({ ...place, bytes, checksWhole: true }, new RecordLocation()) === 'record') {
        expect.fail(`bit ${bit}`)
      }
      if (checkRecord({ ...place, bytes }, new RecordLocation()) === 'record') missed++
    }
    expect(missed).toBeGreaterThan(100)
  })

  it('is not asked of records that have none', () => {
    const without = Buffer.from(recorded[1]?.[2] ?? '', 'hex')
    const location = new RecordLocation()
    location.locate(without, 0)
    location.propertiesEnd -= 20
    expect(matchesPropertyCrc(without, 0, location)).toBe(true)
  })
})

describe('a store with property checksums', () => {
  it('counts the checksum among the properties, which have a limit', async () => {
    const store = await openStore(simulatedRuntime({ seed: 1 }), {
      appendPropertyCrc: true,
      commitLogSegmentBytes: 65_536,
    })
    const most = (length: number): MessageToStore =>
      message({ properties: Buffer.from(`${'k'.repeat(length - 3)}\u0001v\u0002`) })
    expect(store.append(most(32_767 - 20)).status).toBe('PUT_OK')
    expect(store.append(most(32_767 - 19)).status).toBe('PROPERTIES_SIZE_EXCEEDED')
    expect(store.append(most(70_000)).status).toBe('PROPERTIES_SIZE_EXCEEDED')
  })

  it('cuts the log at a record that was altered behind its body', async () => {
    const settings = { appendPropertyCrc: true, verifyPropertyCrc: true }
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime, settings)
    await runtime.settle(put(store, message({ properties: Buffer.from('a\u0001b\u0002') })))
    const second = store.status().commitLogMaxOffset
    await runtime.settle(put(store, message({ properties: Buffer.from('a\u0001b\u0002') })))
    runtime.flipBit(`${ROOT}/commitlog/${'0'.repeat(20)}`, (second + 16) * 8)
    const next = runtime.crash('process')
    const again = await openStore(next, settings)
    expect(again.status().commitLogMaxOffset).toBe(second)
    expect((await readQueue(next, again, 'TopicTest', 0)).length).toBe(1)
  })

  it('takes a checksum that came with a message for none, so that nobody can make the log end', async () => {
    const settings = { verifyPropertyCrc: true }
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime, settings)
    await runtime.settle(put(store, message({ properties: Buffer.from(FORGED) })))
    const next = runtime.crash('process')
    const again = await openStore(next, settings)
    expect((await readQueue(next, again, 'TopicTest', 0)).length).toBe(1)
  })
})
