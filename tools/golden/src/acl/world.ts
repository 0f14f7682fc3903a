// SPDX-License-Identifier: Apache-2.0
// The users, policies and requests that both brokers are asked about: every way a policy can match or not.

import type { Probe, Signer } from './ask.ts'

export interface UserOfWorld {
  readonly username: string
  readonly password: string
  readonly userType: 'Super' | 'Normal'
  readonly userStatus?: 'disable'
}

export interface Entry {
  readonly resource: string
  readonly actions: readonly string[]
  readonly sourceIps?: readonly string[]
  readonly decision: 'Allow' | 'Deny'
}

export interface PolicyOfWorld {
  readonly policyType: 'Custom' | 'Default'
  readonly entries: readonly Entry[]
}

/** The user that the broker makes at its first start. */
export const initUser = { username: 'admin', password: 'admin-secret' } as const

/** The cluster that all brokers of these recordings belong to. */
export const clusterName = 'AclCluster'

const allow = (resource: string, actions: string, ...sourceIps: string[]): Entry => ({
  resource,
  actions: actions.split(','),
  ...(sourceIps.length === 0 ? {} : { sourceIps }),
  decision: 'Allow',
})
const deny = (resource: string, actions: string, ...sourceIps: string[]): Entry => ({
  ...allow(resource, actions, ...sourceIps),
  decision: 'Deny',
})
const custom = (...entries: Entry[]): PolicyOfWorld[] => [{ policyType: 'Custom', entries }]
const byDefault = (...entries: Entry[]): PolicyOfWorld => ({ policyType: 'Default', entries })

const actions = ['Pub', 'Sub', 'Create', 'Update', 'Delete', 'Get', 'List', 'All'] as const

/** Policies by the user who has them. */
export const policies: Readonly<Record<string, readonly PolicyOfWorld[]>> = {
  literal: custom(allow('Topic:Orders', 'Pub')),
  prefixed: custom(allow('Topic:Ord*', 'Pub,Sub')),
  anyTopic: custom(allow('Topic:*', 'Pub')),
  everything: custom(allow('*', 'All')),
  nothing: custom(deny('*', 'All')),
  denyOne: custom(allow('Topic:*', 'All'), deny('Topic:Orders', 'Pub')),
  denyAction: custom(allow('Topic:*', 'All'), deny('Topic:Orders', 'Sub')),
  literalFirst: custom(deny('Topic:Orders*', 'Pub'), allow('Topic:Orders', 'Pub')),
  longerPrefix: custom(deny('Topic:Ord*', 'Pub'), allow('Topic:Orders*', 'Pub')),
  longerDenied: custom(allow('Topic:Ord*', 'Pub'), deny('Topic:Orders*', 'Pub')),
  prefixOverAny: custom(deny('Topic:*', 'Pub'), allow('Topic:Ord*', 'Pub')),
  typeOverAny: custom(deny('*', 'All'), allow('Topic:Orders', 'Pub')),
  topicsOverAny: custom(deny('*', 'All'), allow('Topic:*', 'Pub')),
  allowAnyDenyTopics: custom(allow('*', 'All'), deny('Topic:*', 'Pub')),
  byDefault: [byDefault(allow('Topic:*', 'Pub'))],
  defaultDenied: [byDefault(deny('Topic:*', 'Pub')), ...custom(allow('Topic:Orders', 'Pub'))],
  customOverDefault: [byDefault(allow('Topic:*', 'Pub')), ...custom(deny('Topic:Orders', 'Pub'))],
  anyOverDefault: [byDefault(allow('Topic:Orders', 'Pub')), ...custom(deny('*', 'All'))],
  elsewhereOverDefault: [
    byDefault(allow('Topic:Orders', 'Pub')),
    ...custom(deny('Topic:Bills', 'Pub')),
  ],
  oneAddress: custom(allow('Topic:Orders', 'Pub', '127.0.0.1')),
  otherAddress: custom(allow('Topic:Orders', 'Pub', '127.0.0.2')),
  twoAddresses: custom(allow('Topic:Orders', 'Pub', '10.1.2.3', '127.0.0.2')),
  addressRange: custom(allow('Topic:Orders', 'Pub', '127.0.0.0/30')),
  deniedAddress: custom(allow('Topic:*', 'All'), deny('Topic:Orders', 'Pub', '127.0.0.2')),
  addressFallsThrough: custom(
    deny('Topic:Orders', 'Pub', '127.0.0.2'),
    allow('Topic:Ord*', 'Pub', '127.0.0.2'),
    allow('Topic:*', 'Pub'),
  ),
  addressRangeDenied: custom(allow('Topic:*', 'All'), deny('*', 'All', '127.0.0.0/8')),
  consumer: custom(allow('Topic:Orders', 'Sub'), allow('Group:Readers', 'Sub')),
  topicOnly: custom(allow('Topic:Orders', 'Sub')),
  groupOnly: custom(allow('Group:Readers', 'Sub')),
  anyGroup: custom(allow('Group:*', 'Sub')),
  groupPrefix: custom(allow('Group:Read*', 'Sub,Get'), allow('Topic:Ord*', 'Sub,Get')),
  clusterReader: custom(allow(`Cluster:${clusterName}`, 'Get')),
  clusterWriter: custom(allow(`Cluster:${clusterName}`, 'Update')),
  anyCluster: custom(allow('Cluster:*', 'All')),
  otherCluster: custom(allow('Cluster:Another', 'All')),
  namespace: custom(allow('Namespace:ns', 'All'), allow('Topic:ns%Orders', 'Pub')),
  namespacePrefix: custom(allow('Topic:ns%*', 'Pub')),
  severalActions: custom(allow('Topic:Orders', 'Get,List'), allow('Group:Readers', 'Get')),
  ...Object.fromEntries(
    actions.map((action) => [
      `only${action}`,
      custom(allow('Topic:*', action), allow('Group:*', action), allow('Cluster:*', action)),
    ]),
  ),
  ...Object.fromEntries(
    actions
      .slice(0, -1)
      .map((action) => [`never${action}`, custom(allow('*', 'All'), deny('*', action))]),
  ),
}

