// SPDX-License-Identifier: Apache-2.0
// One seed against one server: spoiled frames, and after each a good one that must be answered unless the connection was closed.
import { SimRandom } from '@rocketmq-ts/runtime/simulated'
import { MAX_FRAME_BYTES } from '@rocketmq-ts/remoting'
import { readFrame } from '@rocketmq-ts/remoting/testing'
import { entry, layOut } from './compose.ts'
import { decodeFrame, type DecodeCounts } from './decode.ts'
import type { Generator } from './generate.ts'
import { Peer, PATIENCE_MS } from './peer.ts'

/** Frames a seed sends. */
export const FRAMES_OF_A_SEED = 25

/** A server and what it is asked in between. */
export interface Target {
  readonly name: string
  readonly port: number
  /** Request codes it has a handler for. */
  readonly codes: readonly number[]
  readonly probeCode: number
  readonly probeFields: Readonly<Record<string, string>>
}

/** What became of frames. */
export interface Outcomes extends DecodeCounts {
  frames: number
  answers: number
  closed: number
  probes: number
  connections: number
  slowestMs: number
}

export function noOutcomes(): Outcomes {
  return {
    unreadable: 0,
    read: 0,
    records: 0,
    bodies: 0,
    frames: 0,
    answers: 0,
    closed: 0,
    probes: 0,
    connections: 0,
    slowestMs: 0,
  }
}

/** Calls that may be answered late, or never once the connection is gone. */
const PARKED_CODES = [11, 361]
const PROBE_OPAQUES = 0x7000_0000

/** @throws {Error} when something crashed, hung or stayed without an answer. */
export async function runSession(
  seed: number,
  target: Target,
  generator: Generator,
  outcomes: Outcomes,
  frameCount: number = FRAMES_OF_A_SEED,
): Promise<void> {
  const session = new Session(seed, target, outcomes)
  const random = new SimRandom(seed)
  try {
    for (let index = 0; index < frameCount; index++) {
      const frame = generator.next(random, target.codes)
      decodeFrame(frame, random.fork(), outcomes)
      await session.send(frame, random, index)
    }
    await session.allAnswered()
  } finally {
    session.close()
  }
}

class Session {
  readonly #seed: number
  readonly #target: Target
  readonly #outcomes: Outcomes
  #peer: Peer | undefined
  /** Opaques of requests that were not answered yet, with where they were sent. */
  #owed = new Map<number, string>()

  constructor(seed: number, target: Target, outcomes: Outcomes) {
    this.#seed = seed
    this.#target = target
    this.#outcomes = outcomes
  }

  async send(frame: Buffer, random: SimRandom, index: number): Promise<void> {
    const outcomes = this.#outcomes
    const peer = await this.#connected()
    const opaque = PROBE_OPAQUES + index
    const probe = this.#probe(opaque, random.once(2) ? 'json' : 'binary')
    const startedMs = performance.now()
    const answersBefore = peer.answerCount
    for (const piece of pieces(Buffer.concat([frame, probe]), random)) {
      if (!peer.isClosed) peer.send(piece)
      if (random.once(2)) await new Promise((resolve) => setImmediate(resolve))
    }
    // A frame that says it is longer than it is takes the good one with it: only an end tells then.
    if (!endsWhole(frame)) peer.end()
    const settled = await peer.until(() => peer.answerTo(opaque) !== undefined)
    outcomes.frames++
    outcomes.slowestMs = Math.max(outcomes.slowestMs, performance.now() - startedMs)
    if (!settled) throw this.#failure(index, `neither answer nor close within ${PATIENCE_MS} ms`)
    const answer = peer.answerTo(opaque)
    outcomes.answers += peer.answerCount - answersBefore
    if (answer !== undefined) {
      outcomes.probes++
      if (answer.code !== 0)
        throw this.#failure(index, `a good request was answered ${answer.code}`)
      const owed = opaqueOwed(frame)

      if (owed !== undefined) this.#owed.set(owed, `frame ${index}`)
    }
    if (peer.isClosed) {
      outcomes.closed++
      // What was owed went with the connection.
      this.#owed.clear()
    }
  }

  /** Answers may come later than that of the good request: handlers take their time. */
  async allAnswered(): Promise<void> {
    const peer = this.#peer
    if (peer === undefined || peer.isClosed) return
    const isMissing = (opaque: number): boolean => peer.answerTo(opaque) === undefined
    const settled = await peer.until(() => ![...this.#owed.keys()].some(isMissing))
    if (settled) return
    const missing = [...this.#owed]
      .filter(([opaque]) => isMissing(opaque))
      .map(([, where]) => where)
    throw this.#failure(-1, `no answer to ${missing.join(', ')}`)
  }

  close(): void {
    this.#peer?.destroy()
  }

  async #connected(): Promise<Peer> {
    if (this.#peer !== undefined && !this.#peer.isClosed) return this.#peer
    this.#outcomes.connections++
    this.#peer = await Peer.open(this.#target.port)
    return this.#peer
  }

  #probe(opaque: number, encoding: 'json' | 'binary'): Buffer {
    const { probeCode, probeFields } = this.#target
    return layOut({
      encoding,
      code: probeCode,
      opaque,
      flag: 0,
      entries: Object.entries(probeFields).map(([name, value]) => entry(name, value)),
      body: undefined,
    })
  }

  #failure(index: number, what: string): Error {
    return new Error(`${this.#target.name}, seed ${this.#seed}, frame ${index}: ${what}`)
  }
}

/** The bytes whole, or cut a few times. */
function pieces(bytes: Buffer, random: SimRandom): Buffer[] {
  if (!random.once(4)) return [bytes]
  const cuts = Array.from({ length: 1 + random.below(3) }, () => random.below(bytes.length))
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

/** Beginnings of PROXY headers, whose own length decides where frames begin. */
const PROXY_HEADERS = ['PROXY ', '\r\n\r\n\0\r\nQUIT']

/** Whether what follows is read as a frame of its own, by the lengths alone; true also when the stream ends at a bad one. */
function endsWhole(bytes: Buffer): boolean {
  if (PROXY_HEADERS.some((begin) => bytes.toString('latin1', 0, begin.length) === begin)) {
    return false
  }
  let at = 0
  while (bytes.length - at >= 4) {
    const length = bytes.readInt32BE(at)
    if (length < 0 || length > MAX_FRAME_BYTES - 4) return true
    at += 4 + length
  }
  return at === bytes.length
}

/** The opaque that must be answered when the frame is one whole request. */
function opaqueOwed(bytes: Buffer): number | undefined {
  if (bytes.length < 8 || bytes.readInt32BE() !== bytes.length - 4) return undefined
  try {
    const { code, flag, opaque } = readFrame(bytes)
    return (flag & 3) !== 0 || PARKED_CODES.includes(code) ? undefined : opaque
  } catch {
    // Its readers are looked at elsewhere.
    return undefined
  }
}
