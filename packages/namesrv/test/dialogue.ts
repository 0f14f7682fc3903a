// SPDX-License-Identifier: Apache-2.0
// A conversation with a name server: what is sent, on which connection. Recorded once from Java's, replayed on ours.
import { crc32, deflateSync } from 'node:zlib'

/** One request, or the end of a connection. Connections are opened when first used. */
export type Step =
  | {
      readonly name: string
      readonly on: string
      readonly code: number
      readonly version?: number
      readonly fields?: Readonly<Record<string, string>>
      readonly body?: Uint8Array
    }
  | { readonly name: string; readonly close: string }

type Topics = Readonly<
  Record<string, { read: number; write: number; perm: number; sysFlag?: number }>
>

interface Body {
  readonly topics: Topics
  readonly counter?: number
  readonly stateVersion?: number
  readonly filterServers?: readonly string[]
  /** Queues of static topics: topic → broker name → how many of them it leads. */
  readonly mapping?: Readonly<Record<string, { bname: string; totalQueues: number; ids: number[] }>>
}

const TIMESTAMP = 1700000000123

function version({ counter = 1, stateVersion = 0 }: Body): object {
  return { counter, stateVersion, timestamp: TIMESTAMP }
}

function topicTable(topics: Topics): object {
  return Object.fromEntries(
    Object.entries(topics).map(([topicName, { read, write, perm, sysFlag = 0 }]) => [
      topicName,
      {
        attributes: {},
        order: false,
        perm,
        readQueueNums: read,
        topicFilterType: 'SINGLE_TAG',
        topicName,
        topicSysFlag: sysFlag,
        writeQueueNums: write,
      },
    ]),
  )
}

function plainBody(body: Body): Uint8Array {
  const wrapper = {
    dataVersion: version(body),
    mappingDataVersion: version(body),
    topicConfigTable: topicTable(body.topics),
    topicQueueMappingDetailMap: {},
    topicQueueMappingInfoMap: mappingTable(body.mapping ?? {}),
  }
  const filterServerList = body.filterServers ?? []
  return Buffer.from(JSON.stringify({ filterServerList, topicConfigSerializeWrapper: wrapper }))
}

function mappingTable(mapping: NonNullable<Body['mapping']>): object {
  return Object.fromEntries(
    Object.entries(mapping).map(([topic, { bname, ids, totalQueues }]) => [
      topic,
      {
        bname,
        currIdMap: Object.fromEntries(ids.map((id, index) => [id, index])),
        dirty: false,
        epoch: 1700000000000,
        scope: '__global__',
        topic,
        totalQueues,
      },
    ]),
  )
}

function compressedBody(body: Body): Uint8Array {
  const lines = Object.entries(body.topics).map(
    ([name, { read, write, perm }]) => `${name} ${read} ${write} ${perm} SINGLE_TAG {}`,
  )
  const parts = [
    counted(JSON.stringify(version(body))),
    int32(lines.length),
    ...lines.map(counted),
    counted(JSON.stringify(body.filterServers ?? [])),
    int32(Object.keys(body.mapping ?? {}).length),
    ...Object.values(mappingTable(body.mapping ?? {})).map((one) => counted(JSON.stringify(one))),
  ]
  return deflateSync(Buffer.concat(parts))
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function counted(text: string): Buffer {
  return Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)])
}

interface Broker {
  readonly on: string
  readonly name: string
  readonly id: number
  readonly address: string
  readonly cluster?: string
}

const a0: Broker = { on: 'a0', name: 'broker-a', id: 0, address: '10.0.0.1:10911' }
const a1: Broker = { on: 'a1', name: 'broker-a', id: 1, address: '10.0.0.2:10911' }
const b0: Broker = { on: 'b0', name: 'broker-b', id: 0, address: '10.0.0.3:10911', cluster: 'C2' }

function fieldsOf({ name, id, address, cluster = 'C1' }: Broker): Record<string, string> {
  return { brokerName: name, brokerAddr: address, clusterName: cluster, brokerId: String(id) }
}

function register(
  name: string,
  broker: Broker,
  body: Body,
  extra: {
    compressed?: boolean
    fields?: Record<string, string>
    bytes?: Uint8Array
    version?: number
  } = {},
): Step {
  const bytes = extra.bytes ?? (extra.compressed ? compressedBody(body) : plainBody(body))
  const fields = {
    ...fieldsOf(broker),
    haServerAddr: broker.address.replace('10911', '10912'),
    compressed: String(extra.compressed ?? false),
    bodyCrc32: String(crc32(bytes) & 0x7fffffff),
    ...extra.fields,
  }
  return {
    name,
    on: broker.on,
    code: 103,
    fields,
    body: bytes,
    ...(extra.version === undefined ? {} : { version: extra.version }),
  }
}

