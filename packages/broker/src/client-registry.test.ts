// SPDX-License-Identifier: Apache-2.0
// Clients: heartbeats, who is told of changes, leaving, closing, falling silent.
import { handle, reply, type RemotingClient } from '@rocketmq-ts/remoting'
import { decodeGetConsumerListBody, encodeHeartbeatData } from '@rocketmq-ts/remoting/bodies'
import {
  getConsumerListByGroup,
  heartBeat,
  notifyConsumerIdsChanged,
  unregisterClient,
  updateBrokerConfig,
} from '@rocketmq-ts/remoting/requests'
import { beforeEach, describe, expect, test } from 'vitest'
import { ADDRESS, BrokerWorld, subscribed } from '../test/broker-world.ts'

let world: BrokerWorld
let told: string[]
beforeEach(async () => {
  world = await BrokerWorld.start()
  told = []
})

/** A client that notes when it is told that a group has changed. */
function member(name: string): RemotingClient {
  return world.newClient([
    handle(notifyConsumerIdsChanged, ({ request }) => {
      told.push(`${name}:${request.consumerGroup}`)
      return reply({})
    }),
  ])
}

async function toldNow(): Promise<string[]> {
  await world.advance(50)
  return told.splice(0).toSorted((a, b) => a.localeCompare(b))
}

async function members(consumerGroup = 'CG'): Promise<readonly string[]> {
  const { code, body } = await world.call(getConsumerListByGroup, { consumerGroup })
  return code === 0 ? decodeGetConsumerListBody(body).consumerIdList : []
}

const topics = { subscriptionDataSet: [subscribed('T')] }

test('a first heartbeat makes the group, its retry topic and a member, and tells it', async () => {
  await world.heartbeat(member('a'), 'a', [topics])
  expect(await members()).toEqual(['a'])
  expect(await toldNow()).toEqual(['a:CG'])
  expect((await world.pull({ topic: '%RETRY%CG' })).remark).toBe('NO_MESSAGE_IN_QUEUE')
})

test('the same heartbeat again changes nothing', async () => {
  const client = member('a')
  await world.heartbeat(client, 'a', [topics])
  await toldNow()
  await world.heartbeat(client, 'a', [topics])
  expect(await toldNow()).toEqual([])
})

test('everybody is told when somebody joins', async () => {
  await world.heartbeat(member('a'), 'a', [topics])
  await toldNow()
  await world.heartbeat(member('b'), 'b', [topics])
  expect(await toldNow()).toEqual(['a:CG', 'b:CG'])
})

test.each([
  ['another topic', [subscribed('T'), subscribed('U')], ['a:CG']],
  ['a newer version of the same topic', [subscribed('T', 'x', 9)], []],
  ['no topic any more', [], ['a:CG']],
])('the members are told of %s: %j', async (_, subscriptionDataSet, expected) => {
  const client = member('a')
  await world.heartbeat(client, 'a', [topics])
  await toldNow()
  await world.heartbeat(client, 'a', [{ subscriptionDataSet }])
  expect(await toldNow()).toEqual(expected)
})

describe('the others are told when a member', () => {
  let leaving: RemotingClient
  beforeEach(async () => {
    leaving = member('b')
    await world.heartbeat(member('a'), 'a', [topics])
    await world.heartbeat(leaving, 'b', [topics])
    await toldNow()
  })

  test('leaves', async () => {
    const header = { clientID: 'b', consumerGroup: 'CG', producerGroup: undefined }
    await world.settle(leaving.request(ADDRESS, unregisterClient, header))
    expect(await toldNow()).toEqual(['a:CG'])
    expect(await members()).toEqual(['a'])
  })

  test('loses its connection', async () => {
    await world.settle(leaving.close())
    expect(await toldNow()).toEqual(['a:CG'])
    expect(await members()).toEqual(['a'])
  })
})

test('a member that falls silent for two minutes is closed', async () => {
  const quiet = member('a')
  await world.heartbeat(quiet, 'a', [topics])
  const talking = member('b')
  for (let second = 0; second < 140; second += 10) {
    await world.heartbeat(talking, 'b', [topics])
    await world.advance(10_000)
  }
  expect(await members()).toEqual(['b'])
  expect(quiet.connected(ADDRESS)).toBe(false)
})

test('a group that broadcasts is not told: nobody shares queues', async () => {
  await world.heartbeat(member('a'), 'a', [{ ...topics, messageModel: 'BROADCASTING' }])
  await world.heartbeat(member('b'), 'b', [{ ...topics, messageModel: 'BROADCASTING' }])
  expect(await toldNow()).toEqual([])
})

test('nobody is told while that is switched off', async () => {
  const body = Buffer.from('notifyConsumerIdsChangedEnable=false')
  await world.call(updateBrokerConfig, {}, { body })
  await world.heartbeat(member('a'), 'a', [topics])
  expect(await toldNow()).toEqual([])
})

test('a group without members is not known any more', async () => {
  const client = member('a')
  await world.heartbeat(client, 'a', [topics])
  await world.settle(client.close())
  await world.advance(50)
  const { code, remark } = await world.call(getConsumerListByGroup, { consumerGroup: 'CG' })
  expect([code, remark]).toEqual([1, 'no consumer for this group, CG'])
})

/** As the Java broker answered the same heartbeats. */
test('a fingerprint asks for the subscriptions when another one was known', async () => {
  const client = member('a')
  const beat = async (heartbeatFingerprint: number, isWithoutSub: boolean): Promise<unknown> => {
    const subscriptionDataSet = isWithoutSub ? [] : [subscribed('T')]
    const body = encodeHeartbeatData({
      clientID: 'a',
      consumerDataSet: [{ groupName: 'VG', subscriptionDataSet, unitMode: false }],
      heartbeatFingerprint,
      producerDataSet: [],
      isWithoutSub,
    })
    const answer = await world.settle(client.request(ADDRESS, heartBeat, {}, { body }))
    expect(answer.header().IS_SUPPORT_HEART_BEAT_V2).toBe(true)
    return answer.header().IS_SUB_CHANGE
  }
  const asked = []
  for (const [fingerprint, isWithoutSub] of [
    [7, true],
    [7, false],
    [7, true],
    [8, true],
    [8, false],
    [8, true],
    [0, false],
  ] as const) {
    asked.push(await beat(fingerprint, isWithoutSub))
  }
  expect(asked).toEqual([false, false, false, true, false, false, true])
})