export const users: readonly UserOfWorld[] = [
  { username: 'root2', password: 'root-secret', userType: 'Super' },
  { username: 'rootOff', password: 'root-secret', userType: 'Super', userStatus: 'disable' },
  { username: 'off', password: 'secret-off', userType: 'Normal', userStatus: 'disable' },
  { username: 'plain', password: 'secret-plain', userType: 'Normal' },
  ...Object.keys(policies).map((username): UserOfWorld => ({
    username,
    password: `secret-${username}`,
    userType: 'Normal',
  })),
]

const send = (topic: string): Record<string, string> => ({
  producerGroup: 'Senders',
  topic,
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: '4',
  queueId: '0',
  sysFlag: '0',
  bornTimestamp: '1700000000000',
  flag: '0',
  properties: 'UNIQ_KEY\u00010A0102030FA200000000000000000001',
  reconsumeTimes: '0',
  unitMode: 'false',
  batch: 'false',
})
const sendV2 = (topic: string): Record<string, string> => ({
  a: 'Senders',
  b: topic,
  c: 'TBW102',
  d: '4',
  e: '0',
  f: '0',
  g: '1700000000000',
  h: '0',
  i: 'UNIQ_KEY\u00010A0102030FA200000000000000000002',
  j: '0',
  k: 'false',
  m: 'false',
})
const pull = (topic: string, consumerGroup: string): Record<string, string> => ({
  consumerGroup,
  topic,
  queueId: '0',
  queueOffset: '1000',
  maxMsgNums: '1',
  sysFlag: '0',
  commitOffset: '0',
  suspendTimeoutMillis: '0',
  subscription: '*',
  subVersion: '0',
})
const heartbeat = (groups: readonly (readonly [group: string, topic: string])[]): string =>
  JSON.stringify({
    clientID: 'acl-client',
    producerDataSet: [{ groupName: 'Senders' }],
    consumerDataSet: groups.map(([groupName, topic]) => ({
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      consumeType: 'CONSUME_PASSIVELY',
      groupName,
      messageModel: 'CLUSTERING',
      subscriptionDataSet: [
        { topic, subString: '*', codeSet: [], tagsSet: [], subVersion: 1, expressionType: 'TAG' },
      ],
      unitMode: false,
    })),
  })
const queues = (topic: string): string =>
  JSON.stringify({
    consumerGroup: 'Readers',
    clientId: 'acl-client',
    mqSet: [{ topic, brokerName: 'acl-broker', queueId: 0 }],
  })
const topicConfig = (topic: string): Record<string, string> => ({
  topic,
  defaultTopic: 'TBW102',
  readQueueNums: '1',
  writeQueueNums: '1',
  perm: '6',
  topicFilterType: 'SINGLE_TAG',
  topicSysFlag: '0',
  order: 'false',
})
const group = { consumerGroup: 'Readers', topic: 'Orders' } as const

