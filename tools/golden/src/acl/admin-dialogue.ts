// SPDX-License-Identifier: Apache-2.0
// One long talk about users and policies with a broker: what it takes, what it refuses and why, what it keeps.

import { Asker, type Outcome, type Probe, type Signer } from './ask.ts'
import { initUser } from './world.ts'

export interface AdminStep extends Probe {
  readonly name: string
}

type Fields = Readonly<Record<string, string>>

const step = (name: string, code: number, fields: Fields, body?: object | string): AdminStep => ({
  name,
  code,
  fields,
  ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
})

const createUser = (username: string, body?: object | string): AdminStep =>
  step(`create user ${username}: ${described(body)}`, 3001, { username }, body)
const updateUser = (username: string, body?: object | string): AdminStep =>
  step(`update user ${username}: ${described(body)}`, 3002, { username }, body)
const deleteUser = (username: string): AdminStep =>
  step(`delete user ${username}`, 3003, { username })
const getUser = (username: string): AdminStep => step(`get user ${username}`, 3004, { username })
const listUsers = (filter?: string): AdminStep =>
  step(`list users ${filter ?? 'all'}`, 3005, filter === undefined ? {} : { filter })
const createAcl = (subject: string, body?: object | string): AdminStep =>
  step(`create acl ${subject}: ${described(body)}`, 3006, { subject }, body)
const updateAcl = (subject: string, body?: object | string): AdminStep =>
  step(`update acl ${subject}: ${described(body)}`, 3007, { subject }, body)
const deleteAcl = (subject: string, fields: Fields = {}): AdminStep =>
  step(`delete acl ${subject} ${JSON.stringify(fields)}`, 3008, { subject, ...fields })
const getAcl = (subject: string): AdminStep => step(`get acl ${subject}`, 3009, { subject })
const listAcls = (fields: Fields = {}): AdminStep =>
  step(`list acls ${JSON.stringify(fields)}`, 3010, fields)

function described(body: object | string | undefined): string {
  return body === undefined ? 'no body' : typeof body === 'string' ? body : JSON.stringify(body)
}

const entry = (changes: object = {}): object => ({
  resource: 'Topic:T1',
  actions: ['Pub'],
  sourceIps: ['10.0.0.1'],
  decision: 'Allow',
  ...changes,
})
const without = (member: string): object =>
  Object.fromEntries(Object.entries(entry()).filter(([name]) => name !== member))
const custom = (...entries: object[]): object => ({
  policies: [{ policyType: 'Custom', entries }],
})

const badEntries: readonly object[] = [
  ...['Foo:T', 'Topic', 'Topic:', ':T', '', 'T*', 'Topic:T*x', 'Topic:*x', 'Any:*', '**'].map(
    (resource) => entry({ resource }),
  ),
  ...['resource', 'actions', 'decision'].map(without),
  entry({ actions: [] }),
  entry({ actions: ['Nope'] }),
  entry({ actions: ['Any'] }),
  entry({ actions: [''] }),
  entry({ decision: 'Maybe' }),
  entry({ decision: '' }),
  ...[
    'x',
    '',
    '10.0.0',
    '10.0.0.300',
    '10.0.0.1-9',
    '10.0.0.*',
    '10.0.0.1,10.0.0.2',
    '10.0.0.0/33',
  ].map((ip) => entry({ sourceIps: [ip] })),
]
const goodEntries: readonly object[] = [
  ...[
    '*',
    'Topic:*',
    'topic:T',
    'TOPIC:T',
    'Group:G*',
    'Cluster:C',
    'Namespace:ns',
    'Topic:a:b',
  ].map((resource) => entry({ resource })),
  without('sourceIps'),
  entry({ sourceIps: [] }),
  entry({ actions: ['PUB', 'sub', 'Pub', 'Create', 'Update', 'Delete', 'Get', 'List'] }),
  entry({ actions: ['All', 'Pub'] }),
  entry({ decision: 'DENY' }),
  ...['::1', 'fe80::/10', '2001:db8::1', '0.0.0.0/0', '10.0.0.0/8', '192.168.0.1'].map((ip) =>
    entry({ sourceIps: [ip] }),
  ),
]

