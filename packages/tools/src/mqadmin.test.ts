// SPDX-License-Identifier: Apache-2.0
// Commands against servers in memory print what Java's mqadmin 5.5.0 printed for the same answers.
import { handle, refuse, RemotingServer, reply, type Handler } from '@rocketmq-ts/remoting'
import {
  encodeClusterInfo,
  encodeKvTable,
  encodeTopicList,
  encodeTopicRouteData,
  encodeTopicStatsTable,
} from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from './commands/index.ts'
import { mqadmin } from './mqadmin.ts'

const broker = '10.0.0.10:10911'
const brokerData = {
  cluster: 'DefaultCluster',
  brokerName: 'broker-a',
  brokerAddrs: new Map([[0, broker]]),
  enableActingMaster: false,
}

interface World {
  readonly runtime: SimulatedRuntime
  /** Requests that change something, in order. */
  readonly done: string[]
}

async function worldOf(): Promise<World> {
  const runtime = simulatedRuntime({ seed: 1 })
  const done: string[] = []
  const listen = (host: string, port: number, handlers: readonly Handler[]): Promise<unknown> =>
    new RemotingServer({ runtime: runtime.machine(host), handlers }).listen({ port })
  await runtime.settle(listen('10.0.0.9', 9876, nameServerHandlers(done)))
  await runtime.settle(listen('10.0.0.10', 10_911, brokerHandlers(done, runtime)))
  return { runtime, done }
}

function nameServerHandlers(done: string[]): Handler[] {
  return [
    handle(requests.getBrokerClusterInfo, () => {
      const body = encodeClusterInfo({
        brokerAddrTable: new Map([['broker-a', brokerData]]),
        clusterAddrTable: new Map([['DefaultCluster', ['broker-a']]]),
      })
      return reply({}, { body: [body] })
    }),
    handle(requests.getRouteinfoByTopic, ({ request }) => {
      if (request.topic === 'Nope')
        return refuse(17, 'No topic route info in name server for the topic: Nope')
      const body = encodeTopicRouteData({
        brokerDatas: [brokerData],
        queueDatas: [
          { brokerName: 'broker-a', perm: 6, readQueueNums: 4, writeQueueNums: 4, topicSysFlag: 0 },
        ],
        filterServerTable: new Map(),
      })
      return reply({}, { body: [body] })
    }),
    handle(requests.getAllTopicListFromNameserver, () =>
      reply({}, { body: [encodeTopicList({ topicList: ['TBW102', 'SmokeTopic'] })] }),
    ),
    handle(requests.deleteTopicInNamesrv, ({ request }) => {
      done.push(`name server: delete ${request.topic} of ${request.clusterName}`)
      return reply({})
    }),
    handle(requests.putKvConfig, ({ request }) => {
      done.push(`name server: ${request.namespace} ${request.key}=${request.value}`)
      return reply({})
    }),
    handle(requests.getKvConfig, () => refuse(22, 'No config item')),
  ]
}

function brokerHandlers(done: string[], runtime: SimulatedRuntime): Handler[] {
  return [
    handle(requests.getBrokerRuntimeInfo, () => {
      const table = new Map([
        ['brokerActive', 'true'],
        ['brokerVersionDesc', 'V5_5_0'],
        ['putTps', '12.345 1.0 2.0'],
        ['getTransferredTps', '6.1 1.0 2.0'],
        ['sendThreadPoolQueueSize', '1'],
        ['sendThreadPoolQueueHeadWaitTimeMills', '2'],
        ['pullThreadPoolQueueSize', '3'],
        ['pullThreadPoolQueueHeadWaitTimeMills', '4'],
        ['pageCacheLockTimeMills', '7'],
        ['earliestMessageTimeStamp', String(runtime.clock.nowMs() - 2.5 * 3_600_000)],
        ['commitLogDiskRatio', '0.14'],
        ['timerReadBehind', '0'],
        ['timerOffsetBehind', '5'],
        ['timerCongestNum', '25000'],
        ['timerEnqueueTps', '1.5'],
        ['timerDequeueTps', '0.0'],
        ['msgPutTotalYesterdayMorning', '10'],
        ['msgPutTotalTodayMorning', '30'],
        ['msgPutTotalTodayNow', '130'],
        ['msgGetTotalYesterdayMorning', '0'],
        ['msgGetTotalTodayMorning', '5'],
        ['msgGetTotalTodayNow', '6'],
      ])
      return reply({}, { body: [encodeKvTable({ table })] })
    }),
    handle(requests.getTopicStatsInfo, ({ request }) => {
      const queue = (queueId: number) => ({ topic: request.topic, brokerName: 'broker-a', queueId })
      const body = encodeTopicStatsTable({
        topicPutTps: 0,
        offsetTable: [
          [queue(1), { minOffset: 0, maxOffset: 250, lastUpdateTimestamp: 1795266554841 }],
          [queue(0), { minOffset: 0, maxOffset: 0, lastUpdateTimestamp: 0 }],
        ],
      })
      return reply({}, { body: [body] })
    }),
    handle(requests.updateAndCreateTopic, ({ request }) => {
      const { topic, readQueueNums, writeQueueNums, perm, topicSysFlag, order, attributes } =
        request
      done.push(
        `broker: ${topic} ${readQueueNums} ${writeQueueNums} ${perm} ${topicSysFlag} ${order} ${attributes}`,
      )
      return reply({})
    }),
    handle(requests.deleteTopicInBroker, ({ request }) => {
      done.push(`broker: delete ${request.topic}`)
      return reply({})
    }),
  ]
}

