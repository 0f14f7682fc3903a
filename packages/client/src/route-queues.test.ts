// SPDX-License-Identifier: Apache-2.0
// From routes to queues, by Java's rules.
import { describe, expect, it } from 'vitest'
import type { BrokerData, QueueData, TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { publishInfoOf, routeOfNewTopic, sameRoute, subscribeQueuesOf } from './route-queues.ts'

function broker(brokerName: string, addresses: Record<number, string>): BrokerData {
  return {
    cluster: 'C',
    brokerName,
    brokerAddrs: new Map(Object.entries(addresses).map(([id, address]) => [Number(id), address])),
    enableActingMaster: false,
  }
}

function queues(brokerName: string, over: Partial<QueueData> = {}): QueueData {
  return { brokerName, readQueueNums: 2, writeQueueNums: 2, perm: 6, topicSysFlag: 0, ...over }
}

function route(over: Partial<TopicRouteData>): TopicRouteData {
  return { brokerDatas: [], queueDatas: [], filterServerTable: new Map(), ...over }
}

const text = (list: readonly { brokerName: string; queueId: number }[]): string =>
  list.map(({ brokerName, queueId }) => `${brokerName}${queueId}`).join(' ')

describe('publishInfoOf', () => {
  it('lists write queues by broker name', () => {
    const two = route({
      brokerDatas: [broker('b', { 0: 'x:1' }), broker('a', { 0: 'y:1' })],
      queueDatas: [queues('b'), queues('a', { writeQueueNums: 1, readQueueNums: 3 })],
    })
    expect(text(publishInfoOf('T', two).queues)).toBe('a0 b0 b1')
  })

  it('leaves out brokers that are read-only, unknown or without a master', () => {
    const three = route({
      brokerDatas: [broker('a', { 0: 'x:1' }), broker('b', { 1: 'y:1' })],
      queueDatas: [queues('a', { perm: 4 }), queues('b'), queues('c')],
    })
    expect(publishInfoOf('T', three).queues).toEqual([])
  })

  it('follows the order configuration when there is one', () => {
    const ordered = route({ orderTopicConf: 'b:1;a:2' })
    const info = publishInfoOf('T', ordered)
    expect(text(info.queues)).toBe('b0 a0 a1')
    expect(info.ordered).toBe(true)
  })
})

describe('subscribeQueuesOf', () => {
  it('lists read queues by broker name, also of brokers that may not be written', () => {
    const two = route({
      queueDatas: [queues('b', { perm: 4, readQueueNums: 1 }), queues('a', { perm: 2 })],
    })
    expect(text(subscribeQueuesOf('T', two))).toBe('b0')
  })
})

describe('routeOfNewTopic', () => {
  it('takes at most as many queues as asked for', () => {
    const made = routeOfNewTopic(
      route({ queueDatas: [queues('a', { readQueueNums: 8, writeQueueNums: 8 }), queues('b')] }),
      4,
    )
    expect(made.queueDatas.map((data) => [data.readQueueNums, data.writeQueueNums])).toEqual([
      [4, 4],
      [2, 2],
    ])
  })
})

describe('sameRoute', () => {
  const one = route({
    brokerDatas: [broker('a', { 0: 'x:1', 1: 'y:1' })],
    queueDatas: [queues('a')],
  })

  it('does not mind the order of brokers and addresses', () => {
    const other = route({
      brokerDatas: [broker('a', { 1: 'y:1', 0: 'x:1' })],
      queueDatas: [queues('a')],
    })
    expect(sameRoute(one, other)).toBe(true)
  })

  it.each([
    ['an address', { brokerDatas: [broker('a', { 0: 'z:1', 1: 'y:1' })] }],
    ['a permission', { queueDatas: [queues('a', { perm: 4 })] }],
    ['a number of queues', { queueDatas: [queues('a', { writeQueueNums: 3 })] }],
    ['the order', { orderTopicConf: 'a:1' }],
  ])('sees a change of %s', (_, change) => {
    expect(sameRoute(one, { ...one, ...change })).toBe(false)
  })
})
