// SPDX-License-Identifier: Apache-2.0
// Kept answers against answers made anew: whatever happens in between, they are the same bytes.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeTopicRouteData, type TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { RouteBytes } from './route-bytes.ts'
import { RouteTable } from './route-table.ts'

const NAMES = ['a', 'b']
const TOPICS = ['T1', 'T2', 'T3']

interface Step {
  readonly kind: 'register' | 'unregister' | 'wipe' | 'restore' | 'delete' | 'topic'
  readonly name: string
  readonly id: number
  readonly address: number
  readonly topics: readonly string[]
  readonly queues: number
  readonly counter: number
  readonly acting: boolean
  readonly zone: string | undefined
  readonly filterServer: boolean
  readonly mapped: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'register' as const,
    'register' as const,
    'register' as const,
    'unregister' as const,
    'wipe' as const,
    'restore' as const,
    'delete' as const,
    'topic' as const,
  ),
  name: fc.constantFrom(...NAMES),
  id: fc.constantFrom(0, 1, 2),
  address: fc.constantFrom(0, 1, 2),
  topics: fc.subarray(TOPICS, { minLength: 2 }),
  queues: fc.constantFrom(4, 8),
  counter: fc.nat({ max: 3 }),
  acting: fc.boolean(),
  zone: fc.constantFrom(undefined, 'z'),
  filterServer: fc.boolean(),
  mapped: fc.boolean(),
})

function apply(table: RouteTable<string>, one: Step): void {
  const { name: brokerName, id: brokerId, queues, topics } = one
  const brokerAddr = `${brokerName}-${one.address}:1`
  const topic = topics[0]!
  const queueData = {
    brokerName,
    perm: 6,
    readQueueNums: queues,
    topicSysFlag: 0,
    writeQueueNums: queues,
  }
  if (one.kind === 'unregister') {
    table.unregister({ brokerAddr, brokerId, brokerName, clusterName: 'C' })
  } else if (one.kind === 'wipe') table.wipeWritePermission(brokerName)
  else if (one.kind === 'restore') table.addWritePermission(brokerName)
  else if (one.kind === 'delete') table.deleteTopic(topic)
  else if (one.kind === 'topic') table.registerTopic(topic, [queueData])
  else {
    const info = {
      bname: brokerName,
      currIdMap: new Map([[0, one.counter]]),
      dirty: false,
      epoch: 1,
      scope: '__global__',
      topic,
      totalQueues: 1,
    }
    table.register(
      {
        brokerAddr,
        brokerId,
        brokerName,
        clusterName: 'C',
        haServerAddr: '',
        zoneName: one.zone,
        heartbeatTimeoutMs: undefined,
        enableActingMaster: one.acting,
        dataVersion: { counter: one.counter, stateVersion: one.counter, timestamp: 0 },
        topics: new Map(
          topics.map((topicName) => [
            topicName,
            {
              ...queueData,
              attributes: new Map(),
              order: false,
              topicFilterType: 'SINGLE_TAG',
              topicName,
            },
          ]),
        ),
        mappings: one.mapped ? new Map([[topic, info]]) : undefined,
        filterServers: one.filterServer ? [`${brokerAddr}0`] : [],
        connection: brokerAddr,
      },
      0,
    )
  }
}

test('kept answers are those that would be made now', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const table: RouteTable<string> = new RouteTable<string>({
        supportActingMaster: true,
        onRouteChanged: (topic) => bytes.changed(topic),
      })
      const bytes = new RouteBytes((topic) => table.route(topic))
      for (const one of steps) {
        apply(table, one)
        for (const topic of TOPICS) {
          const route = table.route(topic)
          for (const form of ['standard', 'compact'] as const) {
            const expected = route === undefined ? undefined : encodeTopicRouteData(route, form)
            expect(textOf(bytes.of(topic, form))).toBe(textOf(expected && [expected]))
          }
        }
      }
    }),
    { numRuns: 200, seed: 8 },
  )
})

function textOf(parts: readonly Uint8Array[] | undefined): string | undefined {
  return parts === undefined ? undefined : Buffer.concat(parts).toString('utf8')
}

const route = (size: number): TopicRouteData => ({
  brokerDatas: [],
  filterServerTable: new Map(),
  orderTopicConf: 'x'.repeat(size),
  queueDatas: [],
})

test('an answer is made once, until its topic changes', () => {
  const made: string[] = []
  const bytes = new RouteBytes((topic) => {
    made.push(topic)
    return topic === 'missing' ? undefined : route(1)
  })
  const first = bytes.of('T', 'standard')
  expect(bytes.of('T', 'standard')).toBe(first)
  expect(made).toEqual(['T'])
  bytes.changed('other')
  expect(bytes.of('T', 'standard')).toBe(first)
  bytes.changed('T')
  expect(bytes.of('T', 'standard')).not.toBe(first)
  bytes.allChanged()
  expect(bytes.byteLength).toBe(0)
  bytes.of('T', 'standard')
  expect(made).toEqual(['T', 'T', 'T'])
  bytes.of('missing', 'standard')
  bytes.of('missing', 'standard')
  expect(made.slice(3)).toEqual(['missing', 'missing'])
})

test('never keeps more than it may', () => {
  const bytes = new RouteBytes((topic) => route(topic === 'huge' ? 5_000 : 500), 2_000)
  for (let i = 0; i < 50; i += 1) {
    bytes.of(`T${i}`, i % 2 === 0 ? 'standard' : 'compact')
    expect(bytes.byteLength).toBeLessThanOrEqual(2_000)
  }
  expect(bytes.byteLength).toBeGreaterThan(1_000)
  expect(textOf(bytes.of('huge', 'standard'))).toContain('x'.repeat(5_000))
  expect(bytes.byteLength).toBeLessThanOrEqual(2_000)
  bytes.allChanged()
  expect(bytes.byteLength).toBe(0)
})
