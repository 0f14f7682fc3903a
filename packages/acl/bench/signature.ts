// SPDX-License-Identifier: Apache-2.0
// Prints what checking the signature of one SEND_MESSAGE_V2 costs, as text and in its frame: `node bench/signature.ts`.
import { hrtime } from 'node:process'
import { CommandScan, scanCommand } from '@rocketmq-ts/remoting'
import { encodeFrame } from '@rocketmq-ts/remoting/testing'
import { signRequest, verifyRequest } from '../src/signature.ts'
import { isSignedInPlace, signingKeyOf } from '../src/signed-in-place.ts'

/** Many short rounds: the best of them met no other load. */
const ROUNDS = 100
const PER_ROUND = 1000

/** The best of some rounds, in nanoseconds. */
function measure(run: () => boolean): number {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const start = hrtime.bigint()
    for (let i = 0; i < PER_ROUND; i++) {
      if (!run()) throw new Error('a right signature was refused')
    }
    best = Math.min(best, Number(hrtime.bigint() - start) / PER_ROUND)
  }
  return Math.round(best)
}

const fields = new Map(
  Object.entries({
    a: 'benchmark_producer',
    b: 'BenchmarkTest',
    c: 'TBW102',
    d: '4',
    e: '3',
    f: '0',
    g: '1700000000001',
    h: '0',
    i: 'UNIQ_KEY\u0001AC11000200002A139C5500000000\u0002WAIT\u0001true\u0002TAGS\u0001TagA',
    j: '0',
    k: 'false',
    m: 'false',
  }),
)
const credentials = { accessKey: 'producer', secretKey: 'a-secret-of-usual-length' }
const key = signingKeyOf(credentials.secretKey)

for (const bodyBytes of [250, 1024, 8192]) {
  const body = new Uint8Array(bodyBytes).fill(0x61)
  const ext = { ...Object.fromEntries(fields), ...signRequest(credentials, fields, body) }
  for (const type of ['rocketmq', 'json'] as const) {
    const head = { code: 310, version: 513 }
    const frame = encodeFrame(type, head, { table: {}, record: {}, ext, body })
    const scan = new CommandScan()
    scanCommand(scan, frame, 4, frame.length)
    const asText = measure(() =>
      verifyRequest(credentials.secretKey, scan.extFields(), scan.body(), scan.version),
    )
    const inPlace = measure(() => isSignedInPlace(key, scan))
    console.log(`${type}, body of ${bodyBytes} B: as text ${asText} ns, in place ${inPlace} ns`)
  }
}
