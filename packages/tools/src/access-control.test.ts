// SPDX-License-Identifier: Apache-2.0
// The commands about users and policies print what Java's mqadmin 5.5.0 prints, and ask what it asks.
import { createHmac } from 'node:crypto'
import { handle, RemotingServer, reply, type Handler } from '@rocketmq-ts/remoting'
import {
  decodeAclInfo,
  decodeUserInfo,
  encodeAclInfo,
  encodeAclInfoList,
  encodeClusterInfo,
  encodeUserInfo,
  encodeUserInfoList,
  type AclInfo,
  type UserInfo,
} from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from './commands/index.ts'
import { mqadmin } from './mqadmin.ts'

const master = '10.0.0.10:10911'
const slave = '10.0.0.11:10911'
const amy = { username: 'amy', password: 'p-amy', userType: 'Normal', userStatus: 'enable' }
const policies = [
  {
    policyType: 'Custom',
    entries: [
      { resource: 'Topic:T', actions: ['Pub', 'Sub'], sourceIps: ['10.0.0.1'], decision: 'Allow' },
      { resource: 'Group:*', actions: ['All'], decision: 'Deny' },
    ],
  },
]

/** Brokers with users and policies of their own; notes what is done to them. */
class World {
  readonly runtime = simulatedRuntime({ seed: 1 })
  readonly done: string[] = []
  readonly users = new Map<string, UserInfo>([[`${master} amy`, amy]])
  readonly acls = new Map<string, AclInfo>([
    [`${master} User:amy`, { subject: 'User:amy', policies }],
  ])
  /** Whether all requests were signed by these keys. */
  signedBy: { accessKey: string; secretKey: string } | undefined
  readonly unsigned: number[] = []

