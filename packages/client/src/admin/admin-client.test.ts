// SPDX-License-Identifier: Apache-2.0
// Admin calls ask the right servers, put pages and parts together, and pass refusals on.
import { handle, refuse, RemotingServer, reply, type Handler } from '@rocketmq-ts/remoting'
import {
  decodeAclInfo,
  decodeUserInfo,
  encodeAclInfo,
  encodeAclInfoList,
  encodeConsumerConnection,
  encodeConsumeStats,
  encodeTopicConfigSerializeWrapper,
  encodeTopicRouteData,
  encodeTopicStatsTable,
  encodeUserInfo,
  encodeUserInfoList,
  type TopicConfig,
} from '@rocketmq-ts/remoting/bodies'
import { createMessageId } from '@rocketmq-ts/remoting/message'
import * as requests from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { AdminClient } from './admin-client.ts'

const brokers = ['10.0.0.10:10911', '10.0.0.11:10911']

/** Two brokers `broker-0` and `broker-1` with handlers of the test's making, each told its own number. */
async function adminOf(
  brokerHandlers: (index: number) => Handler[],
  nameServerHandlers: Handler[] = [],
): Promise<{ world: SimulatedRuntime; admin: AdminClient }> {
  const world = simulatedRuntime({ seed: 1 })
  const route = handle(requests.getRouteinfoByTopic, ({ request }) => {
    if (request.topic === 'Nope') return refuse(17, 'no route')
    const body = encodeTopicRouteData({
      brokerDatas: brokers.map((address, index) => ({
        cluster: 'C',
        brokerName: `broker-${index}`,
        brokerAddrs: new Map([[0, address]]),
        enableActingMaster: false,
      })),
      queueDatas: [],
      filterServerTable: new Map(),
    })
    return reply({}, { body: [body] })
  })
  for (const host of ['10.0.0.8', '10.0.0.9']) {
    const handlers = [route, ...nameServerHandlers]
    const server = new RemotingServer({ runtime: world.machine(host), handlers })
    await world.settle(server.listen({ port: 9876 }))
  }
  for (const [index, address] of brokers.entries()) {
    const runtime = world.machine(address.split(':')[0]!)
    const server = new RemotingServer({ runtime, handlers: brokerHandlers(index) })
    await world.settle(server.listen({ port: 10_911 }))
  }
  const namesrvAddr = ['10.0.0.8:9876', '10.0.0.9:9876']
  return { world, admin: new AdminClient({ namesrvAddr, runtime: world }) }
}

function topicConfig(topicName: string): TopicConfig {
  return {
    topicName,
    attributes: new Map(),
    order: false,
    perm: 6,
    readQueueNums: 4,
    writeQueueNums: 4,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
  }
}

const dataVersion = { counter: 3, stateVersion: 0, timestamp: 7 }

