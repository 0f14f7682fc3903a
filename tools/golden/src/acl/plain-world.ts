// SPDX-License-Identifier: Apache-2.0
// The accounts of plain_acl.yml and the requests that a 4.9.7 broker is asked about.

import type { Probe, Signer } from './ask.ts'
import { probes as newProbes } from './world.ts'

export interface Account {
  readonly accessKey: string
  readonly secretKey: string
  readonly whiteRemoteAddress?: string
  readonly admin?: boolean
  readonly defaultTopicPerm?: string
  readonly defaultGroupPerm?: string
  readonly topicPerms?: readonly string[]
  readonly groupPerms?: readonly string[]
}

const secretKey = 'a secret key'
const account = (accessKey: string, rest: Omit<Account, 'accessKey' | 'secretKey'>): Account => ({
  accessKey,
  secretKey,
  ...rest,
})

/** Patterns of account white lists, by the access key that has them. */
export const whitePatterns: Readonly<Record<string, string>> = {
  whiteOne: '127.0.0.1',
  whiteLast: '127.0.0.*',
  whiteTwo: '127.0.*.*',
  whiteThree: '127.*.*.*',
  whiteAll: '*.*.*.*',
  whiteStar: '*',
  whiteRange: '127.0.0.1-5',
  whiteLateRange: '127.0.0.2-8',
  whiteRangeAbove: '127.0.0-5.*',
  whiteBraces: '127.0.0.{1,9}',
  whiteList: '127.0.0.1,127.0.0.9',
  whiteOther: '10.0.0.1',
  whiteIpv6: '1050:0000:0000:0000:0005:0600:300c:326b',
  whiteIpv6Range: '1050:0000:0000:0000:0005:0600:300c:1-200',
  whiteBlank: '',
}

export const accounts: readonly Account[] = [
  account('theAdmin', { admin: true }),
  account('adminDenied', { admin: true, defaultTopicPerm: 'DENY', topicPerms: ['Orders=DENY'] }),
  account('noPerms', {}),
  account('pubByDefault', { defaultTopicPerm: 'PUB', defaultGroupPerm: 'PUB' }),
  account('subByDefault', { defaultTopicPerm: 'SUB', defaultGroupPerm: 'SUB' }),
  account('bothByDefault', { defaultTopicPerm: 'PUB|SUB', defaultGroupPerm: 'PUB|SUB' }),
  account('swappedByDefault', { defaultTopicPerm: 'SUB|PUB', defaultGroupPerm: 'SUB|PUB' }),
  account('deniedByDefault', { defaultTopicPerm: 'DENY', defaultGroupPerm: 'DENY' }),
  account('anyByDefault', { defaultTopicPerm: 'ANY', defaultGroupPerm: 'ANY' }),
  account('oddByDefault', { defaultTopicPerm: 'nonsense', defaultGroupPerm: 'nonsense' }),
  account('ordersPub', {
    defaultTopicPerm: 'DENY',
    defaultGroupPerm: 'DENY',
    topicPerms: ['Orders=PUB', 'Bills=DENY', 'Ordinary=SUB'],
    groupPerms: ['Readers=SUB'],
  }),
  account('ordersSub', {
    defaultTopicPerm: 'PUB',
    defaultGroupPerm: 'DENY',
    topicPerms: ['Orders=SUB', 'OrdersEast=PUB|SUB'],
    groupPerms: ['Readers=PUB|SUB', 'Others=DENY'],
  }),
  account('ordersDenied', {
    defaultTopicPerm: 'PUB|SUB',
    defaultGroupPerm: 'PUB|SUB',
    topicPerms: ['Orders=DENY'],
    groupPerms: ['Others=DENY'],
  }),
  account('groupDenied', { defaultTopicPerm: 'PUB|SUB', groupPerms: ['Readers=DENY'] }),
  account('groupPubOnly', { defaultTopicPerm: 'PUB|SUB', groupPerms: ['Readers=PUB'] }),
  account('blanksInPerms', { topicPerms: [' Orders = PUB '], groupPerms: ['Readers = SUB '] }),
  ...Object.entries(whitePatterns).map(([accessKey, whiteRemoteAddress]) =>
    account(accessKey, { whiteRemoteAddress, defaultTopicPerm: 'DENY' }),
  ),
]

/** Addresses that need no account. */
export const globalWhiteRemoteAddresses: readonly string[] = ['127.0.0.7', '127.0.1.*']

const unserved = new Set(['getUser', 'updateUser'])

/** What both generations are asked, and the codes that only an admin may use. */
export const plainProbes: Readonly<Record<string, Probe>> = {
  ...Object.fromEntries(Object.entries(newProbes).filter(([name]) => !unserved.has(name))),
  updateConfig: { code: 25, fields: {}, body: 'longPollingEnable=true\n' },
  getConfig: { code: 26, fields: {} },
  updateGroup: {
    code: 200,
    fields: {},
    body: JSON.stringify({ groupName: 'Writers', consumeEnable: true }),
  },
  deleteGroup: { code: 207, fields: { groupName: 'NoSuchGroup' } },
  sendBack: {
    code: 36,
    fields: {
      offset: '0',
      group: 'Readers',
      delayLevel: '3',
      originMsgId: 'x',
      originTopic: 'Orders',
      unitMode: 'false',
      maxReconsumeTimes: '16',
    },
  },
  sendBackOther: {
    code: 36,
    fields: { offset: '0', group: 'Others', delayLevel: '3', originTopic: 'Orders' },
  },
  aclVersion: { code: 52, fields: {} },
  aclConfig: { code: 54, fields: {} },
}

const adminKeys = { accessKey: 'theAdmin', secretKey } as const

/** Right, wrong and missing credentials by name. */
export const plainSigners: Readonly<Record<string, Signer | undefined>> = {
  right: { accessKey: 'bothByDefault', secretKey },
  'right, with a token': { accessKey: 'bothByDefault', secretKey, securityToken: 'token-1' },
  'an admin': adminKeys,
  'the wrong key': { accessKey: 'bothByDefault', secretKey: 'another key' },
  'an admin with the wrong key': { ...adminKeys, secretKey: 'another key' },
  'an unknown account': { accessKey: 'nobodyAtAll', secretKey },
  'an empty account': { accessKey: '', secretKey },
  'a blank account': { accessKey: ' ', secretKey },
  'no signature': { accessKey: 'bothByDefault', signature: null },
  'an empty signature': { accessKey: 'bothByDefault', signature: '' },
  'a signature that is no base64': { accessKey: 'bothByDefault', signature: '***' },
  'a signature alone': { signature: 'c2lnbmF0dXJl' },
  'a changed field': { accessKey: 'bothByDefault', secretKey, tampered: 'field' },
  'an added field': { accessKey: 'bothByDefault', secretKey, tampered: 'added field' },
  'a changed body': { accessKey: 'bothByDefault', secretKey, tampered: 'body' },
  nothing: undefined,
}
