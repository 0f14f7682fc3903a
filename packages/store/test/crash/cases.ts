// SPDX-License-Identifier: Apache-2.0
// Crash cases by name: the state that is built, the fault, and what must have come of it. Together they are what the store promises.
import { ok } from 'node:assert/strict'
import type { CrashKind, FileOperation } from '@rocketmq-ts/runtime/simulated'
import { ROOT } from '../support/store.ts'
import { type StoreLife, TOPICS } from './store-life.ts'

/** After `run` the store must hold what was promised, go on and close; `run` checks whatever else is expected. */
export interface CrashCase {
  readonly name: string
  /** What must have come of it, in words. */
  readonly outcome: string
  readonly seeds: number
  readonly run: (life: StoreLife) => Promise<void>
}

type Pick = (operation: FileOperation) => boolean

const isLog: Pick = ({ path }) => path.includes('/commitlog')
const isQueue: Pick = ({ path }) => path.includes('/consumequeue')
const isCheckpoint: Pick = ({ path }) => path.endsWith('/checkpoint')
const isAbort: Pick = ({ path }) => path.endsWith('/abort')
const isSecondSegment: Pick = ({ path }) => path.endsWith('/commitlog/00000000000000004096')

/** A process that dies, or a machine, on the n-th operation of a kind. */
const ON_OPERATION: readonly (readonly [name: string, nth: number, pick: Pick])[] = [
  ['the first write to the log', 1, (o) => isLog(o) && o.kind === 'write'],
  ['a later write to the log', 7, (o) => isLog(o) && o.kind === 'write'],
  ['making the first segment', 1, (o) => isLog(o) && o.kind === 'create'],
  ['making the second segment', 2, (o) => isLog(o) && o.kind === 'create'],
  ['giving the second segment its length', 2, (o) => isLog(o) && o.kind === 'truncate'],
  ['flushing the log directory', 2, (o) => isLog(o) && o.kind === 'flush-directory'],
  ['the first write to the second segment', 1, (o) => isSecondSegment(o) && o.kind === 'write'],
  ['the first flush of the log', 1, (o) => isLog(o) && o.kind === 'flush'],
  ['a later flush of the log', 4, (o) => isLog(o) && o.kind === 'flush'],
  ['the flush of the second segment', 1, (o) => isSecondSegment(o) && o.kind === 'flush'],
  ['making a queue file', 1, (o) => isQueue(o) && o.kind === 'create'],
  ['the first write of queue entries', 1, (o) => isQueue(o) && o.kind === 'write'],
  ['a later write of queue entries', 9, (o) => isQueue(o) && o.kind === 'write'],
  [
    'making the second file of a queue',
    1,
    (o) => isQueue(o) && o.kind === 'create' && !o.path.endsWith('/00000000000000000000'),
  ],
  ['the first flush of a queue', 1, (o) => isQueue(o) && o.kind === 'flush'],
  ['the third flush of a queue', 3, (o) => isQueue(o) && o.kind === 'flush'],
  ['flushing a queue directory', 1, (o) => isQueue(o) && o.kind === 'flush-directory'],
  ['making the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'create'],
  ['the first write of the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'write'],
  ['flushing the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'flush'],
  ['moving the checkpoint', 2, (o) => isCheckpoint(o) && o.kind === 'write'],
  ['making the abort file', 1, (o) => isAbort(o) && o.kind === 'create'],
  ['flushing the abort file', 1, (o) => isAbort(o) && o.kind === 'flush'],
]

/** What somebody or something did to a store that is not running. */
const ON_DISK: readonly (readonly [
  name: string,
  outcome: string,
  harm: (life: StoreLife) => void,
])[] = [
  ['the checkpoint is missing', 'the queues are rebuilt', (life) => remove(life, 'checkpoint')],
  [
    'the checkpoint is all zeros',
    'the queues are rebuilt',
    (life) => life.runtime.files.writeFile(`${ROOT}/checkpoint`, new Uint8Array(4096)),
  ],
  ['all queues are missing', 'they are rebuilt', (life) => remove(life, 'consumequeue')],
  [
    'the queues of one topic are missing after a crash',
    'those that the log has behind the checkpoint are rebuilt',
    (life) => {
      remove(life, 'checkpoint')
      remove(life, 'consumequeue/TopicA')
    },
  ],
  ['the index is missing', 'messages are read as before', (life) => remove(life, 'index')],
  [
    'the segment made ahead has no length yet',
    'it gets its length',
    ({ runtime }) => {
      const directory = `${ROOT}/commitlog`
      const last = runtime.files.list(directory).at(-1) ?? ''
      const next = String(Number(last) + 4096).padStart(20, '0')
      runtime.files.open(`${directory}/${next}`, 'create').close()
    },
  ],
]

function remove({ runtime }: StoreLife, name: string): void {
  runtime.files.remove(`${ROOT}/${name}`)
}

const onOperation = (kind: CrashKind): readonly CrashCase[] =>
  ON_OPERATION.map(([what, nth, pick]) => ({
    name: `${kind === 'power' ? 'power is lost' : 'the process is killed'} on ${what}`,
    outcome: kind === 'power' ? 'nothing flushed is lost' : 'nothing acknowledged is lost',
    seeds: 2,
    async run(life) {
      let seen = 0
      const isDead = await life.untilCrash(
        kind,
        (operation) => pick(operation) && ++seen === nth,
        () => life.work(60),
      )
      ok(isDead, `there was no operation ${nth}: ${what}`)
    },
  }))

const onDisk: readonly CrashCase[] = ON_DISK.map(([name, outcome, harm]) => ({
  name: `after a kill ${name}`,
  outcome,
  seeds: 3,
  async run(life) {
    await life.work(30)
    await life.runtime.advance(200)
    life.crash('process')
    harm(life)
  },
}))

/** Lives in which the disk itself fails. */
const ON_FAILURE: readonly CrashCase[] = [
  {
    name: 'the disk is full for a while, then the process is killed',
    outcome: 'nothing acknowledged is lost',
    seeds: 4,
    async run(life) {
      await life.work(10)
      const { runtime } = life
      runtime.disk.fault = ({ kind }) =>
        kind === 'write' ? { error: 'ENOSPC', afterBytes: 100 } : undefined
      await life.work(5)
      runtime.disk.fault = undefined
      await runtime.advance(5000)
      await life.work(5)
      ok(life.store?.status().writable === true, 'the store does not come back')
      life.crash('process')
    },
  },
  {
    name: 'the log cannot be written for a while, then power is lost',
    outcome: 'nothing flushed is lost',
    seeds: 4,
    async run(life) {
      await life.work(10)
      const { runtime } = life
      runtime.disk.fault = (o) => (isLog(o) && o.kind === 'write' ? { error: 'EIO' } : undefined)
      await life.work(5)
      runtime.disk.fault = undefined
      await runtime.advance(5000)
      await life.work(5)
      life.crash('power')
    },
  },
  {
    name: 'a flush of the log fails and its bytes are gone, then the store comes back and power is lost',
    outcome: 'nothing flushed is lost',
    seeds: 8,
    async run(life) {
      await life.work(10)
      const { runtime } = life
      runtime.disk.evictsAfterFailedFlush = true
      let failures = 2
      runtime.disk.fault = (o) =>
        isLog(o) && o.kind === 'flush' && failures-- > 0 ? { error: 'EIO' } : undefined
      await life.work(5)
      await runtime.advance(5000)
      await life.work(5)
      await runtime.advance(1000)
      runtime.disk.fault = undefined
      life.crash('power')
    },
  },
  {
    name: 'a flush of the log fails, the process is killed, the next one flushes, and power is lost',
    outcome: 'what the second process called flushed is there',
    seeds: 8,
    async run(life) {
      const isDead = await life.untilCrash(
        'process',
        () => false,
        async () => {
          await life.work(5)
          const { runtime } = life
          const fault = runtime.disk.fault
          runtime.disk.fault = (o) => {
            fault?.(o)
            return isLog(o) && o.kind === 'flush' ? { error: 'EIO' } : undefined
          }
          await life.work(2)
          await runtime.advance(50)
        },
      )
      ok(!isDead)
      life.crash('process')
      await life.check()
      await life.runtime.advance(2000)
      life.crash('power')
    },
  },
  {
    name: 'a topic is deleted and made again, then the process is killed',
    outcome: 'the new messages are there, under their new offsets',
    seeds: 6,
    async run(life) {
      await life.work(8)
      await life.runtime.advance(100)
      await life.work(2)
      life.deleteTopic('TopicA')
      for (let i = 0; i < 6; i++) life.append()
      await life.work(1)
      life.crash('process')
    },
  },
  {
    name: 'topics come back that begin with a hole, the process is killed, the next one flushes, and power is lost',
    outcome: 'the names of their files are on disk as well',
    seeds: 12,
    async run(life) {
      await life.work(20)
      await life.runtime.advance(500)
      for (let i = 0; i < 10; i++) life.append()
      await life.runtime.advance(1)
      for (const topic of TOPICS.slice(0, 2)) life.deleteTopic(topic)
      life.crash('process')
      await life.open()
      life.crash('process')
      await life.check()
      await life.work(4)
      await life.runtime.advance(500)
      life.crash('power')
    },
  },
  {
    name: 'topics come back of which the checkpoint had moved on, the process is killed, and power is lost after the next',
    outcome: 'all files are on disk for which the checkpoint vouches',
    seeds: 12,
    async run(life) {
      await life.work(100)
      await life.runtime.advance(500)
      for (const topic of TOPICS.slice(0, 2)) life.deleteTopic(topic)
      await life.runtime.advance(500)
      life.crash('process')
      await life.open()
      life.crash('process')
      await life.check()
      await life.work(4)
      await life.runtime.advance(500)
      life.crash('power')
    },
  },
  {
    name: 'two recoveries die, then power is lost in the third',
    outcome: 'nothing flushed is lost',
    seeds: 12,
    async run(life) {
      await life.work(25)
      life.crash('power')
      for (const kind of ['process', 'process', 'power'] as const) {
        const at = 4 + life.random.below(30)
        await life.untilCrash(
          kind,
          (_o, count) => count === at,
          () => life.running(),
        )
        if (life.store !== undefined) life.crash(kind)
      }
    },
  },
]

export const CASES: readonly CrashCase[] = [
  ...onOperation('process'),
  ...onOperation('power'),
  ...onDisk,
  ...ON_FAILURE,
]
