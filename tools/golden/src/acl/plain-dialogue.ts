// SPDX-License-Identifier: Apache-2.0
// One long talk about accounts and white lists with a broker that has plain_acl.yml.

import { setTimeout } from 'node:timers/promises'
import { Asker, type Outcome, type Probe, type Signer } from './ask.ts'
import { withoutPlace } from './plain-decide.ts'
import { plainProbes } from './plain-world.ts'

export interface PlainStep extends Probe {
  readonly name: string
  /** Who asks; the admin unless told. */
  readonly signer?: Signer
  readonly from?: string
}

type Fields = Readonly<Record<string, string>>

const admin: Signer = { accessKey: 'theAdmin', secretKey: 'a secret key' }
const normal: Signer = { accessKey: 'bothByDefault', secretKey: 'a secret key' }
const fresh: Signer = { accessKey: 'freshKey', secretKey: 'fresh secret' }

const step = (name: string, code: number, fields: Fields): PlainStep => ({
  name: `${name} ${JSON.stringify(fields)}`,
  code,
  fields,
})
const account = (fields: Fields): PlainStep =>
  step('update account', 50, { accessKey: 'freshKey', secretKey: 'fresh secret', ...fields })
const asks = (probe: string, signer: Signer | undefined, from?: string): PlainStep => ({
  name: `${probe} of ${signer?.accessKey ?? 'nobody'} from ${from ?? '127.0.0.1'}`,
  ...(plainProbes[probe] ?? { code: -1, fields: {} }),
  ...(signer === undefined ? { signer: {} } : { signer }),
  ...(from === undefined ? {} : { from }),
})

const badAddresses = [
  'x',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.300',
  '1.2.3.9-1',
  '1.2.3.1-300',
  '1.2.3.1-',
  '1.*.3.4',
  '*.2.3.4',
  '1.2.3.{}',
  '1.2.3.{1,}',
  '1.2.3.{1,2',
  '1.2.3.4,',
  '1.2.3.{1,2},1.2.3.4',
  'a:b:c',
]

/** All steps in order. */
export const plainSteps: readonly PlainStep[] = [
  step('version', 52, {}),
  { ...account({}), name: 'an account by one who is no admin', signer: normal },
  { ...step('delete', 51, { accessKey: 'noPerms' }), signer: normal },
  { ...step('white list', 53, { globalWhiteAddrs: '10.0.0.1' }), signer: normal },
  { ...step('version', 52, {}), signer: normal },
  { ...step('all', 54, {}), signer: normal },
  step('an account without a key', 50, { secretKey: 'fresh secret', admin: 'false' }),
  step('an account without a secret', 50, { accessKey: 'freshKey' }),
  account({ accessKey: 'short' }),
  account({ accessKey: 'sixsix' }),
  account({ secretKey: 'short' }),
  account({ topicPerms: 'Orders' }),
  account({ topicPerms: 'Orders=NOPE' }),
  account({ topicPerms: 'Orders=PUB=SUB' }),
  account({ groupPerms: 'Readers=' }),
  account({ defaultTopicPerm: 'NOPE' }),
  ...badAddresses.map((whiteRemoteAddress) => account({ whiteRemoteAddress })),
  asks('sendOrders', fresh),
  step('delete', 51, { accessKey: 'freshKey' }),
  asks('sendOrders', fresh),
  account({ admin: 'false', defaultTopicPerm: 'PUB', defaultGroupPerm: 'DENY' }),
  asks('sendOrders', fresh),
  asks('pull', fresh),
  asks('createTopic', fresh),
  account({ topicPerms: 'Orders=SUB,Bills=DENY', groupPerms: 'Readers=SUB' }),
  asks('sendOrders', fresh),
  asks('sendOrdinary', fresh),
  asks('pull', fresh),
  account({ admin: 'true' }),
  asks('createTopic', fresh),
  asks('sendOrders', fresh),
  account({ secretKey: 'second secret' }),
  asks('createTopic', fresh),
  asks('createTopic', { ...fresh, secretKey: 'second secret' }),
  account({ whiteRemoteAddress: '127.0.0.{1,9}' }),
  asks('sendOrders', { accessKey: 'freshKey' }, '127.0.0.9'),
  asks('sendOrders', { accessKey: 'freshKey' }, '127.0.0.2'),
  step('delete', 51, { accessKey: 'freshKey' }),
  asks('sendOrders', fresh),
  step('delete', 51, { accessKey: 'freshKey' }),
  step('delete', 51, { accessKey: 'nobodyAtAll' }),
  step('delete without a key', 51, {}),
  step('delete', 51, { accessKey: '' }),
  asks('sendOrders', undefined, '127.0.0.7'),
  asks('sendOrders', undefined, '127.0.3.1'),
  step('white list', 53, { globalWhiteAddrs: '127.0.3.*,127.0.0.3' }),
  asks('sendOrders', undefined, '127.0.0.7'),
  asks('sendOrders', undefined, '127.0.3.1'),
  asks('sendOrders', undefined, '127.0.0.3'),
  ...badAddresses.map((globalWhiteAddrs) => step('white list', 53, { globalWhiteAddrs })),
  step('white list', 53, { globalWhiteAddrs: '' }),
  step('white list without addresses', 53, {}),
  asks('sendOrders', undefined, '127.0.3.1'),
  step('white list of an unknown file', 53, {
    globalWhiteAddrs: '127.0.0.4',
    aclFileFullPath: '/no/such/file.yml',
  }),
]

/** Accounts are in force at once, white lists when the file has been read again, which Java does every 5 s. */
const reloadMs = 7000

/** Holds the talk; answers in the order of the steps, what differs from run to run masked. */
export async function holdPlainDialogue(port: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let changed = false
  for (const { signer = admin, from = '127.0.0.1', ...probe } of plainSteps) {
    const changes = probe.code === 53
    if (changed && probe.code === 10) await setTimeout(reloadMs)
    if (changes || probe.code === 10) changed = changes
    const asker = await Asker.open(port, from)
    const { code, remark, body } = await asker.ask(probe, signer)
    asker.close()
    const said = remark === null ? null : masked(withoutPlace(remark))
    outcomes.push(
      body === undefined ? { code, remark: said } : { code, remark: said, body: masked(body) },
    )
  }
  return outcomes
}

/** Times of versions, and where the files lie. */
function masked(text: string): string {
  return text
    .replaceAll(/\b\d{13}\b/g, '#time')
    .replaceAll(/\/[^\s",:]*\/conf\//g, '<home>/conf/')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:#')
}
