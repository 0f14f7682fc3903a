// SPDX-License-Identifier: Apache-2.0
import { signRequest, type Credentials } from '@rocketmq-ts/acl'
import { RemotingClient, type RequestType } from '@rocketmq-ts/remoting'
import {
  decodeAclInfo,
  decodeUserInfoList,
  encodeAclInfo,
  encodeUserInfo,
} from '@rocketmq-ts/remoting/bodies'
import {
  authCreateAcl,
  authCreateUser,
  authDeleteUser,
  authGetAcl,
  authListUser,
  authUpdateUser,
  getBrokerConfig,
  sendMessageV2,
  updateBrokerConfig,
} from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, test } from 'vitest'
import { ADDRESS, BROKER_IP, BrokerWorld, sendHeader } from '../../test/broker-world.ts'

const admin: Credentials = { accessKey: 'admin', secretKey: 'admin-secret' }
const bob: Credentials = { accessKey: 'bob', secretKey: 'bob-secret' }

const on = {
  authenticationEnabled: 'true',
  authorizationEnabled: 'true',
  initAuthenticationUser: '{"username":"admin","password":"admin-secret"}',
}

interface Line {
  readonly facts: Readonly<Record<string, unknown>>
  readonly sentence: string
}

function recordingLogger(lines: Line[]): Logger {
  const write = (facts: object, sentence: string): void => {
    lines.push({ facts: facts as Line['facts'], sentence })
  }
  const logger: Logger = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: () => logger,
  }
  return logger
}

/** A client that signs as someone; each from an address of its own. */
function clientOf(world: BrokerWorld, credentials: Credentials | undefined, ip: string) {
  return new RemotingClient({
    runtime: world.machine.machine(ip),
    ...(credentials === undefined
      ? {}
      : { sign: (fields, body) => ({ ...signRequest(credentials, fields, body) }) }),
  })
}

async function ask<Req, Res>(
  world: BrokerWorld,
  client: RemotingClient,
  type: RequestType<Req, Res>,
  header: Req,
  body: Uint8Array = Buffer.alloc(0),
): Promise<readonly [number, string]> {
  const { code, remark } = await world.settle(client.request(ADDRESS, type, header, { body }))
  return [code, remark ?? '']
}

const user = (username: string, password: string, userType = 'Normal'): Uint8Array =>
  encodeUserInfo({ username, password, userType })

const allow = (resource: string, ...actions: string[]): Uint8Array =>
  encodeAclInfo({
    subject: 'User:bob',
    policies: [{ policyType: 'Custom', entries: [{ resource, actions, decision: 'Allow' }] }],
  })

