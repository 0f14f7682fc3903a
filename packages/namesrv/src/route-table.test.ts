// SPDX-License-Identifier: Apache-2.0
// The route table against a model that keeps the registrations and works everything out anew for each question.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TopicConfig } from '@rocketmq-ts/remoting/bodies'
import { RouteTable, type Registration } from './route-table.ts'

const topicConfig = (topicName: string, queues: number): TopicConfig => ({
  attributes: new Map(),
  order: false,
  perm: 6,
  readQueueNums: queues,
  topicFilterType: 'SINGLE_TAG',
  topicName,
  topicSysFlag: 0,
  writeQueueNums: queues,
})

interface Given {
  readonly name: string
  readonly id: number
  readonly topics: readonly string[]
  readonly connection?: string
  readonly heartbeatTimeoutMs?: number
  readonly queues?: number
  readonly counter?: number
}

/** Names begin with their cluster; an address belongs to one name and id. */
function registration(given: Given): Registration<string> {
  const { name, id, topics, queues = 4, counter = 0 } = given
  return {
    brokerAddr: `${name}-${id}:10911`,
    brokerId: id,
    brokerName: name,
    clusterName: name.slice(0, 1),
    haServerAddr: `${name}-${id}:10912`,
    zoneName: undefined,
    heartbeatTimeoutMs: given.heartbeatTimeoutMs,
    enableActingMaster: false,
    dataVersion: { counter, stateVersion: 0, timestamp: 0 },
    topics: new Map(['system', ...topics].map((topic) => [topic, topicConfig(topic, queues)])),
    filterServers: [],
    connection: given.connection ?? `${name}-${id}`,
  }
}

type Action =
  | { readonly kind: 'register'; readonly given: Given }
  | { readonly kind: 'unregister'; readonly name: string; readonly id: number }
  | { readonly kind: 'deleteTopic'; readonly topic: string; readonly cluster: string | undefined }

const NAMES = ['A-1', 'A-2', 'B-1']
const TOPICS = ['T1', 'T2', 'T3']

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('register' as const),
    given: fc.record({
      name: fc.constantFrom(...NAMES),
      id: fc.constantFrom(0, 1, 2),
      topics: fc.subarray(TOPICS, { minLength: 1 }),
      queues: fc.constantFrom(1, 8),
      counter: fc.nat({ max: 2 }),
    }),
  }),
  fc.record({
    kind: fc.constant('unregister' as const),
    name: fc.constantFrom(...NAMES),
    id: fc.constantFrom(0, 1, 2),
  }),
  fc.record({
    kind: fc.constant('deleteTopic' as const),
    topic: fc.constantFrom(...TOPICS),
    cluster: fc.constantFrom(undefined, 'A', 'B', 'C'),
  }),
)

/** Members by name, and queues by topic and name: what a reader of the rules would write down on paper. */
class Model {
  readonly members = new Map<string, Set<number>>()
  readonly versions = new Map<string, number>()
  readonly queues = new Map<string, number>()

  apply(one: Action): void {
    if (one.kind === 'register') this.#register(one.given)
    else if (one.kind === 'unregister') this.#unregister(one.name, one.id)
    else {
      for (const name of NAMES) {
        const isMeant = one.cluster === undefined || name.startsWith(one.cluster)
        if (isMeant) this.queues.delete(`${one.topic}@${name}`)
      }
    }
  }

  #register({ name, id, topics, queues = 4, counter = 0 }: Given): void {
    const members = this.members.get(name) ?? new Set<number>()
    const isNew = !members.has(id)
    members.add(id)
    this.members.set(name, members)
    const hasChanged = isNew || this.versions.get(`${name}-${id}`) !== counter
    this.versions.set(`${name}-${id}`, counter)
    const speaks = id === Math.min(...members)
    if (!speaks) return
    for (const topic of ['system', ...topics]) {
      const key = `${topic}@${name}`
      if (hasChanged || !this.queues.has(key)) this.queues.set(key, queues)
    }
  }

  #unregister(name: string, id: number): void {
    this.members.get(name)?.delete(id)
    this.versions.delete(`${name}-${id}`)
    if (this.members.get(name)?.size !== 0) return
    this.members.delete(name)
    for (const key of [...this.queues.keys()]) {
      if (key.endsWith(`@${name}`)) this.queues.delete(key)
    }
  }

  route(topic: string): object | undefined {
    const names = NAMES.filter((name) => this.queues.has(`${topic}@${name}`))
    if (names.length === 0) return undefined
    return Object.fromEntries(
      names.map((name) => [
        name,
        {
          ids: [...(this.members.get(name) ?? [])].toSorted((a, b) => a - b),
          queues: this.queues.get(`${topic}@${name}`),
        },
      ]),
    )
  }
}