/** Requests by name. What they do to a broker leaves the answers of the others as they are. */
export const probes: Readonly<Record<string, Probe>> = {
  sendOrders: { code: 10, fields: send('Orders'), body: 'a message' },
  sendOrdersEast: { code: 10, fields: send('OrdersEast'), body: 'a message' },
  sendOrdinary: { code: 310, fields: sendV2('Ordinary'), body: 'a message' },
  sendBills: { code: 310, fields: sendV2('Bills'), body: 'a message' },
  sendNamespace: { code: 310, fields: sendV2('ns%Orders'), body: 'a message' },
  sendRetry: { code: 310, fields: sendV2('%RETRY%Readers'), body: 'a message' },
  sendDlq: { code: 310, fields: sendV2('%DLQ%Readers'), body: 'a message' },
  pull: { code: 11, fields: pull('Orders', 'Readers') },
  pullRetry: { code: 11, fields: pull('%RETRY%Readers', 'Readers') },
  pullOtherGroup: { code: 11, fields: pull('Orders', 'Others') },
  queryMessage: {
    code: 12,
    fields: { topic: 'Orders', key: 'none', maxNum: '1', beginTimestamp: '0', endTimestamp: '1' },
  },
  queryOffset: { code: 14, fields: { ...group, queueId: '0', setZeroIfNotFound: 'false' } },
  updateOffset: { code: 15, fields: { ...group, queueId: '0', commitOffset: '0' } },
  createTopic: { code: 17, fields: topicConfig('Orders') },
  getAllTopics: { code: 21, fields: {} },
  searchOffset: { code: 29, fields: { topic: 'Orders', queueId: '0', timestamp: '1' } },
  maxOffset: { code: 30, fields: { topic: 'Orders', queueId: '0' } },
  minOffset: { code: 31, fields: { topic: 'Orders', queueId: '0' } },
  heartbeatProducer: { code: 34, fields: {}, body: heartbeat([]) },
  heartbeat: { code: 34, fields: {}, body: heartbeat([['Readers', 'Orders']]) },
  heartbeatTwo: {
    code: 34,
    fields: {},
    body: heartbeat([
      ['Readers', 'Orders'],
      ['Others', 'Bills'],
    ]),
  },
  unregister: { code: 35, fields: { clientID: 'acl-client', consumerGroup: 'Readers' } },
  unregisterProducer: { code: 35, fields: { clientID: 'acl-client', producerGroup: 'Senders' } },
  endTransaction: {
    code: 37,
    fields: {
      topic: 'Orders',
      producerGroup: 'Senders',
      tranStateTableOffset: '0',
      commitLogOffset: '0',
      commitOrRollback: '12',
      fromTransactionCheck: 'false',
    },
  },
  consumerList: { code: 38, fields: { consumerGroup: 'Readers' } },
  lock: { code: 41, fields: {}, body: queues('Orders') },
  unlock: { code: 42, fields: {}, body: queues('Orders') },
  topicStats: { code: 202, fields: { topic: 'Orders' } },
  consumerConnections: { code: 203, fields: { consumerGroup: 'Readers' } },
  deleteTopic: { code: 215, fields: { topic: 'NoSuchTopic' } },
  getUser: { code: 3004, fields: { username: 'plain' } },
  updateUser: {
    code: 3002,
    fields: { username: 'plain' },
    body: JSON.stringify({ userStatus: 'enable' }),
  },
  noSuchCode: { code: 9999, fields: { topic: 'Orders' } },
}

/** Wrong and missing credentials, by name. */
export const signers: Readonly<Record<string, Signer | undefined>> = {
  right: { accessKey: 'everything', secretKey: 'secret-everything' },
  'right, with a token': {
    accessKey: 'everything',
    secretKey: 'secret-everything',
    securityToken: 'token-1',
  },
  'a super user': { accessKey: 'root2', secretKey: 'root-secret' },
  'the first user': { accessKey: initUser.username, secretKey: initUser.password },
  'a disabled user': { accessKey: 'off', secretKey: 'secret-off' },
  'a disabled user with the wrong key': { accessKey: 'off', secretKey: 'wrong' },
  'a disabled super user': { accessKey: 'rootOff', secretKey: 'root-secret' },
  'the wrong key': { accessKey: 'everything', secretKey: 'secret-wrong' },
  'a super user with the wrong key': { accessKey: 'root2', secretKey: 'secret-wrong' },
  'an unknown user': { accessKey: 'nobody', secretKey: 'secret' },
  'an empty user': { accessKey: '', secretKey: 'secret' },
  'a blank user': { accessKey: ' ', secretKey: 'secret' },
  'a user in other letters': { accessKey: 'Everything', secretKey: 'secret-everything' },
  'no signature': { accessKey: 'everything', signature: null },
  'an empty signature': { accessKey: 'everything', signature: '' },
  'a signature that is no base64': { accessKey: 'everything', signature: '***' },
  'a signature alone': { signature: 'c2lnbmF0dXJl' },
  'a changed field': {
    accessKey: 'everything',
    secretKey: 'secret-everything',
    tampered: 'field',
  },
  'an added field': {
    accessKey: 'everything',
    secretKey: 'secret-everything',
    tampered: 'added field',
  },
  'a changed body': { accessKey: 'everything', secretKey: 'secret-everything', tampered: 'body' },
  nothing: undefined,
}