// Loading a module takes real time, which a simulated world does not wait for.
beforeAll(() => Promise.all(commands.map(({ load }) => load())))

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(
  { runtime }: World,
  line: string,
  namesrvAddr: string | undefined = '10.0.0.9:9876',
): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await runtime.settle(
    mqadmin({
      args: line === '' ? [] : line.split(' '),
      namesrvAddr,
      runtime,
      print: (text) => (out += text),
      complain: (text) => (err += `${text}\n`),
      signal: new AbortController().signal,
    }),
  )
  return { code, out, err }
}

describe('mqadmin', () => {
  it('lists its commands, and the help of each', async () => {
    const world = await worldOf()
    const { out } = await run(world, '')
    for (const { name, description } of commands) {
      expect(out).toContain(`   ${name.padEnd(35)} ${description}\n`)
      const help = await run(world, `help ${name}`)
      expect(help).toMatchObject({ code: 0, err: '' })
      expect(help.out).toMatch(new RegExp(`^usage: mqadmin ${name} `))
    }
  })

  it('has an entry for every command by the command’s own name', async () => {
    for (const entry of commands) expect((await entry.load()).name).toBe(entry.name)
  })

  it.each([['nosuch'], ['help nosuch']])('says that there is no such command: %s', async (line) => {
    const ran = await run(await worldOf(), line)
    expect(ran).toEqual({ code: 0, out: 'The sub command nosuch not exist.\n', err: '' })
  })

  it('ends with 1 and the help when the arguments are wrong', async () => {
    const ran = await run(await worldOf(), 'topicRoute')
    expect(ran).toMatchObject({ code: 1, err: 'Missing required option: t\n' })
    expect(ran.out).toMatch(/^usage: mqadmin topicRoute \[-h\] \[-l\] \[-n <arg>\] -t <arg>\n/)
  })

  it('ends with 0 and a word when a command fails', async () => {
    const ran = await run(await worldOf(), 'topicRoute -t Nope')
    expect(ran).toMatchObject({ code: 0, out: '' })
    expect(ran.err).toContain('No topic route info in name server for the topic: Nope')
  })

  it('asks for a name server when it has none, and takes -n before the environment', async () => {
    const world = await worldOf()
    expect((await run(world, 'clusterList', '')).err).toContain(
      'use -n host:port or set NAMESRV_ADDR',
    )
    const ran = await run(world, 'topicList -n 10.0.0.9:9876', '10.0.0.66:9876')
    expect(ran.out).toBe('TBW102\nSmokeTopic\n')
  })
})

