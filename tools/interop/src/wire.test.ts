// SPDX-License-Identifier: Apache-2.0
// The harness's own encoder: what it writes it reads back, at every cut of the byte stream.

import { expect, test } from 'vitest'
import { decodeFrame, encodeRequest, FrameSplitter } from './wire.ts'

const fields = { topic: 'T', text: 'år € 訊息', empty: '' }

for (const encoding of ['json', 'binary'] as const) {
  const frame = encodeRequest(
    { code: 310, opaque: 77, fields, body: Buffer.from('body') },
    encoding,
  )

  test(`${encoding}: a frame is read back`, () => {
    expect(frame.readInt32BE(0)).toBe(frame.length - 4)
    expect(decodeFrame(frame.subarray(4))).toMatchObject({ code: 310, opaque: 77, fields })
    expect(decodeFrame(frame.subarray(4)).body.toString()).toBe('body')
  })

  test(`${encoding}: any cut of two frames yields both`, () => {
    const stream = Buffer.concat([frame, frame])
    for (let cut = 0; cut <= stream.length; cut++) {
      const splitter = new FrameSplitter()
      const found: Buffer[] = []
      for (const part of [stream.subarray(0, cut), stream.subarray(cut)]) {
        splitter.push(part, (one) => found.push(one))
      }
      expect(found.map((one) => one.toString('hex'))).toEqual(
        [frame, frame].map((one) => one.subarray(4).toString('hex')),
      )
    }
  })
}

test('the binary header has its fields where Java has them', () => {
  const frame = encodeRequest({ code: 10, opaque: 5, fields: { a: 'bc' } }, 'binary')
  const header = Buffer.concat([
    Buffer.from('000a', 'hex'),
    Buffer.from('00', 'hex'),
    Buffer.from('0201', 'hex'),
    Buffer.from('00000005', 'hex'),
    Buffer.from('00000000', 'hex'),
    Buffer.from('00000000', 'hex'),
    Buffer.from('00000009', 'hex'),
    Buffer.from('00016100000002', 'hex'),
    Buffer.from('bc'),
  ])
  expect(frame.subarray(8).toString('hex')).toBe(header.toString('hex'))
  expect(frame.readUInt32BE(4)).toBe((1 << 24) | header.length)
})