function route(
  name: string,
  topic: string,
  extra: { version?: number; fields?: Record<string, string> } = {},
): Step {
  const fields = { topic, ...extra.fields }
  return {
    name,
    on: 'client',
    code: 105,
    fields,
    ...(extra.version === undefined ? {} : { version: extra.version }),
  }
}

function ask(name: string, code: number, fields: Record<string, string> = {}): Step {
  return { name, on: 'client', code, fields }
}

function queryVersion(name: string, broker: Broker, body: Body | undefined): Step {
  return {
    name,
    on: broker.on,
    code: 322,
    fields: fieldsOf(broker),
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(version(body))) }),
  }
}

const two: Body = {
  topics: {
    TopicA: { read: 8, write: 8, perm: 6 },
    TopicB: { read: 4, write: 2, perm: 4, sysFlag: 3 },
  },
}
const three: Body = {
  topics: { ...two.topics, TopicC: { read: 1, write: 1, perm: 7 } },
  counter: 2,
}

const withDefaults: readonly Step[] = [
  ask('an empty cluster', 106),
  ask('no topics', 206),
  ask('no system topics', 304),
  ask('topics of a cluster that is not there', 224, { cluster: 'C1' }),
  route('a topic that is not there', 'TopicA'),
  ask('a code that nobody serves', 4711),
  ask('a route without a topic', 105),
  ask('a registration without anything', 103),
  queryVersion('the version of a broker that is not there', a0, two),

  register('a checksum that does not match', a0, two, { fields: { bodyCrc32: '12345' } }),
  register('a body that is no JSON', a0, two, { bytes: Buffer.from('{"filterServerList":[') }),
  register('one topic of a broker that is not there', a0, {
    topics: { TopicA: two.topics['TopicA']! },
  }),
  ask('which leaves its name behind', 106),
  register('a master', a0, two),
  ask('the cluster with a master', 106),
  route('a route for 5.5.0', 'TopicA'),
  route('a route for 4.9.3', 'TopicA', { version: 399 }),
  route('a route for 4.9.4', 'TopicA', { version: 401 }),
  route('a route for 4.9.3 in standard JSON', 'TopicA', {
    version: 399,
    fields: { acceptStandardJsonOnly: 'true' },
  }),
  route('the route of a topic with flags', 'TopicB'),
  queryVersion('the version the broker has registered', a0, two),
  queryVersion('another version', a0, three),
  queryVersion('no version', a0, undefined),
  register('a topic under the same version', a0, { ...three, counter: 1 }),
  route('is there', 'TopicC'),
  register('changed queues under the same version', a0, {
    topics: { ...two.topics, TopicA: { read: 16, write: 16, perm: 6 } },
  }),
  route('are not taken over', 'TopicA'),
  register('changed queues under a new version', a0, {
    counter: 9,
    topics: { ...two.topics, TopicA: { read: 16, write: 16, perm: 6 } },
  }),
  route('are taken over', 'TopicA'),

  register('a slave', a1, two),
  route('a route with a slave', 'TopicA'),
  register('a compressed master in another cluster', b0, three, { compressed: true }),
  route('a topic on two brokers', 'TopicA'),
  ask('two clusters', 106),
  ask('all topics', 206),
  ask('topics of the first cluster', 224, { cluster: 'C1' }),
  ask('topics of the second cluster', 224, { cluster: 'C2' }),
  ask('system topics', 304),

  register(
    'a master with a zone, a filter server and acting masters',
    b0,
    { ...three, counter: 3, filterServers: ['10.0.0.3:20000'] },
    { fields: { __ZONE_NAME: 'z1', enableActingMaster: 'true', heartbeatTimeoutMillis: '60000' } },
  ),
  route('a route with all of that', 'TopicC'),
  route('a route within a zone', 'TopicA', { fields: { __ZONE_MODE: 'true', __ZONE_NAME: 'Z1' } }),
  route('a route within another zone', 'TopicA', {
    fields: { __ZONE_MODE: 'true', __ZONE_NAME: 'z2' },
  }),
  route('a zone without the mode', 'TopicA', { fields: { __ZONE_NAME: 'z2' } }),
  register(
    'a filter server that is gone',
    b0,
    { ...three, counter: 4 },
    { fields: { enableActingMaster: 'true' } },
  ),

  ask('put a value', 100, { namespace: 'n', key: 'k', value: 'v "quoted" \u4e2d' }),
  ask('get it', 101, { namespace: 'n', key: 'k' }),
  ask('get another key', 101, { namespace: 'n', key: 'x' }),
  ask('get from another namespace', 101, { namespace: 'm', key: 'k' }),
  ask('list it', 219, { namespace: 'n' }),
  ask('list another namespace', 219, { namespace: 'm' }),
  ask('delete it', 102, { namespace: 'n', key: 'k' }),
  ask('it is gone', 101, { namespace: 'n', key: 'k' }),
  ask('the namespace is not', 219, { namespace: 'n' }),
  ask('delete from another namespace', 102, { namespace: 'm', key: 'k' }),
  ask('put without a value', 100, { namespace: 'n', key: 'k' }),
  ask('put the order of a topic', 100, {
    namespace: 'ORDER_TOPIC_CONFIG',
    key: 'TopicA',
    value: 'broker-a:8;broker-b:8',
  }),
  register('a broker is told the order', a0, { ...three, counter: 10 }),
  route('a client is not, unless configured', 'TopicA'),

  ask('delete a topic in one cluster', 216, { topic: 'TopicA', clusterName: 'C1' }),
  route('it stays in the other', 'TopicA'),
  ask('delete a topic in a cluster that is not there', 216, { topic: 'TopicA', clusterName: 'C9' }),
  route('it stays', 'TopicA'),
  ask('delete a topic', 216, { topic: 'TopicA' }),
  route('it is gone everywhere', 'TopicA'),
  ask('delete a topic that is not there', 216, { topic: 'TopicA', clusterName: '' }),
  register('the broker still has it', a0, { ...three, counter: 10 }),
  route('and brings it back', 'TopicA'),

  register('the slave becomes master', { ...a1, id: 0 }, { ...three, counter: 11 }),
  ask('the old master lost its id', 106),
  register('an old state of the old master is ignored', a0, {
    ...three,
    counter: 12,
    stateVersion: -1,
  }),
  ask('nothing changed', 106),
  register('the old master becomes slave', { ...a0, id: 1 }, { ...three, counter: 12 }),
  ask('they have changed places', 106),

  { name: 'a heartbeat', on: 'a0', code: 904, fields: fieldsOf({ ...a0, id: 1 }) },
  {
    name: 'a heartbeat of a broker that is not there',
    on: 'a0',
    code: 904,
    fields: { clusterName: 'C9', brokerAddr: 'x:1', brokerName: 'y' },
  },
  { name: 'the slave leaves', on: 'a0', code: 104, fields: fieldsOf({ ...a0, id: 1 }) },
  ask('the slave is gone', 106),
  {
    name: 'a broker that is not there leaves',
    on: 'a0',
    code: 104,
    fields: fieldsOf({ ...a0, id: 7, name: 'broker-x' }),
  },
  { name: 'the master leaves', on: 'a1', code: 104, fields: fieldsOf({ ...a1, id: 0 }) },
  ask('its name and its cluster are gone', 106),
  route('its topics are on the other broker only', 'TopicA'),
  { name: 'the other broker hangs up', close: 'b0' },
  ask('everything is gone', 106),
  ask('every topic too', 206),
]

