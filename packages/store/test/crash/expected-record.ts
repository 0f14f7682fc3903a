// SPDX-License-Identifier: Apache-2.0
// Lays a record out a second time, independently of the store, from what a test sent.
import { crc32 } from 'node:zlib'
import type { MessageToStore } from '../../src/index.ts'

/** What the store decided. */
export interface Placed {
  readonly offset: number
  readonly queueOffset: number
  readonly storeTimestampMs: number
}

const BORN_V6 = 1 << 4
const STORE_V6 = 1 << 5
const MAX_V1_TOPIC_BYTES = 127

/** The bytes that the log must hold for a message. */
export function expectedRecord(message: MessageToStore, placed: Placed): Buffer {
  const { body, properties, bornHost, storeHost } = message
  const topic = Buffer.from(message.topic)
  const isV2 = topic.length > MAX_V1_TOPIC_BYTES
  const sysFlag =
    message.sysFlag |
    (bornHost.length === 20 ? BORN_V6 : 0) |
    (storeHost.length === 20 ? STORE_V6 : 0)
  const fields = [
    int(4, 0),
    int(4, isV2 ? 0xdaa320ab : 0xdaa320a7),
    int(4, crc32(body) & 0x7fffffff),
    int(4, message.queueId),
    int(4, message.flag),
    int(8, placed.queueOffset),
    int(8, placed.offset),
    int(4, sysFlag),
    int(8, message.bornTimestampMs),
    bornHost,
    int(8, placed.storeTimestampMs),
    storeHost,
    int(4, message.reconsumeTimes),
    int(8, message.preparedTransactionOffset),
    int(4, body.length),
    body,
    int(isV2 ? 2 : 1, topic.length),
    topic,
    int(2, properties.length),
    properties,
  ]
  const record = Buffer.concat(fields)
  record.writeInt32BE(record.length, 0)
  return record
}

function int(byteLength: 1 | 2 | 4 | 8, value: number): Buffer {
  const bytes = Buffer.alloc(byteLength)
  if (byteLength === 8) bytes.writeBigInt64BE(BigInt(value))
  else bytes.writeUIntBE(value >>> 0, 0, byteLength)
  return bytes
}
