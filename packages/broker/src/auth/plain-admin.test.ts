// SPDX-License-Identifier: Apache-2.0
import { signRequest, type Credentials } from '@rocketmq-ts/acl'
import { RemotingClient, type RequestType } from '@rocketmq-ts/remoting'
import { authGetAcl, sendMessageV2 } from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { ADDRESS, BROKER_IP, BrokerWorld, sendHeader } from '../../test/broker-world.ts'
import {
  deleteAclConfig,
  getBrokerClusterAclInfo,
  updateAndCreateAclConfig,
  updateGlobalWhiteAddrsConfig,
} from './plain-requests.ts'

const FILE = '/home/conf/plain_acl.yml'
const admin: Credentials = { accessKey: 'rocketmq2', secretKey: 'secret-2' }
const added: Credentials = { accessKey: 'account9', secretKey: 'secret-9' }
const ACCOUNTS = `accounts:
- accessKey: rocketmq2
  secretKey: secret-2
  admin: true
- accessKey: account1
  secretKey: secret-1
  defaultTopicPerm: SUB
  topicPerms: [T=PUB, "U*=PUB"]
  groupPerms: [G=SUB]
dataVersion:
- counter: 4
  timestamp: 1000
`

async function start(more: Readonly<Record<string, string>>): Promise<BrokerWorld> {
  const machine = simulatedRuntime({ seed: 1, host: BROKER_IP })
  machine.files.makeDirectory('/home/conf')
  machine.files.writeFile(FILE, Buffer.from(ACCOUNTS))
  return BrokerWorld.start({ machine, properties: { rocketmqHome: '/home', ...more } })
}

function askerOf(world: BrokerWorld, credentials: Credentials) {
  const client = new RemotingClient({
    runtime: world.machine.machine('10.2.0.1'),
    sign: (fields, body) => ({ ...signRequest(credentials, fields, body) }),
  })
  return async <Req, Res>(type: RequestType<Req, Res>, header: Req) => {
    const answer = await world.settle(client.request(ADDRESS, type, header))
    return Object.assign(answer, { outcome: [answer.code, answer.remark ?? ''] as const })
  }
}

const account = {
  accessKey: added.accessKey,
  secretKey: added.secretKey,
  whiteRemoteAddress: undefined,
  admin: undefined,
  defaultTopicPerm: undefined,
  defaultGroupPerm: undefined,
  topicPerms: 'T=PUB,U=SUB',
  groupPerms: undefined,
}

test('accounts are added, changed and deleted, and the version counts it', async () => {
  const world = await start({ aclEnable: 'true' })
  const ask = askerOf(world, admin)
  const asAdded = askerOf(world, added)
  expect((await asAdded(sendMessageV2, sendHeader)).outcome[1]).toMatch(
    /No acl config for account9$/,
  )
  expect((await ask(updateAndCreateAclConfig, account)).outcome).toEqual([0, ''])
  expect((await asAdded(sendMessageV2, sendHeader)).outcome[1]).not.toContain('AclException')
  const denied = { ...account, topicPerms: 'T=DENY' }
  expect((await ask(updateAndCreateAclConfig, denied)).outcome).toEqual([0, ''])
  expect((await asAdded(sendMessageV2, sendHeader)).outcome[1]).toMatch(
    /No default permission for topic:T$/,
  )
  const version = (await ask(getBrokerClusterAclInfo, {})).header()
  expect(JSON.parse(version.version)).toMatchObject({ counter: 6 })
  expect(Object.keys(JSON.parse(version.allAclFileVersion) as object)).toEqual([FILE])
  const gone = { accessKey: 'account9' }
  expect((await ask(deleteAclConfig, gone)).outcome).toEqual([0, ''])
  expect((await ask(deleteAclConfig, gone)).outcome).toEqual([
    210,
    'The accesskey[account9] corresponding to accessConfig has been deleted failed.',
  ])
})

test('what cannot be is refused with the texts of Java, without secret keys, and nothing is written', async () => {
  const world = await start({ aclEnable: 'true' })
  const ask = askerOf(world, admin)
  const before = Buffer.from(world.machine.files.readFile(FILE) ?? []).toString()
  expect((await ask(updateAndCreateAclConfig, { ...account, secretKey: 'short' })).outcome).toEqual(
    [
      209,
      'The accessKey=account9 and secretKey=*** cannot be null and length should longer than 6',
    ],
  )
  const bad = await ask(updateAndCreateAclConfig, { ...account, topicPerms: 'T=ALL' })
  expect(bad.outcome[1]).toMatch(/^Parse resource permission error for T=ALL\.\n/)
  const addresses = { globalWhiteAddrs: '10.0.0.1', aclFileFullPath: '/etc/passwd' }
  expect((await ask(updateGlobalWhiteAddrsConfig, addresses)).outcome).toEqual([
    211,
    'The globalWhiteAddresses[10.0.0.1] has been updated failed.',
  ])
  const wrong = { globalWhiteAddrs: 'nonsense', aclFileFullPath: FILE }
  expect((await ask(updateGlobalWhiteAddrsConfig, wrong)).code).toBe(211)
  expect(Buffer.from(world.machine.files.readFile(FILE) ?? []).toString()).toBe(before)
})

test('accounts become users and policies when the start is told so', async () => {
  const world = await start({
    authenticationEnabled: 'true',
    authorizationEnabled: 'true',
    migrateAuthFromV1Enabled: 'true',
  })
  const acl = await askerOf(world, admin)(authGetAcl, { subject: 'User:account1' })
  expect(JSON.parse(Buffer.from(acl.body).toString())).toEqual({
    subject: 'User:account1',
    policies: [
      {
        policyType: 'Custom',
        entries: [
          { resource: 'Topic:T', actions: ['Pub'], decision: 'Allow' },
          { resource: 'Group:G', actions: ['Sub'], decision: 'Allow' },
        ],
      },
      {
        policyType: 'Default',
        entries: [{ resource: 'Topic:*', actions: ['Sub'], decision: 'Allow' }],
      },
    ],
  })
})