const acting = { fields: { enableActingMaster: 'true' } }
const SYNC_TOPIC = 'rmq_sys_SYNC_BROKER_MEMBER_broker-a'
const withSync: Body = {
  topics: { ...three.topics, [SYNC_TOPIC]: { read: 1, write: 1, perm: 4 } },
  counter: 20,
}
const a2: Broker = { on: 'a2', name: 'broker-a', id: 2, address: '10.0.0.4:10911' }

const withSwitches: readonly Step[] = [
  ask('put the order of a topic', 100, {
    namespace: 'ORDER_TOPIC_CONFIG',
    key: 'TopicA',
    value: 'broker-a:8',
  }),
  register('a master is not told the order', a0, withSync, acting),
  route('a client is told the order', 'TopicA'),
  route('but not for other topics', 'TopicB'),
  ask('the list of topics is switched off', 206),
  ask('and by cluster', 224, { cluster: 'C1' }),
  ask('but not that of system topics', 304),
  register('a slave', a1, withSync, acting),
  register('another slave', a2, withSync, acting),
  route('a route with two slaves', 'TopicA'),
  { name: 'the master hangs up', close: 'a0' },
  route('the smallest slave acts, for reading', 'TopicA'),
  route('not in the topic of the group itself', SYNC_TOPIC),
  ask('nor in the cluster', 106),
  register('the acting slave registers', a1, { ...withSync, counter: 21 }, acting),
  route('and stays read only', 'TopicA'),
  register('the other slave brings other topics', a2, { ...two, counter: 22 }, acting),
  route('which nobody asks', 'TopicC'),
  register('the master is back', { ...a0, on: 'a0 again' }, { ...withSync, counter: 23 }, acting),
  route('and writable', 'TopicA'),
  register('with less topics', { ...a0, on: 'a0 again' }, { ...two, counter: 24 }, acting),
  route('it keeps what it named', 'TopicA'),
  route('the other is gone', 'TopicC'),
  register('an old master knows no acting', b0, three),
  register('nor does its slave', { ...b0, on: 'b1', id: 1, address: '10.0.0.5:10911' }, three),
  { name: 'the old master hangs up', close: 'b0' },
  route('its slave is no master', 'TopicC'),
]

