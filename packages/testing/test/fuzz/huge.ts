// SPDX-License-Identifier: Apache-2.0
// Large frames that make a careless reader slow or deep.
import type { SimRandom } from '@rocketmq-ts/runtime/simulated'
import { entry, layOut, withLength, type Layout } from './compose.ts'

type Make = (bytes: number) => Buffer

function withHeader(text: string): Buffer {
  const header = Buffer.from(text)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(header.length & 0xff_ffff, 4)
  return withLength(Buffer.concat([head, header]))
}

function withBody(code: number, body: string): Buffer {
  const layout: Layout = {
    encoding: 'json',
    code,
    opaque: 1,
    flag: 0,
    entries: [entry('topic', 'FuzzTopic'), entry('clientID', 'fuzz')],
    body: Buffer.from(body),
  }
  return layOut(layout)
}

const makes: readonly Make[] = [
  (bytes) => withHeader('['.repeat(bytes)),
  (bytes) => withHeader(`{"x":${'{"x":'.repeat(bytes / 5)}`),
  (bytes) => withHeader(`{"code":105,"extFields":{${'"a":"a",'.repeat(bytes / 8)}"topic":"t"}}`),
  (bytes) => withHeader(`{"code":105,"extFields":{"topic":"${'\\u0041'.repeat(bytes / 6)}"}}`),
  (bytes) => withHeader(`{"code":11,"extFields":{"queueId":"${'9'.repeat(bytes)}"}}`),
  (bytes) => withHeader(`{"code":${'9'.repeat(bytes)}}`),
  (bytes) => withHeader(`${'/*'.repeat(bytes / 2)}`),
  (bytes) => withHeader(`{"code":1${' '.repeat(bytes)}}`),
  (bytes) => withHeader(`{"language":"${'J'.repeat(bytes)}"}`),
  (bytes) => withBody(34, '['.repeat(bytes)),
  (bytes) => withBody(34, `{"clientID":"${'\\"'.repeat(bytes / 2)}"}`),
  (bytes) => withBody(34, `{"producerDataSet":[${'{"groupName":"a"},'.repeat(bytes / 18)}]}`),
  (bytes) => withBody(41, `{"mqSet":[${'{"queueId":0},'.repeat(bytes / 14)}]}`),
  (bytes) => withBody(103, '9'.repeat(bytes)),
  (bytes) => withBody(25, 'a=b\n'.repeat(bytes / 4)),
  (bytes) => withBody(318, `x\\\n${'\\\n'.repeat(bytes / 2)}`),
  (bytes) => withBody(10, 'x'.repeat(bytes)),
]

/** A well-framed frame of 64 KiB to 8 MiB. */
export function hugeFrame(random: SimRandom): Buffer {
  const make = makes[random.below(makes.length)] as Make
  return make(2 ** (16 + random.below(8)))
}