describe('commands', () => {
  it.each([
    [
      'clusterList',
      `#Cluster Name           #Broker Name            #BID  #Addr                  #Version              #InTPS(LOAD)                   #OutTPS(LOAD)  #Timer(Progress)        #PCWait(ms)  #Hour         #SPACE    #ACTIVATED
DefaultCluster          broker-a                0     10.0.0.10:10911        V5_5_0                12.35(1,2ms)               6.10(3,4ms|N,Nms)  0-5(2.5w, 1.5, 0.0)               7  2.50          0.1400          true
`,
    ],
    [
      'clusterList -m',
      `#Cluster Name     #Broker Name                       #InTotalYest  #OutTotalYest  #InTotalToday #OutTotalToday
DefaultCluster    broker-a                                     20              5            100              1
`,
    ],
    [
      'clusterList -c nope',
      `#Cluster Name           #Broker Name            #BID  #Addr                  #Version              #InTPS(LOAD)                   #OutTPS(LOAD)  #Timer(Progress)        #PCWait(ms)  #Hour         #SPACE    #ACTIVATED
`,
    ],
    [
      'topicRoute -t T -l',
      `#ClusterName                                  #BrokerName                      #BrokerAddrs                                       #ReadQueue #WriteQueue #Perm
DefaultCluster                                broker-a                         {0=10.0.0.10:10911}                                4          4           6    
--------------------------------------------------------------------------------------------------------------------------------------------------------------
Total:                                        1                                                                                   4          4                
`,
    ],
    [
      'topicRoute -t T',
      `{
	"brokerDatas":[
		{
			"brokerAddrs":{
				0:"10.0.0.10:10911"
			},
			"brokerName":"broker-a",
			"cluster":"DefaultCluster",
			"enableActingMaster":false
		}
	],
	"filterServerTable":{},
	"queueDatas":[
		{
			"brokerName":"broker-a",
			"perm":6,
			"readQueueNums":4,
			"topicSysFlag":0,
			"writeQueueNums":4
		}
	]
}
`,
    ],
    [
      'topicStatus -t T',
      `#Broker Name                      #QID  #Min Offset           #Max Offset             #Last Updated
broker-a                          0     0                     0                       
broker-a                          1     0                     250                     2026-11-21 13:09:14,841

Topic Put TPS: 0.0
`,
    ],
  ])('%s prints what Java prints', async (line, expected) => {
    expect(await run(await worldOf(), line)).toEqual({ code: 0, out: expected, err: '' })
  })

  it('brokerStatus prints every figure, with the address when it goes by cluster', async () => {
    const world = await worldOf()
    const one = await run(world, `brokerStatus -b ${broker}`)
    expect(one.out.split('\n')[0]).toBe('brokerActive                    : true')
    expect(one.out).toContain('pullThreadPoolQueueHeadWaitTimeMills: 4\n')
    const all = await run(world, 'brokerStatus -c DefaultCluster')
    expect(all.out.split('\n')[0]).toBe(
      '10.0.0.10:10911          brokerActive                    : true',
    )
    const none = await run(world, 'brokerStatus -c nope')
    expect(none.out).toMatch(/^\[error\] Make sure the specified clusterName exists/)
  })

  it('updateTopic creates the topic on a cluster with Java’s defaults', async () => {
    const world = await worldOf()
    const ran = await run(world, 'updateTopic -c DefaultCluster -t T')
    expect(world.done).toEqual(['broker: T 8 8 6 0 false '])
    expect(ran.out).toBe(`create topic to ${broker} success.
TopicConfig [topicName=T, readQueueNums=8, writeQueueNums=8, perm=RW-, topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false, attributes={}]
`)
  })

  it('updateTopic passes on every setting, and fixes the order of queues', async () => {
    const world = await worldOf()
    const settings = '-r 3 -w 5 -p 4 -u true -s true -o true -a +a=b,-c'
    const ran = await run(world, `updateTopic -b ${broker} -t T ${settings}`)
    expect(world.done).toEqual([
      'broker: T 3 5 4 3 true +a=b,-c',
      'name server: ORDER_TOPIC_CONFIG T=broker-a:5',
    ])
    expect(ran.out).toBe(`set broker orderConf. isOrder=true, orderConf=[broker-a:5]
create topic to ${broker} success.
TopicConfig [topicName=T, readQueueNums=3, writeQueueNums=5, perm=R--, topicFilterType=SINGLE_TAG, topicSysFlag=3, order=true, attributes={+a=b, -c=}]
`)
  })

  it.each([
    ['-r x', 'For input string: "x"'],
    ['-a a=b', 'add/alter attribute format is wrong: a'],
    ['-a c', 'delete attribute format is wrong: c'],
    ['-a +a=b,+a=c', 'key duplication: +a'],
  ])('updateTopic %s changes nothing', async (settings, expected) => {
    const world = await worldOf()
    const ran = await run(world, `updateTopic -c DefaultCluster -t T ${settings}`)
    expect(ran).toMatchObject({ code: 0, out: '' })
    expect(ran.err).toContain(expected)
    expect(world.done).toEqual([])
  })

  it('deleteTopic removes the topic from brokers first, then from name servers', async () => {
    const world = await worldOf()
    const ran = await run(world, 'deleteTopic -t T -c DefaultCluster')
    expect(world.done).toEqual(['broker: delete T', 'name server: delete T of DefaultCluster'])
    expect(ran.out).toBe(`delete topic [T] from cluster [DefaultCluster] success.
delete topic [T] from NameServer success.
`)
  })
})