function tell(
  name: string,
  code: number,
  text: string | undefined,
  fields: Record<string, string> = {},
): Step {
  const step = ask(name, code, fields)
  return text === undefined ? step : { ...step, body: Buffer.from(text) }
}

function queueDatas(...names: readonly string[]): string {
  const queues = names.map((brokerName) => ({
    brokerName,
    perm: 6,
    readQueueNums: 3,
    topicSysFlag: 1,
    writeQueueNums: 2,
  }))
  return JSON.stringify({ brokerDatas: [], filterServerTable: {}, queueDatas: queues })
}

const units: Body = {
  topics: {
    TopicA: { read: 8, write: 8, perm: 6 },
    TopicB: { read: 4, write: 2, perm: 4, sysFlag: 3 },
    UnitTopic: { read: 1, write: 1, perm: 6, sysFlag: 1 },
    SubTopic: { read: 1, write: 1, perm: 6, sysFlag: 2 },
    BothTopic: { read: 1, write: 1, perm: 6, sysFlag: 3 },
  },
}
const b1: Broker = { on: 'b1', name: 'broker-b', id: 1, address: '10.0.0.5:10911', cluster: 'C2' }
const c0: Broker = { on: 'c0', name: 'broker-c', id: 0, address: '10.0.0.6:10911' }