function routeOf(table: RouteTable<string>, topic: string): object | undefined {
  const route = table.route(topic)
  return (
    route &&
    Object.fromEntries(
      route.queueDatas.map(({ brokerName, readQueueNums }) => {
        const broker = route.brokerDatas.find((one) => one.brokerName === brokerName)!
        for (const [id, address] of broker.brokerAddrs)
          expect(address).toBe(`${brokerName}-${id}:10911`)
        return [brokerName, { ids: [...broker.brokerAddrs.keys()], queues: readQueueNums }]
      }),
    )
  )
}

test('after any sequence of registrations, departures and deletions the routes are the model’s', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const table = new RouteTable<string>()
      const model = new Model()
      for (const one of actions) {
        if (one.kind === 'register') table.register(registration(one.given), 0)
        else if (one.kind === 'deleteTopic') table.deleteTopic(one.topic, one.cluster)
        else {
          table.unregister({
            brokerName: one.name,
            brokerId: one.id,
            brokerAddr: `${one.name}-${one.id}:10911`,
            clusterName: one.name.slice(0, 1),
          })
        }
        model.apply(one)
        for (const topic of ['system', ...TOPICS]) {
          expect(routeOf(table, topic)).toEqual(model.route(topic))
        }
        expect([...table.clusterInfo().brokerAddrTable.keys()].toSorted()).toEqual(
          [...model.members.keys()].toSorted(),
        )
        expect([...table.clusterInfo().clusterAddrTable.keys()].toSorted()).toEqual(
          [...new Set([...model.members.keys()].map((name) => name.slice(0, 1)))].toSorted(),
        )
      }
    }),
    { numRuns: 300, seed: 6 },
  )
})

describe('life', () => {
  test('a broker expires when it was silent for longer than its own time-out', () => {
    const table = new RouteTable<string>()
    table.register(registration({ name: 'A-1', id: 0, topics: ['T1'] }), 1_000)
    table.register(
      registration({ name: 'A-2', id: 0, topics: ['T1'], heartbeatTimeoutMs: 50 }),
      1_000,
    )
    const expired = (nowMs: number): string[] =>
      table.expired(nowMs).map(({ brokerAddr }) => brokerAddr)
    expect(expired(1_050)).toEqual([])
    expect(expired(1_051)).toEqual(['A-2-0:10911'])
    table.heard({ clusterName: 'A', brokerAddr: 'A-2-0:10911' }, 1_051)
    expect(expired(1_051)).toEqual([])
    expect(expired(121_000)).toEqual(['A-2-0:10911'])
    expect(expired(121_001)).toEqual(['A-1-0:10911', 'A-2-0:10911'])
  })

  test('a broker belongs to the connection it registered on last', () => {
    const table = new RouteTable<string>()
    const given = { name: 'A-1', id: 0, topics: ['T1'] }
    table.register(registration({ ...given, connection: 'old' }), 0)
    table.register(registration({ ...given, connection: 'new' }), 0)
    expect(table.on('old')).toEqual([])
    expect(table.on('new').map(({ brokerAddr }) => brokerAddr)).toEqual(['A-1-0:10911'])
  })

  test('two clusters may hold the same address and the same topic', () => {
    const table = new RouteTable<string>()
    const a = registration({ name: 'A-1', id: 0, topics: ['T1'] })
    const b = { ...registration({ name: 'B-1', id: 0, topics: ['T1'] }), brokerAddr: a.brokerAddr }
    table.register(a, 0)
    table.register(b, 0)
    table.unregister(a)
    expect(table.dataVersionOf(a)).toBeUndefined()
    expect(table.dataVersionOf(b)).toBeDefined()
    expect(table.leavingOf(b)?.brokerName).toBe('B-1')
    expect(table.leavingOf(a)).toBeUndefined()
  })
})

test('a slave learns its master, and that it has none', () => {
  const table = new RouteTable<string>()
  const slave = registration({ name: 'A-1', id: 1, topics: ['T1'] })
  expect(table.register(slave, 0)).toEqual({})
  table.register(registration({ name: 'A-1', id: 0, topics: ['T1'] }), 0)
  expect(table.register(slave, 0)).toEqual({
    masterAddr: 'A-1-0:10911',
    haServerAddr: 'A-1-0:10912',
  })
})