  async start(): Promise<this> {
    const listen = (host: string, port: number, handlers: Handler[]): Promise<unknown> =>
      new RemotingServer({
        runtime: this.runtime.machine(host),
        handlers,
        gate: (call) => {
          if (!this.#isSigned(call.extFields(), call.body)) this.unsigned.push(call.code)
          return undefined
        },
      }).listen({ port })
    const brokerAddrs = new Map([
      [0, master],
      [1, slave],
    ])
    const body = encodeClusterInfo({
      brokerAddrTable: new Map([
        ['b', { cluster: 'C', brokerName: 'b', brokerAddrs, enableActingMaster: false }],
      ]),
      clusterAddrTable: new Map([['C', ['b']]]),
    })
    const cluster = handle(requests.getBrokerClusterInfo, () => reply({}, { body: [body] }))
    await this.runtime.settle(listen('10.0.0.9', 9876, [cluster]))
    for (const address of [master, slave]) {
      await this.runtime.settle(listen(address.split(':')[0] ?? '', 10_911, this.#broker(address)))
    }
    return this
  }

  #isSigned(fields: ReadonlyMap<string, string>, body: Uint8Array): boolean {
    const { accessKey, secretKey } = this.signedBy ?? { accessKey: 'nobody', secretKey: '' }
    const names = [...fields.keys()].filter((name) => name !== 'Signature').sort()
    const text = names.map((name) => fields.get(name)).join('')
    const signature = createHmac('sha1', secretKey).update(text).update(body).digest('base64')
    return fields.get('AccessKey') === accessKey && fields.get('Signature') === signature
  }

  #broker(address: string): Handler[] {
    const note = (what: string, body: unknown): void => {
      this.done.push(`${address} ${what} ${JSON.stringify(body)}`)
    }
    const found = (bytes: Uint8Array | undefined) =>
      reply({}, bytes === undefined ? {} : { body: [bytes] })
    return [
      handle(requests.authCreateUser, ({ request, body }) => {
        note(`create ${request.username}`, decodeUserInfo(body))
        return reply({})
      }),
      handle(requests.authUpdateUser, ({ request, body }) => {
        note(`update ${request.username}`, decodeUserInfo(body))
        return reply({})
      }),
      handle(requests.authDeleteUser, ({ request }) => {
        note('delete', request.username)
        return reply({})
      }),
      handle(requests.authGetUser, ({ request }) => {
        const user = this.users.get(`${address} ${request.username}`)
        return found(user && encodeUserInfo(user))
      }),
      handle(requests.authListUser, ({ request }) => {
        const own = [...this.users].filter(([key]) => key.startsWith(address))
        const users = own.map(([, user]) => user)
        const named = users.filter(({ username }) => username?.includes(request.filter ?? ''))
        return found(named.length === 0 ? undefined : encodeUserInfoList(named))
      }),
      handle(requests.authCreateAcl, ({ request, body }) => {
        note(`create ${request.subject}`, decodeAclInfo(body))
        return reply({})
      }),
      handle(requests.authUpdateAcl, ({ request, body }) => {
        note(`update ${request.subject}`, decodeAclInfo(body))
        return reply({})
      }),
      handle(requests.authDeleteAcl, ({ request }) => {
        note('delete', request)
        return reply({})
      }),
      handle(requests.authGetAcl, ({ request }) => {
        const acl = this.acls.get(`${address} ${request.subject}`)
        return found(acl && encodeAclInfo(acl))
      }),
      handle(requests.authListAcl, ({ request }) => {
        this.done.push(`${address} list ${request.subjectFilter} ${request.resourceFilter}`)
        const own = [...this.acls].filter(([key]) => key.startsWith(address))
        return found(own.length === 0 ? undefined : encodeAclInfoList(own.map(([, acl]) => acl)))
      }),
    ]
  }

  async run(line: string): Promise<{ code: number; out: string; err: string }> {
    let out = ''
    let err = ''
    const code = await this.runtime.settle(
      mqadmin({
        args: line.split(' '),
        namesrvAddr: '10.0.0.9:9876',
        rocketmqHome: '/rmq',
        runtime: this.runtime,
        print: (text) => (out += text),
        complain: (text) => (err += `${text}\n`),
        signal: new AbortController().signal,
      }),
    )
    return { code, out, err }
  }
}

// Loading a module takes real time, which a simulated world does not wait for.
beforeAll(() => Promise.all(commands.map(({ load }) => load())))

describe('commands that look', () => {
  const user = `#UserName         #Password               #UserType               #UserStatus           
amy               p-amy                   Normal                  enable                
`
  const acl = `#Subject          #PolicyType  #Resource               #Actions              #SourceIp                 #Decision 
User:amy          Custom      Topic:T                 [Pub, Sub]            [10.0.0.1]                Allow     
User:amy          Custom      Group:*                 [All]                 null                      Deny      
`

  it.each([
    [`getUser -b ${master} -u amy`, user],
    [`getUser -c C -u amy`, user],
    [`getUser -b ${master} -u bob`, ''],
    [`listUser -b ${master}`, user],
    [`listUser -b ${slave}`, ''],
    [`listUser -b ${master} -f my`, user],
    [`listUser -b ${master} -f zz`, ''],
    [`listUser -c C`, `${user}get user from ${master} success.\n`],
    [`getAcl -b ${master} -s User:amy`, acl],
    [`getAcl -c C -s User:amy`, acl],
    [`getAcl -b ${master} -s User:bob`, ''],
    [`listAcl -b ${master}`, acl],
    [`listAcl -b ${slave}`, ''],
  ])('%s', async (line, out) => {
    const world = await new World().start()
    expect(await world.run(line)).toEqual({ code: 0, out, err: '' })
  })

  it('a subject without policies has a line', async () => {
    const world = await new World().start()
    world.acls.set(`${master} User:bob`, { subject: 'User:bob', policies: [] })
    const { out } = await world.run(`getAcl -b ${master} -s User:bob`)
    expect(out.split('\n')[1]?.trimEnd()).toBe('User:bob')
  })

  it('listAcl passes its filters on', async () => {
    const world = await new World().start()
    await world.run(`listAcl -b ${master} -s amy -r Topic`)
    expect(world.done).toEqual([`${master} list amy Topic`])
  })

  it('a cluster without brokers is an error', async () => {
    const { out, err } = await (await new World().start()).run('listUser -c nope')
    expect(out).toMatch(/^\[error\] Make sure the specified clusterName exists/)
    expect(err).toContain('listUser command failed: there is no broker in cluster.')
  })
})

describe('commands that change', () => {
  const entry = { actions: ['Pub', 'Sub'], decision: 'Allow' }
  it.each<[line: string, says: string, asked: [what: string, body: unknown]]>([
    [
      'createUser -u bob -p secret -t Super',
      'create user',
      ['create bob', { password: 'secret', userType: 'Super', username: 'bob' }],
    ],
    [
      'createUser -u bob -p secret',
      'create user',
      ['create bob', { password: 'secret', username: 'bob' }],
    ],
    [
      'updateUser -u bob -s disable',
      'update user',
      ['update bob', { userStatus: 'disable', username: 'bob' }],
    ],
    ['deleteUser -u bob', 'delete user', ['delete', 'bob']],
    [
      'createAcl -s User:bob -r Topic:A,Topic:B -a Pub,Sub -d Allow -i 10.0.0.1,10.0.0.0/8',
      'create acl',
      [
        'create User:bob',
        {
          policies: [
            {
              entries: ['Topic:A', 'Topic:B'].map((resource) => ({
                ...entry,
                resource,
                sourceIps: ['10.0.0.1', '10.0.0.0/8'],
              })),
            },
          ],
          subject: 'User:bob',
        },
      ],
    ],
    [
      'updateAcl -s User:bob -r * -a Pub,,Sub -d Allow',
      'update acl',
      [
        'update User:bob',
        { policies: [{ entries: [{ ...entry, resource: '*' }] }], subject: 'User:bob' },
      ],
    ],
    ['deleteAcl -s User:bob', 'delete acl', ['delete', { subject: 'User:bob' }]],
    [
      'deleteAcl -s User:bob -r Topic:A',
      'delete acl',
      ['delete', { subject: 'User:bob', resource: 'Topic:A' }],
    ],
  ])('%s', async (line, says, [what, body]) => {
    const world = await new World().start()
    const one = await world.run(`${line} -b ${slave}`)
    expect(one).toEqual({ code: 0, out: `${says} to ${slave} success.\n`, err: '' })
    const all = await world.run(`${line} -c C`)
    expect(all.out).toBe(`${says} to ${master} success.\n${says} to ${slave} success.\n`)
    expect(world.done.map((text) => text.split(' ')[0])).toEqual([slave, master, slave])
    const [done = ''] = world.done
    expect(done.startsWith(`${slave} ${what} `)).toBe(true)
    expect(JSON.parse(done.slice(`${slave} ${what} `.length))).toEqual(body)
  })

  it.each([
    ['createUser -u bob -p x', 'Missing required option'],
    ['updateUser -c C -u bob', 'Missing required option'],
    ['updateUser -c C -u bob -p x -t Super', 'an option from this group has already been selected'],
    ['createAcl -c C -s User:bob -r * -a Pub', 'Missing required option: d'],
  ])('%s is wrong', async (line, message) => {
    const { code, err } = await (await new World().start()).run(line)
    expect({ code, err }).toMatchObject({ code: 1 })
    expect(err).toContain(message)
  })
})

describe('commands that copy', () => {
  it('copyUser creates what is missing and updates what is there, passwords included', async () => {
    const world = await new World().start()
    world.users.set(`${master} bob`, { ...amy, username: 'bob' })
    world.users.set(`${slave} bob`, { ...amy, username: 'bob', password: 'old' })
    const says = (name: string): string =>
      `copy user of ${name} from ${master} to ${slave} success.\n`
    const all = await world.run(`copyUser -f ${master} -t ${slave}`)
    expect(all).toEqual({ code: 0, out: says('amy') + says('bob'), err: '' })
    expect(world.done).toHaveLength(2)
    expect(world.done[0]).toMatch(/ create amy .*"password":"p-amy"/)
    expect(world.done[1]).toMatch(/ update bob .*"password":"p-amy"/)
    const some = await world.run(`copyUser -f ${master} -t ${slave} -u nobody,,bob`)
    expect(some.out).toBe(says('bob'))
  })

  it('copyAcl does the same with policies', async () => {
    const world = await new World().start()
    world.acls.set(`${master} User:bob`, { subject: 'User:bob', policies })
    world.acls.set(`${slave} User:bob`, { subject: 'User:bob', policies: [] })
    const says = (name: string): string =>
      `copy acl of User:${name} from ${master} to ${slave} success.\n`
    const all = await world.run(`copyAcl -f ${master} -t ${slave}`)
    expect(all).toEqual({ code: 0, out: says('amy') + says('bob'), err: '' })
    const changes = world.done.filter((text) => !text.includes(' list '))
    const [created = '', updated] = changes
    const prefix = `${slave} create User:amy `
    expect(created.startsWith(prefix)).toBe(true)
    expect(JSON.parse(created.slice(prefix.length))).toEqual({ policies, subject: 'User:amy' })
    expect(updated).toContain(`${slave} update User:bob `)
    const some = await world.run(`copyAcl -f ${master} -t ${slave} -s User:nobody,User:amy`)
    expect(some.out).toBe(says('amy'))
  })
})

describe('conf/tools.yml', () => {
  it('signs every request, to name servers and brokers', async () => {
    const world = await new World().start()
    world.signedBy = { accessKey: 'admin', secretKey: 'admin-secret' }
    await world.run(`deleteUser -c C -u bob`)
    expect(world.unsigned).toEqual([106, 3003, 3003])
    world.unsigned.length = 0
    world.runtime.files.makeDirectory('/rmq/conf')
    const yaml = 'accessKey: admin\nsecretKey: admin-secret\n'
    world.runtime.files.writeFile('/rmq/conf/tools.yml', Buffer.from(yaml))
    await world.run(`deleteUser -c C -u bob`)
    await world.run(`copyAcl -f ${master} -t ${slave}`)
    expect(world.unsigned).toEqual([])
    expect(world.done.length).toBeGreaterThan(4)
  })

  it('that cannot be read ends the command before anything is asked', async () => {
    const world = await new World().start()
    world.runtime.files.makeDirectory('/rmq/conf')
    world.runtime.files.writeFile('/rmq/conf/tools.yml', Buffer.from('secretKey= hidden'))
    const { out, err } = await world.run(`deleteUser -c C -u bob`)
    expect({ out, done: world.done }).toEqual({ out: '', done: [] })
    expect(err).toBe(
      `deleteUser command failed: /rmq/conf/tools.yml, line 1: not a line such as 'name: value'\n`,
    )
  })
})