const administration: readonly Step[] = [
  ask('no unit topics', 311),
  ask('no topics of units’ groups', 312),
  ask('none outside units', 313),
  ask('members of a name that is not there', 901, { clusterName: 'C1', brokerName: 'broker-a' }),
  ask('members without a name', 901, { clusterName: 'C1' }),
  ask('members without a cluster', 901, { brokerName: 'broker-a' }),
  ask('wipe a broker that is not there', 205, { brokerName: 'broker-a' }),
  ask('restore a broker that is not there', 327, { brokerName: 'broker-a' }),
  ask('wipe without a name', 205),
  ask('restore without a name', 327),

  register('a master', a0, units),
  register('its slave', a1, units),
  register('a master in another cluster', b0, three),
  ask('unit topics', 311),
  ask('topics of units’ groups', 312),
  ask('those outside units', 313),
  ask('members', 901, { clusterName: 'C1', brokerName: 'broker-a' }),
  ask('members under another cluster', 901, { clusterName: 'C2', brokerName: 'broker-a' }),

  ask('wipe', 205, { brokerName: 'broker-a' }),
  route('a wiped route', 'TopicA'),
  route('a wiped route of a topic that was read only', 'TopicB'),
  ask('wipe again', 205, { brokerName: 'broker-a' }),
  register('the same version leaves it wiped', a0, units),
  route('still wiped', 'TopicA'),
  ask('restore', 327, { brokerName: 'broker-a' }),
  route('restored', 'TopicA'),
  route('a topic that was read only may now be written too', 'TopicB'),
  register('a new version brings its own permission', a0, { ...units, counter: 2 }),
  route('which is read only', 'TopicB'),

  tell('one topic', 217, queueDatas('broker-a', 'broker-b'), { topic: 'TopicN' }),
  route('has a route', 'TopicN'),
  ask('and the flags it came with', 311),
  tell('a new topic also on a broker that is not there', 217, queueDatas('broker-a', 'broker-x'), {
    topic: 'TopicX',
  }),
  route('is not taken', 'TopicX'),
  tell('a known topic, then a broker that is not there', 217, queueDatas('broker-b', 'broker-x'), {
    topic: 'TopicB',
  }),
  route('is taken up to there', 'TopicB'),
  tell('a topic without queues', 217, queueDatas(), { topic: 'TopicQ' }),
  tell('a topic without a body', 217, undefined, { topic: 'TopicQ' }),
  tell('queues without a topic', 217, queueDatas('broker-a')),
  route('is no topic', 'TopicQ'),

  register('a static topic on its first broker', a0, {
    ...units,
    counter: 3,
    mapping: { TopicA: { bname: 'broker-a', totalQueues: 3, ids: [0, 1] } },
  }),
  route('a route with one mapping', 'TopicA'),
  register('a static topic on its second broker', b0, {
    ...three,
    counter: 3,
    mapping: { TopicA: { bname: 'broker-b', totalQueues: 3, ids: [2] } },
  }),
  route('a route with two mappings', 'TopicA'),
  route('for an old client', 'TopicA', { version: 399 }),
  route('another topic has none', 'TopicC'),
  register('a changed mapping under the same version', b0, {
    ...three,
    counter: 3,
    mapping: { TopicA: { bname: 'broker-b', totalQueues: 9, ids: [2] } },
  }),
  route('is not taken over', 'TopicA'),
  register('a mapping of a slave', b1, {
    ...three,
    counter: 4,
    mapping: { TopicA: { bname: 'broker-b', totalQueues: 8, ids: [2] } },
  }),
  route('neither', 'TopicA'),
  register(
    'a compressed mapping',
    c0,
    {
      topics: { TopicA: three.topics['TopicA']!, TopicC: three.topics['TopicC']! },
      mapping: { TopicC: { bname: 'broker-c', totalQueues: 1, ids: [0] } },
    },
    { compressed: true },
  ),
  route('is taken too', 'TopicC'),
  ask('delete the static topic', 216, { topic: 'TopicA' }),
  register('it comes back without a mapping', a0, { ...units, counter: 4 }),
  route('and still has the old one', 'TopicA'),

  tell('change nothing', 318, undefined),
  tell('change an empty text', 318, '\n'),
  tell('change what may not be changed', 318, 'kvConfigPath=/x'),
  tell('nor together with others', 318, 'enableTopicList=false\nconfigStorePath=/x'),
  tell('nor the list itself', 318, 'configBlackList='),
  tell('nor Java’s home', 318, 'rocketmqHome=/x'),
  tell('a malformed escape', 318, 'enableTopicList=\\u12'),
  ask('the list is still on', 311),
  tell('a key that is not there', 318, 'noSuchKey=1'),
  tell('a number that is none', 318, 'waitSecondsForService=soon'),
  tell('switch the lists off', 318, 'enableTopicList=false\nenableAllTopicList=false'),
  ask('unit topics are off', 311),
  ask('so are those of groups', 312),
  ask('and outside units', 313),
  ask('all topics too', 206),
  ask('and those of a cluster', 224, { cluster: 'C1' }),
  ask('put the order of a topic', 100, {
    namespace: 'ORDER_TOPIC_CONFIG',
    key: 'TopicB',
    value: 'broker-a:4',
  }),
  route('clients are not told', 'TopicB'),
  tell('until it is switched on', 318, 'orderMessageEnable=true'),
  route('clients are told', 'TopicB'),
  ask('another order', 100, {
    namespace: 'ORDER_TOPIC_CONFIG',
    key: 'TopicB',
    value: 'broker-a:2',
  }),
  route('is told too', 'TopicB'),
  ask('the order is deleted', 102, { namespace: 'ORDER_TOPIC_CONFIG', key: 'TopicB' }),
  route('there is none any more', 'TopicB'),
  tell('brokers that are not told', 318, 'returnOrderTopicConfigToBroker=false'),
  register('get no table', a0, { ...units, counter: 5 }),
  tell('topics go with their registration', 318, 'deleteTopicWithBrokerRegistration=true'),
  register('less topics', a0, { topics: two.topics, counter: 6 }),
  route('the others are gone', 'UnitTopic'),
  register('but not with a mapping', b0, {
    ...two,
    counter: 6,
    mapping: { TopicB: { bname: 'broker-b', totalQueues: 1, ids: [0] } },
  }),
  route('as before', 'TopicC'),
  tell('wait again', 318, 'waitSecondsForService=100000\nneedWaitForService=true'),
  route('not ready', 'TopicA'),
  ask('only routes wait', 106),
]

/** A conversation: each step is answered before the next is taken. */
export interface Dialogue {
  /** Keys of namesrv.conf. */
  readonly config: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

/** The conversations, by name of their fixture. */
export const dialogues: Readonly<Record<string, Dialogue>> = {
  defaults: { config: {}, steps: withDefaults },
  administration: { config: {}, steps: administration },
  switches: {
    config: {
      orderMessageEnable: 'true',
      returnOrderTopicConfigToBroker: 'false',
      supportActingMaster: 'true',
      deleteTopicWithBrokerRegistration: 'true',
      enableAllTopicList: 'false',
      enableTopicList: 'false',
    },
    steps: withSwitches,
  },
}