/** All steps in order. */
export const adminSteps: readonly AdminStep[] = [
  listUsers(),
  getUser(initUser.username),
  step('create user without a name', 3001, {}, { password: 'p' }),
  createUser('', { password: 'p' }),
  createUser(' ', { password: 'p' }),
  createUser('amy'),
  createUser('amy', ''),
  createUser('amy', 'x'),
  createUser('amy', 'null'),
  createUser('amy', {}),
  createUser('amy', { password: '' }),
  createUser('amy', { password: ' ' }),
  createUser('amy', { password: 'secret-amy' }),
  getUser('amy'),
  createUser('amy', { password: 'another' }),
  createUser('ann', { username: 'other', password: 'secret-ann', userType: 'Super' }),
  getUser('ann'),
  getUser('other'),
  createUser('bob', { password: 'secret-bob', userType: 'nOrMaL', userStatus: 'disable' }),
  getUser('bob'),
  createUser('carl', { password: 'p', userType: 'Boss' }),
  createUser('carl', { password: 'p', userType: '', userStatus: '' }),
  getUser('carl'),
  createUser('dora', { password: 'p', userStatus: 'asleep' }),
  getUser('dora'),
  createUser('user:with:colons', { password: 'p' }),
  createUser('用户', { password: '密码' }),
  createUser('a b', { password: 'p q' }),
  createUser('x*', { password: 'p' }),
  step('get user without a name', 3004, {}),
  getUser(''),
  getUser('nobody'),
  listUsers(),
  listUsers('a'),
  listUsers('an'),
  listUsers('zz'),
  listUsers(''),
  updateUser('amy'),
  updateUser('amy', {}),
  getUser('amy'),
  updateUser('amy', { password: 'changed' }),
  updateUser('amy', { password: '' }),
  getUser('amy'),
  updateUser('amy', { userType: 'Super' }),
  updateUser('amy', { userType: 'Boss' }),
  updateUser('amy', { userStatus: 'disable' }),
  updateUser('amy', { userStatus: 'asleep' }),
  getUser('amy'),
  updateUser('amy', { userStatus: 'enable', userType: 'Normal', username: 'other' }),
  getUser('amy'),
  updateUser('nobody', { password: 'p' }),
  updateUser('', { password: 'p' }),
  step('update user without a name', 3002, {}, { password: 'p' }),
  step('delete user without a name', 3003, {}),
  deleteUser(''),
  deleteUser('nobody'),
  deleteUser('dora'),
  deleteUser('dora'),
  getUser('dora'),

  listAcls(),
  getAcl('User:amy'),
  getAcl('User:nobody'),
  getAcl('amy'),
  getAcl('Role:amy'),
  getAcl('User:'),
  getAcl(''),
  step('get acl without a subject', 3009, {}),
  step('create acl without a subject', 3006, {}, custom(entry())),
  createAcl('', custom(entry())),
  createAcl('amy', custom(entry())),
  createAcl('Role:amy', custom(entry())),
  createAcl('User:', custom(entry())),
  createAcl('User:nobody', custom(entry())),
  createAcl('User:amy'),
  createAcl('User:amy', ''),
  createAcl('User:amy', 'x'),
  createAcl('User:amy', {}),
  createAcl('User:amy', { policies: [] }),
  createAcl('User:amy', { policies: [{}] }),
  createAcl('User:amy', { policies: [{ policyType: 'Custom' }] }),
  createAcl('User:amy', { policies: [{ policyType: 'Custom', entries: [] }] }),
  createAcl('User:amy', { policies: [{ policyType: 'Odd', entries: [entry()] }] }),
  ...badEntries.map((one) => createAcl('User:bob', custom(one))),
  getAcl('User:bob'),
  ...goodEntries.flatMap((one) => [
    createAcl('User:bob', custom(one)),
    getAcl('User:bob'),
    deleteAcl('User:bob'),
  ]),
  createAcl('User:amy', { policies: [{ entries: [entry()] }] }),
  getAcl('User:amy'),
  createAcl('User:amy', custom(entry({ actions: ['Sub'] }))),
  getAcl('User:amy'),
  createAcl(
    'User:amy',
    custom(entry({ resource: 'Topic:T2' }), entry({ resource: 'Topic:T2', decision: 'Deny' })),
  ),
  getAcl('User:amy'),
  updateAcl('User:amy', custom(entry({ resource: 'Group:G1', actions: ['Sub'] }))),
  getAcl('User:amy'),
  updateAcl('User:amy', custom(entry({ actions: ['Get'], decision: 'Deny', sourceIps: [] }))),
  getAcl('User:amy'),
  updateAcl('User:amy', {
    policies: [{ policyType: 'Default', entries: [entry({ resource: '*' })] }],
  }),
  getAcl('User:amy'),
  updateAcl('User:amy', {
    policies: [
      { policyType: 'Default', entries: [entry({ resource: 'Topic:T9' })] },
      { policyType: 'Custom', entries: [entry({ resource: 'Topic:T8' })] },
    ],
  }),
  getAcl('User:amy'),
  updateAcl('User:amy', custom(entry({ resource: 'Foo:x' }))),
  updateAcl('User:amy', {}),
  updateAcl('User:amy'),
  updateAcl('User:amy', { policies: [{ policyType: 'Custom', entries: [] }] }),
  getAcl('User:amy'),
  updateAcl('User:nobody', custom(entry())),
  updateAcl('User:ann', custom(entry({ resource: 'Topic:T1' }))),
  getAcl('User:ann'),
  createAcl('User:carl', {
    subject: 'User:ann',
    policies: [{ policyType: 'Custom', entries: [entry({ resource: 'Group:G7' })] }],
  }),
  getAcl('User:carl'),
  listAcls(),
  listAcls({ subjectFilter: 'User:a' }),
  listAcls({ subjectFilter: 'a' }),
  listAcls({ subjectFilter: 'am' }),
  listAcls({ subjectFilter: '' }),
  listAcls({ resourceFilter: 'Topic:T1' }),
  listAcls({ resourceFilter: 'T1' }),
  listAcls({ resourceFilter: 'Group' }),
  listAcls({ resourceFilter: 'Topic:T' }),
  listAcls({ resourceFilter: '*' }),
  listAcls({ subjectFilter: 'User:amy', resourceFilter: 'Group:G1' }),
  listAcls({ subjectFilter: 'zz' }),
  deleteAcl('User:amy', { resource: 'Topic:T2' }),
  getAcl('User:amy'),
  deleteAcl('User:amy', { resource: 'Topic:Nope' }),
  deleteAcl('User:amy', { resource: 'Nope' }),
  deleteAcl('User:amy', { resource: '*', policyType: 'Default' }),
  getAcl('User:amy'),
  deleteAcl('User:amy', { resource: 'Topic:T1', policyType: 'Default' }),
  deleteAcl('User:amy', { resource: 'Topic:T1', policyType: 'Odd' }),
  deleteAcl('User:amy', { policyType: 'Default' }),
  getAcl('User:amy'),
  deleteAcl('User:nobody'),
  deleteAcl('Role:amy'),
  step('delete acl without a subject', 3008, {}),
  deleteAcl('User:carl'),
  deleteAcl('User:carl'),
  getAcl('User:carl'),
  deleteUser('ann'),
  getAcl('User:ann'),
  createUser('ann', { password: 'back again' }),
  getAcl('User:ann'),
  listAcls(),
  listUsers(),
  deleteUser(initUser.username),
  listUsers(),
]

const admin: Signer = { accessKey: initUser.username, secretKey: initUser.password }

/** Holds the talk; answers in the order of the steps. */
export async function holdAdminDialogue(port: number): Promise<Outcome[]> {
  const asker = await Asker.open(port)
  const outcomes: Outcome[] = []
  try {
    for (const probe of adminSteps) {
      const { code, remark, body } = await asker.ask(probe, admin)
      outcomes.push(body === undefined ? { code, remark } : { code, remark, body })
    }
    return outcomes
  } finally {
    asker.close()
  }
}
