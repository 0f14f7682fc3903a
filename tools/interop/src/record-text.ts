// SPDX-License-Identifier: Apache-2.0
// Message records of a pull answer as text that can be compared: everything but the clock and the client's port.
//
//   0 size 4 | 4 magic 4 | 8 body crc 4 | 12 queue id 4 | 16 flag 4 | 20 queue offset 8 | 28 log offset 8 |
//  36 system flag 4 | 40 born 8 | 48 born host 8 | 56 stored 8 | 64 store host 8 | 72 reconsume times 4 |
//  76 prepared transaction offset 8 | 84 body: length 4, bytes | topic: length 1, bytes | properties: length 2, bytes

/** A record as text, with its properties apart: their order is a question of its own. */
export interface RecordText {
  readonly text: string
  /** Names and values in stored order, U+0001 and U+0002 as = and ; */
  readonly properties: string
}

export function recordTexts(body: Buffer): RecordText[] {
  const records: RecordText[] = []
  for (let at = 0; at + 4 <= body.length; at += Math.max(4, body.readInt32BE(at))) {
    records.push(recordText(body.subarray(at, at + body.readInt32BE(at))))
  }
  return records
}

function recordText(record: Buffer): RecordText {
  const bodyEnd = 88 + record.readInt32BE(84)
  const topicEnd = bodyEnd + 1 + record.readUInt8(bodyEnd)
  const stored = record.subarray(topicEnd + 2, topicEnd + 2 + record.readUInt16BE(topicEnd))
  const properties = stored.toString().replaceAll('\u0001', '=').replaceAll('\u0002', ';')
  const text = [
    `size ${record.length}`,
    `magic ${record.toString('hex', 4, 8)}`,
    `crc ${record.toString('hex', 8, 12)}`,
    `queue ${record.readInt32BE(12)}@${record.readBigInt64BE(20)}`,
    `flag ${record.readInt32BE(16)}`,
    `log ${record.readBigInt64BE(28)}`,
    `sysFlag ${record.readInt32BE(36)}`,
    `born ${record.readBigInt64BE(40)} ${record.subarray(48, 52).join('.')}`,
    `store host ${record.subarray(64, 68).join('.')}:${record.readInt32BE(68)}`,
    `reconsumed ${record.readInt32BE(72)}`,
    `prepared ${record.readBigInt64BE(76)}`,
    `body ${record.toString('hex', 88, bodyEnd)}`,
    `topic ${record.toString('utf8', bodyEnd + 1, topicEnd)}`,
    `properties ${properties.split(';').sort().join(';')}`,
  ].join(', ')
  return { text, properties }
}
