// SPDX-License-Identifier: Apache-2.0
// Prints what reading and writing one SEND_MESSAGE_V2 costs, in both header encodings: `node bench/codec.ts`.
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { CommandScan } from '../src/protocol/command-scan.ts'
import { compiledTable, slotsOf } from '../src/protocol/compiled-table.ts'
import { encodeHeader, type CommandHead } from '../src/protocol/encode-command.ts'
import { FieldScan } from '../src/protocol/field-scan.ts'
import { FrameDecoder } from '../src/protocol/frame.ts'
import { FrameWriter } from '../src/protocol/frame-writer.ts'
import { decodeRecord } from '../src/protocol/record.ts'
import { scanCommand } from '../src/protocol/scan-command.ts'
import { SegmentPool } from '../src/protocol/segment-pool.ts'
import { sendMessageV2, type SendMessageRequest } from '../src/requests/send-message.ts'
import { encodeFrame } from '../src/testing/frames.ts'

/** Many short rounds: the best of them met no other load. */
const ROUNDS = 300
const PER_ROUND = 2000
const { clock } = nodeRuntime()

/** The best of some rounds, in nanoseconds. */
function measure(run: () => void): number {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = clock.monotonicMs()
    for (let i = 0; i < PER_ROUND; i++) run()
    best = Math.min(best, ((clock.monotonicMs() - startMs) * 1e6) / PER_ROUND)
  }
  return Math.round(best)
}

const record: SendMessageRequest = {
  producerGroup: 'benchmark_producer',
  topic: 'BenchmarkTest',
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: 4,
  queueId: 3,
  sysFlag: 0,
  bornTimestamp: 1_700_000_000_001,
  flag: 0,
  properties:
    'UNIQ_KEY\u0001AC1100012A9F70DEA4E31C2B3F4A0001\u0002WAIT\u0001true\u0002TAGS\u0001TagA\u0002',
  reconsumeTimes: 0,
  unitMode: false,
  maxReconsumeTimes: undefined,
  batch: false,
  brokerName: 'broker-a',
}
const answer = {
  msgId: '0A0000010000 2A9F00000000000F4240'.replace(' ', ''),
  queueId: 3,
  queueOffset: 123_456_789,
  transactionId: undefined,
  batchUniqId: undefined,
  recallHandle: undefined,
  MSG_REGION: 'DefaultRegion',
  TRACE_ON: 'true',
}
const table = compiledTable(sendMessageV2.request)
const answerTable = compiledTable(sendMessageV2.response)
const slots = slotsOf(sendMessageV2.request)
const body = Buffer.alloc(128, 1)
const lines: string[] = []

for (const [encoding, type] of [
  ['rocketmq', 1],
  ['json', 0],
] as const) {
  const frame = encodeFrame(
    encoding,
    { code: 310, opaque: 1234 },
    { table: sendMessageV2.request, record, body },
  )
  const scan = new CommandScan()
  const fields = new FieldScan()
  const target = Buffer.alloc(1024)
  let sum = 0
  const report = (what: string, run: () => void): void => {
    lines.push(`${encoding.padEnd(9)}${what.padEnd(46)}${String(measure(run)).padStart(6)} ns`)
  }
  report('find the frame and scan the header', () => {
    scanCommand(scan, frame, 4, frame.length)
    sum += scan.opaque
  })
  const decoder = new FrameDecoder({
    frame(bytes, start, end) {
      scanCommand(scan, bytes, start, end)
      fields.match(scan, table)
      sum += fields.int32(slots.queueId) + fields.int32(slots.sysFlag) + fields.int32(slots.flag)
      sum += fields.offset(slots.bornTimestamp) + fields.byteLength(slots.topic)
      sum += fields.copyInto(slots.properties, target, 0)
      return true
    },
  })
  report('hot read: frame, scan, match, what a send needs', () => decoder.push(frame))
  report('cold read: scan and decode a record', () => {
    scanCommand(scan, frame, 4, frame.length)
    sum += decodeRecord(scan, sendMessageV2.request).queueId
  })
  const writer = new FrameWriter(new SegmentPool())
  const head: CommandHead = {
    code: 310,
    language: 0,
    version: 513,
    opaque: 7,
    flag: 0,
    remark: undefined,
  }
  const parts = [body]
  const none: Uint8Array[] = []
  let frames = 0
  const settle = (): void => {
    if (++frames % 64 === 0) writer.release(writer.take())
  }
  report('write a request with a body of 128 bytes', () => {
    writer.beginFrame()
    encodeHeader(writer, type, head, table, record as never, undefined)
    writer.endFrame(type, parts)
    settle()
  })
  report('write its answer', () => {
    writer.beginFrame()
    encodeHeader(writer, type, head, answerTable, answer, undefined)
    writer.endFrame(type, none)
    settle()
  })
  if (sum === 0) lines.push('nothing was read')
}
console.log(lines.join('\n'))
