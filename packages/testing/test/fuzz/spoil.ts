// SPDX-License-Identifier: Apache-2.0
// Spoils bytes: bits, lengths, cuts, and parts of other frames.
import type { SimRandom } from '@rocketmq-ts/runtime/simulated'
import { withLength } from './compose.ts'

/** What a frame is spoiled with. */
export interface SpoilContext {
  readonly random: SimRandom
  /** Where parts of other frames come from. */
  readonly other: () => Buffer
}

type Spoil = (frame: Buffer, context: SpoilContext) => Buffer

const INTEGERS = [0, 1, 3, 4, 20, 21, 127, 255, 65_535, 0xff_ffff, 16_777_212, 16_777_213]
const SIGNED = [...INTEGERS, -1, -4, -2_147_483_648, 2_147_483_647]

function pick<T>(random: SimRandom, items: readonly T[]): T {
  return items[random.below(items.length)] as T
}

/** True for a frame whose length is set right again: what follows is then read as another frame. */
function maybeMended(frame: Buffer, random: SimRandom): Buffer {
  return random.once(3) ? frame : withLength(frame)
}

const flipBits: Spoil = (frame, { random }) => {
  // The length is spared mostly: a wrong one hides everything else.
  const from = random.once(8) ? 0 : Math.min(4, frame.length - 1)
  for (let left = 1 + random.below(6); left > 0; left--) {
    const at = from + random.below(frame.length - from)
    frame[at] = (frame[at] as number) ^ (1 << random.below(8))
  }
  return frame
}

const setBytes: Spoil = (frame, { random }) => {
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = Math.min(frame.length - 1, 4 + random.below(frame.length))
    frame[at] = pick(random, [0, 1, 0x22, 0x27, 0x2c, 0x5c, 0x7b, 0x7d, 0x80, 0xc0, 0xed, 0xff])
  }
  return frame
}

const cut: Spoil = (frame, { random }) =>
  maybeMended(Buffer.from(frame.subarray(0, random.below(frame.length))), random)

const insert: Spoil = (frame, { random }) => {
  const at = 4 + random.below(frame.length - 3)
  const bytes = random.bytes(1 + random.below(24))
  return maybeMended(Buffer.concat([frame.subarray(0, at), bytes, frame.subarray(at)]), random)
}

const repeat: Spoil = (frame, { random }) => {
  const start = 4 + random.below(frame.length - 3)
  const end = Math.min(frame.length, start + random.below(200))
  return maybeMended(Buffer.concat([frame.subarray(0, end), frame.subarray(start)]), random)
}

const splice: Spoil = (frame, { other, random }) => {
  const tail = other()
  return maybeMended(
    Buffer.concat([
      frame.subarray(0, random.below(frame.length)),
      tail.subarray(random.below(tail.length)),
    ]),
    random,
  )
}

const lieAboutFrame: Spoil = (frame, { random }) => {
  const length = random.once(2) ? pick(random, SIGNED) : frame.length - 4 + random.below(9) - 4
  frame.writeInt32BE(length)
  return frame
}

const lieAboutHeader: Spoil = (frame, { random }) => {
  if (frame.length < 8) return frame
  const word = frame.readUInt32BE(4)
  const type = random.once(3) ? random.below(256) : word >>> 24
  const length = random.once(2)
    ? pick(random, INTEGERS)
    : Math.max(0, (word & 0xff_ffff) + random.below(9) - 4)
  frame.writeUInt32BE(type * 0x100_0000 + (length & 0xff_ffff), 4)
  return frame
}

const lieAnywhere: Spoil = (frame, { random }) => {
  if (frame.length < 12) return frame
  const at = 8 + random.below(frame.length - 11)
  if (random.once(2)) frame.writeInt32BE(pick(random, SIGNED), at)
  else frame.writeInt16BE(pick(random, [0, -1, 1, 32_767, -32_768]), at)
  return frame
}

const wipe: Spoil = (frame, { random }) => {
  const start = 4 + random.below(frame.length - 3)
  const end = Math.min(frame.length, start + random.below(64))
  return frame.fill(pick(random, [0, 0x20, 0xff]), Math.min(start, end), end)
}

const PREFACES = [
  'PROXY TCP4 10.1.2.3 10.1.2.4 1234 9876\r\n',
  'PROXY TCP4 999.1.2.3 x 99999 -1\r\n',
  'PROXY UNKNOWN\r\n',
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\x0a\x01\x02\x03\x0a\x01\x02\x04\x04\xd2\x26\x94',
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff',
  '\x16\x03\x01\x00\xa5\x01\x00\x00',
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
]

const preface: Spoil = (frame, { random }) =>
  Buffer.concat([Buffer.from(pick(random, PREFACES), 'latin1'), frame])

const spoils: readonly Spoil[] = [
  flipBits,
  flipBits,
  flipBits,
  setBytes,
  setBytes,
  cut,
  insert,
  repeat,
  splice,
  lieAboutFrame,
  lieAboutHeader,
  lieAnywhere,
  lieAnywhere,
  wipe,
]

/** The same frame, spoiled in one to three ways; `frame` itself is left alone. */
export function spoil(frame: Buffer, context: SpoilContext): Buffer {
  const { random } = context
  let spoiled: Buffer = Buffer.from(frame)
  for (let left = random.once(3) ? 2 + random.below(2) : 1; left > 0; left--) {
    if (spoiled.length < 8) return spoiled
    spoiled = pick(random, spoils)(spoiled, context)
  }
  return random.once(60) ? preface(spoiled, context) : spoiled
}