describe('AdminClient', () => {
  it('reads the topics of a broker page by page', async () => {
    const asked: (string | undefined)[] = []
    const { world, admin } = await adminOf(() => [
      handle(requests.getAllTopicConfig, ({ request: { topicSeq, dataVersion: version } }) => {
        asked.push(`${topicSeq} ${version}`)
        const names = ['A', 'B', 'C'].slice(topicSeq, (topicSeq ?? 0) + 2)
        const topicConfigTable = new Map(names.map((name) => [name, topicConfig(name)]))
        const body = encodeTopicConfigSerializeWrapper({ dataVersion, topicConfigTable })
        return reply({ totalTopicNum: 3 }, { body: [body] })
      }),
    ])
    const topics = await world.settle(admin.getAllTopicConfig(brokers[0]!))
    expect([...topics.keys()]).toEqual(['A', 'B', 'C'])
    expect(asked).toEqual(['0 undefined', '2 {"counter":3,"stateVersion":0,"timestamp":7}'])
  })

  it('takes everything at once from a broker that knows no pages', async () => {
    const { world, admin } = await adminOf(() => [
      handle(requests.getAllTopicConfig, () => {
        const topicConfigTable = new Map([['A', topicConfig('A')]])
        const body = encodeTopicConfigSerializeWrapper({ dataVersion, topicConfigTable })
        return reply({ totalTopicNum: undefined }, { body: [body] })
      }),
    ])
    expect((await world.settle(admin.getAllTopicConfig(brokers[0]!))).size).toBe(1)
  })

  it('adds up the figures of all brokers of a topic', async () => {
    const { world, admin } = await adminOf((index) => [
      handle(requests.getTopicStatsInfo, ({ request: { topic } }) => {
        const queue = { topic, brokerName: `broker-${index}`, queueId: 0 }
        const offsets = { minOffset: 0, maxOffset: index + 1, lastUpdateTimestamp: 0 }
        const body = encodeTopicStatsTable({ topicPutTps: 1.5, offsetTable: [[queue, offsets]] })
        return reply({}, { body: [body] })
      }),
    ])
    const stats = await world.settle(admin.examineTopicStats('T'))
    expect(stats.topicPutTps).toBe(3)
    expect(
      stats.offsetTable.map(([queue, { maxOffset }]) => [queue.brokerName, maxOffset]),
    ).toEqual([
      ['broker-0', 1],
      ['broker-1', 2],
    ])
  })

  it('adds up a group’s progress, and finds its members on whichever broker knows them', async () => {
    const { world, admin } = await adminOf((index) => [
      handle(requests.getConsumeStats, () =>
        reply({}, { body: [encodeConsumeStats({ consumeTps: 2, offsetTable: [] })] }),
      ),
      handle(requests.getConsumerConnectionList, () => {
        if (index === 0) return refuse(206, 'the consumer group not online')
        const connectionSet = [
          { clientAddr: '1.1.1.1:5', clientId: 'me', language: 'JAVA', version: 513 },
        ]
        const body = encodeConsumerConnection({ connectionSet, subscriptionTable: new Map() })
        return reply({}, { body: [body] })
      }),
    ])
    expect((await world.settle(admin.examineConsumeStats('g'))).consumeTps).toBe(4)
    const { connectionSet } = await world.settle(admin.examineConsumerConnectionInfo('g'))
    expect(connectionSet.map(({ clientId }) => clientId)).toEqual(['me'])
    const offline = admin.examineConsumerConnectionInfo('g', brokers[0])
    await expect(world.settle(offline)).rejects.toMatchObject({ responseCode: 206 })
  })

  it('changes only one broker’s part of an order, and tells every name server', async () => {
    const told: string[] = []
    const { world, admin } = await adminOf(
      () => [],
      [
        handle(requests.getKvConfig, () => reply({ value: 'broker-0:4;broker-1:4' })),
        handle(requests.putKvConfig, ({ request: { namespace, key, value } }) => {
          told.push(`${namespace} ${key} ${value}`)
          return reply({})
        }),
      ],
    )
    await world.settle(admin.createOrUpdateOrderConf('T', 'broker-1:8', false))
    expect(told).toEqual(Array(2).fill('ORDER_TOPIC_CONFIG T broker-0:4;broker-1:8'))
    told.length = 0
    await world.settle(admin.createOrUpdateOrderConf('T', 'broker-1:8', true))
    expect(told[0]).toBe('ORDER_TOPIC_CONFIG T broker-1:8')
  })

  it('reads a message from the broker its id names', async () => {
    let asked: number | undefined
    const { world, admin } = await adminOf((index) => [
      handle(requests.viewMessageById, ({ request }) => {
        if (index === 1) asked = request.offset
        return refuse(1, 'not here')
      }),
    ])
    const id = createMessageId({ host: '10.0.0.11', port: 10_911 }, 4711)
    await expect(world.settle(admin.viewMessage('T', id))).rejects.toMatchObject({
      responseCode: 1,
    })
    expect(asked).toBe(4711)
    await expect(admin.viewMessage('T', 'nonsense')).rejects.toMatchObject({
      code: 'RMQ_INVALID_ARGUMENT',
    })
  })

  it('asks the master of a queue’s broker for offsets', async () => {
    const { world, admin } = await adminOf((index) => [
      handle(requests.getMaxOffset, () => reply({ offset: 100 + index })),
      handle(requests.getMinOffset, () => reply({ offset: index })),
      handle(requests.searchOffsetByTimestamp, ({ request }) =>
        reply({ offset: Number(request.timestamp) }),
      ),
      handle(requests.queryConsumerOffset, () => refuse(22, 'none')),
    ])
    const queue = { topic: 'T', brokerName: 'broker-1', queueId: 0 }
    expect(await world.settle(admin.maxOffset(queue))).toBe(101)
    expect(await world.settle(admin.minOffset(queue))).toBe(1)
    expect(await world.settle(admin.searchOffset(queue, 1234))).toBe(1234)
    expect(await world.settle(admin.queryConsumerOffset('g', queue))).toBeUndefined()
    const elsewhere = admin.maxOffset({ ...queue, brokerName: 'broker-9' })
    await expect(world.settle(elsewhere)).rejects.toMatchObject({ code: 'RMQ_NO_ROUTE' })
  })

  it('creates, changes, finds and removes users and policies', async () => {
    const done: string[] = []
    const user = { username: 'amy', password: 'p', userType: 'Normal', userStatus: 'enable' }
    const entries = [{ resource: 'Topic:T', actions: ['Pub'], decision: 'Allow' }]
    const acl = { subject: 'User:amy', policies: [{ policyType: 'Custom', entries }] }
    const { world, admin } = await adminOf(() => [
      handle(requests.authCreateUser, ({ request, body }) => {
        done.push(`create ${request.username} ${decodeUserInfo(body).password}`)
        return reply({})
      }),
      handle(requests.authUpdateUser, ({ request, body }) => {
        done.push(`update ${request.username} ${decodeUserInfo(body).userStatus}`)
        return reply({})
      }),
      handle(requests.authDeleteUser, ({ request }) => {
        done.push(`delete ${request.username}`)
        return reply({})
      }),
      handle(requests.authGetUser, ({ request }) =>
        reply({}, request.username === 'amy' ? { body: [encodeUserInfo(user)] } : {}),
      ),
      handle(requests.authListUser, ({ request }) =>
        reply({}, request.filter === 'a' ? { body: [encodeUserInfoList([user])] } : {}),
      ),
      handle(requests.authCreateAcl, ({ request, body }) => {
        done.push(`create ${request.subject} ${decodeAclInfo(body).policies?.length}`)
        return reply({})
      }),
      handle(requests.authUpdateAcl, ({ request }) => {
        done.push(`update ${request.subject}`)
        return reply({})
      }),
      handle(requests.authDeleteAcl, ({ request }) => {
        done.push(`delete ${request.subject} ${request.resource}`)
        return reply({})
      }),
      handle(requests.authGetAcl, ({ request }) => {
        if (request.subject === 'amy') return refuse(16, 'The subject is null.')
        return reply({}, request.subject === 'User:amy' ? { body: [encodeAclInfo(acl)] } : {})
      }),
      handle(requests.authListAcl, ({ request }) => {
        done.push(`list ${request.subjectFilter} ${request.resourceFilter}`)
        return reply({}, { body: [encodeAclInfoList([acl])] })
      }),
    ])
    const [broker = ''] = brokers
    const doing = async (): Promise<void> => {
      await admin.createUser(broker, user)
      await admin.updateUser(broker, { username: 'amy', userStatus: 'disable' })
      await admin.deleteUser(broker, 'amy')
      await admin.createAcl(broker, acl)
      await admin.updateAcl(broker, acl)
      await admin.deleteAcl(broker, 'User:amy', 'Topic:T')
      await admin.deleteAcl(broker, 'User:amy')
      expect(await admin.listAcl(broker, { subject: 's', resource: 'r' })).toEqual([acl])
      expect(await admin.getUser(broker, 'amy')).toEqual(user)
      expect(await admin.getUser(broker, 'bob')).toBeUndefined()
      expect(await admin.listUser(broker, 'a')).toEqual([user])
      expect(await admin.listUser(broker)).toEqual([])
      expect(await admin.getAcl(broker, 'User:amy')).toEqual(acl)
      expect(await admin.getAcl(broker, 'User:bob')).toBeUndefined()
    }
    await world.settle(doing())
    expect(done).toEqual([
      'create amy p',
      'update amy disable',
      'delete amy',
      'create User:amy 1',
      'update User:amy',
      'delete User:amy Topic:T',
      'delete User:amy undefined',
      'list s r',
    ])
    await expect(world.settle(admin.getAcl(broker, 'amy'))).rejects.toMatchObject({
      code: 'RMQ_REFUSED',
      responseCode: 16,
    })
  })

  it('passes a refusal on with the server’s code and words', async () => {
    const { world, admin } = await adminOf(() => [])
    const failed = admin.examineTopicRouteInfo('Nope')
    await expect(world.settle(failed)).rejects.toMatchObject({
      code: 'RMQ_REFUSED',
      responseCode: 17,
      remark: 'no route',
    })
  })
})