describe('a broker with access control 2.0', () => {
  test('lets a user do what policies allow, from the change on and after a restart', async () => {
    const lines: Line[] = []
    const world = await BrokerWorld.start({ properties: on, logger: recordingLogger(lines) })
    const boss = clientOf(world, admin, '10.1.0.1')
    const worker = clientOf(world, bob, '10.1.0.2')
    const send = () => ask(world, worker, sendMessageV2, sendHeader, Buffer.from('x'))

    expect(await send()).toEqual([16, 'User:bob is not found.'])
    const created = await ask(
      world,
      boss,
      authCreateUser,
      { username: 'bob' },
      user('bob', 'bob-secret'),
    )
    expect(created).toEqual([0, 'not set any response code'])
    const denied =
      'User:bob has no permission to access Topic:T from 10.1.0.2, no matched policies.'
    expect(await send()).toEqual([16, denied])
    const header = { subject: 'User:bob' }
    expect(await ask(world, boss, authCreateAcl, header, allow('Topic:T', 'Pub'))).toEqual([
      0,
      'not set any response code',
    ])
    expect((await send())[0]).toBe(0)

    await world.killAndRestart()
    const again = clientOf(world, bob, '10.1.0.3')
    expect((await ask(world, again, sendMessageV2, sendHeader, Buffer.from('x')))[0]).toBe(0)
    const bossAgain = clientOf(world, admin, '10.1.0.4')
    const deleted = await ask(world, bossAgain, authDeleteUser, { username: 'bob' })
    expect(deleted).toEqual([0, 'not set any response code'])
    const gone = await ask(world, again, sendMessageV2, sendHeader, Buffer.from('x'))
    expect(gone).toEqual([16, 'User:bob is not found.'])

    const events = lines.map(({ facts }) => facts['event']).filter((event) => event !== undefined)
    expect(events).toEqual([
      'refused',
      'create user',
      'refused',
      'create acl',
      'delete user',
      'refused',
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  test('keeps normal users from making and changing super users', async () => {
    const world = await BrokerWorld.start({ properties: on })
    const boss = clientOf(world, admin, '10.1.0.1')
    await ask(world, boss, authCreateUser, { username: 'bob' }, user('bob', 'bob-secret'))
    await ask(world, boss, authCreateAcl, { subject: 'User:bob' }, allow('Cluster:*', 'All'))
    const worker = clientOf(world, bob, '10.1.0.2')
    const evil = { username: 'evil' }
    expect(await ask(world, worker, authCreateUser, evil, user('evil', 'pw', 'super'))).toEqual([
      1,
      'The super user can only be create by super user',
    ])
    const self = { username: 'bob' }
    expect(await ask(world, worker, authUpdateUser, self, user('bob', '', 'Super'))).toEqual([
      1,
      'The super user can only be update by super user',
    ])
    const other = { username: 'admin' }
    expect(await ask(world, worker, authUpdateUser, other, user('admin', 'mine'))).toEqual([
      16,
      'The super user can only be update by super user',
    ])
    expect((await ask(world, worker, authDeleteUser, other))[0]).toBe(16)
    expect((await ask(world, worker, authCreateUser, evil, user('evil', 'pw')))[0]).toBe(0)
  })

  test('does not let settings of access control be changed or read from outside', async () => {
    const world = await BrokerWorld.start({ properties: on })
    const boss = clientOf(world, admin, '10.1.0.1')
    const change = Buffer.from('authenticationEnabled=false\nauthenticationWhitelist=310\n')
    expect((await ask(world, boss, updateBrokerConfig, {}, change))[0]).toBe(0)
    await world.restart()
    const nobody = clientOf(world, undefined, '10.1.0.5')
    expect(await ask(world, nobody, sendMessageV2, sendHeader)).toEqual([
      16,
      'username cannot be null.',
    ])
    const config = await world.settle(
      clientOf(world, admin, '10.1.0.6').request(ADDRESS, getBrokerConfig, {}),
    )
    expect(Buffer.from(config.body).toString()).not.toContain('secret')
  })

  test('answers as Java without users and policies, and keeps nobody out', async () => {
    const world = await BrokerWorld.start()
    const anyone = clientOf(world, undefined, '10.1.0.1')
    const header = { username: 'eve' }
    expect(await ask(world, anyone, authCreateUser, header, user('eve', 'pw', 'Super'))).toEqual([
      1,
      'An system error occurred, please try again later.',
    ])
    expect((await ask(world, anyone, sendMessageV2, sendHeader, Buffer.from('x')))[0]).toBe(0)
  })

  test('lists users and policies in the order of their names, and none without a body', async () => {
    const world = await BrokerWorld.start({ properties: on })
    const boss = clientOf(world, admin, '10.1.0.1')
    for (const name of ['zoe', 'bob']) {
      await ask(world, boss, authCreateUser, { username: name }, user(name, `${name}-secret`))
    }
    await ask(world, boss, authCreateAcl, { subject: 'User:bob' }, allow('Group:G*', 'Sub'))
    const listed = await world.settle(boss.request(ADDRESS, authListUser, { filter: undefined }))
    expect(decodeUserInfoList(listed.body).map(({ username }) => username)).toEqual([
      'admin',
      'bob',
      'zoe',
    ])
    const acl = await world.settle(boss.request(ADDRESS, authGetAcl, { subject: 'User:bob' }))
    expect(decodeAclInfo(acl.body).policies?.[0]?.entries?.[0]?.resource).toBe('Group:G*')
    const none = await world.settle(boss.request(ADDRESS, authGetAcl, { subject: 'User:zoe' }))
    expect([none.code, none.body.length]).toEqual([0, 0])
  })

  test('does not start with users and policies that cannot be read', async () => {
    const machine = simulatedRuntime({ seed: 1, host: BROKER_IP })
    machine.files.makeDirectory('/store/config')
    machine.files.writeFile(
      '/store/config/auth.json',
      Buffer.from('{"version":1,"users":[{"password":"hush"}]'),
    )
    await expect(BrokerWorld.start({ machine, properties: on })).rejects.toThrow(
      'cannot read users and policies in /store/config/auth.json: users and policies: this is no JSON',
    )
  })
})

const ACCOUNTS = `globalWhiteRemoteAddresses:
- 10.2.0.9
accounts:
- accessKey: rocketmq2
  secretKey: 12345678
  admin: true
- accessKey: consumer1
  secretKey: 12345678
  defaultTopicPerm: DENY
  topicPerms:
  - T=PUB
`

describe('a broker with access control 1.0', () => {
  async function start(lines: Line[] = []) {
    const machine = simulatedRuntime({ seed: 1, host: BROKER_IP })
    machine.files.makeDirectory('/home/conf')
    machine.files.writeFile('/home/conf/plain_acl.yml', Buffer.from(ACCOUNTS))
    const properties = { aclEnable: 'true', rocketmqHome: '/home' }
    return BrokerWorld.start({ machine, properties, logger: recordingLogger(lines) })
  }
  const signer = { accessKey: 'consumer1', secretKey: '12345678' }
  const text = (message: string) => `org.apache.rocketmq.acl.common.AclException: ${message}`

  test('answers with the texts of Java 4.9.8', async () => {
    const world = await start()
    const send = (client: RemotingClient, topic = 'T') =>
      ask(world, client, sendMessageV2, { ...sendHeader, topic }, Buffer.from('x'))
    expect((await send(clientOf(world, signer, '10.2.0.1')))[0]).toBe(0)
    expect(await send(clientOf(world, signer, '10.2.0.1'), 'U')).toEqual([
      1,
      text('No default permission for topic:U'),
    ])
    const wrong = { ...signer, secretKey: 'another' }
    expect(await send(clientOf(world, wrong, '10.2.0.1'))).toEqual([
      1,
      text('Check signature failed for accessKey=consumer1'),
    ])
    expect(await send(clientOf(world, undefined, '10.2.0.1'))).toEqual([
      1,
      text('No accessKey is configured'),
    ])
    expect((await send(clientOf(world, undefined, '10.2.0.9'), 'Any'))[0]).toBe(0)
  })

  test('follows changed files, and keeps the old rules when one is broken', async () => {
    const lines: Line[] = []
    const world = await start(lines)
    const client = clientOf(world, signer, '10.2.0.1')
    const send = (topic: string) =>
      ask(world, client, sendMessageV2, { ...sendHeader, topic }, Buffer.from('x'))
    const write = async (content: string) => {
      // A file's time of change has milliseconds.
      await world.advance(1)
      world.machine.files.writeFile('/home/conf/plain_acl.yml', Buffer.from(content))
      await world.advance(600)
    }
    await write(ACCOUNTS.replace('T=PUB', 'U=PUB'))
    expect((await send('U'))[0]).toBe(0)
    expect((await send('T'))[0]).toBe(1)
    await write(`${ACCOUNTS}- accessKey: "unterminated\n`)
    expect((await send('U'))[0]).toBe(0)
    expect(lines.at(-1)?.sentence ?? '').not.toBe('')
    const said = lines.filter(({ sentence }) => sentence.includes('the old rules still hold'))
    expect(said).toHaveLength(1)
    expect(JSON.stringify(said)).not.toContain('12345678')
  })
})
