// SPDX-License-Identifier: Apache-2.0
// Puts users and policies into a broker over the wire, asks it everything, and notes what it decided.

import { Asker, type Outcome, type Probe, type Signer } from './ask.ts'
import { initUser, policies, probes, signers, users } from './world.ts'

/** How the broker is set up; see AuthConfig. */
export type RunName = keyof typeof runs

/** Settings of broker.conf, besides the two switches, by run. */
export const runs = {
  both: {},
  stateful: {
    authenticationStrategy:
      'org.apache.rocketmq.auth.authentication.strategy.StatefulAuthenticationStrategy',
    authorizationStrategy:
      'org.apache.rocketmq.auth.authorization.strategy.StatefulAuthorizationStrategy',
  },
  'white lists': { authenticationWhitelist: '10,310, 3004', authorizationWhitelist: '11,3004,34' },
  'authentication only': { authorizationEnabled: 'false' },
  'authorization only': { authenticationEnabled: 'false' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** What goes into broker.conf for a run. */
export function brokerSettings(run: RunName): Record<string, string> {
  const { username, password } = initUser
  return {
    authenticationEnabled: 'true',
    authorizationEnabled: 'true',
    authenticationMetadataProvider:
      'org.apache.rocketmq.auth.authentication.provider.LocalAuthenticationMetadataProvider',
    authorizationMetadataProvider:
      'org.apache.rocketmq.auth.authorization.provider.LocalAuthorizationMetadataProvider',
    initAuthenticationUser: JSON.stringify({ username, password }),
    innerClientAuthenticationCredentials: JSON.stringify({
      accessKey: username,
      secretKey: password,
    }),
    ...runs[run],
  }
}

/** One row of decisions: the answers to several requests of one user from one address. */
export interface Row {
  /** The user, or the name of the credentials. */
  readonly who: string
  readonly from: string
  /** `0`, or code and remark, by the name of the request. */
  readonly answers: Readonly<Record<string, string>>
}

/** Requests on one connection, one after another. */
export interface Sequence {
  readonly name: string
  readonly steps: readonly { readonly who: string; readonly probe: string }[]
}

const admin: Signer = { accessKey: initUser.username, secretKey: initUser.password }

/** Creates all users and policies. @throws when the broker refuses one. */
export async function fill(port: number): Promise<void> {
  const asker = await Asker.open(port)
  const must = async (probe: Probe): Promise<void> => {
    const { code, remark } = await asker.ask(probe, admin)
    if (code !== 0) throw new Error(`${probe.body ?? probe.code}: ${code} ${remark ?? ''}`)
  }
  try {
    for (const topic of ['Orders', 'OrdersEast', 'Ordinary', 'Bills', 'ns%Orders']) {
      const { code, fields } = probes['createTopic'] ?? { code: 17, fields: {} }
      await must({ code, fields: { ...fields, topic } })
    }
    for (const user of users) {
      const fields = { username: user.username }
      await must({ code: 3001, fields, body: JSON.stringify(user) })
      // Only a change makes a user disabled: a new one is always enabled.
      if (user.userStatus !== undefined) {
        const body = JSON.stringify({ userStatus: user.userStatus })
        await must({ code: 3002, fields, body })
      }
    }
    for (const [username, userPolicies] of Object.entries(policies)) {
      const subject = `User:${username}`
      const body = JSON.stringify({ subject, policies: userPolicies })
      await must({ code: 3006, fields: { subject }, body })
    }
  } finally {
    asker.close()
  }
}

/** Every user asks everything, those with addresses in their policies from two addresses. */
export async function askAsUsers(port: number): Promise<Row[]> {
  const rows: Row[] = []
  const all = Object.keys(probes)
  for (const { username, password } of users) {
    const signer = { accessKey: username, secretKey: password }
    rows.push(await row(port, username, '127.0.0.1', signer, all))
    if (JSON.stringify(policies[username] ?? []).includes('sourceIps')) {
      for (const from of ['127.0.0.2', '127.0.0.9']) {
        rows.push(await row(port, username, from, signer, sendingProbes))
      }
    }
  }
  return rows
}

const sendingProbes = ['sendOrders', 'sendOrdersEast', 'sendOrdinary', 'sendBills', 'sendRetry']
const signedProbes = ['sendOrders', 'sendBills', 'pull', 'heartbeat', 'getAllTopics', 'getUser']

/** All kinds of credentials, right, wrong and missing. */
export async function askWithCredentials(port: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, signer] of Object.entries(signers)) {
    rows.push(await row(port, name, '127.0.0.1', signer, [...signedProbes, 'noSuchCode']))
  }
  return rows
}

async function row(
  port: number,
  who: string,
  from: string,
  signer: Signer | undefined,
  names: readonly string[],
): Promise<Row> {
  const answers: Record<string, string> = {}
  for (const name of names) {
    const probe = probes[name]
    if (probe === undefined) throw new Error(`no such request: ${name}`)
    // A connection for each: what a stateful broker remembers of one must not answer the next.
    const asker = await Asker.open(port, from)
    answers[name] = outcomeText(await asker.ask(probe, signer))
    asker.close()
  }
  return { who, from, answers }
}

/** What is remembered of a connection, and what is not. */
export const sequences: readonly Sequence[] = [
  sequence('right, then the wrong key', ['right', 'the wrong key', 'right'], 'sendOrders'),
  sequence('the wrong key, then right', ['the wrong key', 'right'], 'sendOrders'),
  sequence('right, then no signature', ['right', 'no signature', 'nothing'], 'sendOrders'),
  sequence('right, then a changed body', ['right', 'a changed body'], 'sendOrders'),
  sequence('one user, then another', ['right', 'a disabled user', 'an unknown user'], 'sendOrders'),
  {
    name: 'one topic, then another',
    steps: ['sendOrders', 'sendBills', 'sendOrders', 'sendBills', 'pull'].map((probe) => ({
      who: 'literal',
      probe,
    })),
  },
  {
    name: 'one user allowed, the next not',
    steps: ['literal', 'denyOne', 'literal'].map((who) => ({ who, probe: 'sendOrders' })),
  },
]

function sequence(name: string, who: readonly string[], probe: string): Sequence {
  return { name, steps: who.map((one) => ({ who: one, probe })) }
}

/** The answers of each sequence, in order. */
export async function askInSequence(
  port: number,
): Promise<{ readonly name: string; readonly answers: readonly string[] }[]> {
  const found: { name: string; answers: string[] }[] = []
  for (const { name, steps } of sequences) {
    const asker = await Asker.open(port)
    const answers: string[] = []
    for (const { who, probe } of steps) {
      answers.push(outcomeText(await asker.ask(probes[probe] ?? failing(probe), signerOf(who))))
    }
    asker.close()
    found.push({ name, answers })
  }
  return found
}

function failing(name: string): never {
  throw new Error(`no such request: ${name}`)
}

/** Credentials by their name or the name of a user. */
export function signerOf(who: string): Signer | undefined {
  if (who in signers) return signers[who]
  const user = users.find(({ username }) => username === who)
  if (user === undefined) throw new Error(`no such user or credentials: ${who}`)
  return { accessKey: user.username, secretKey: user.password }
}

/** Code and remark; what names a port or a time is masked. */
export function outcomeText({ code, remark }: Outcome): string {
  if (code === -1) return 'closed'
  if (code === -2) return 'silent'
  const text = (remark ?? '').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:#')
  return text === '' ? String(code) : `${code} ${text}`
}
