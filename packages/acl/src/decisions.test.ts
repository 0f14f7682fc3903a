// SPDX-License-Identifier: Apache-2.0
// Java's brokers, 5.5.0 with users and policies and 4.9.7 with plain_acl.yml, were asked thousands of times; the same is decided here, in the same words.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  CommandScan,
  scanCommand,
  type Connection,
  type GateCall,
  type SerializeType,
} from '@rocketmq-ts/remoting'
import { encodeFrame } from '@rocketmq-ts/remoting/testing'
import { describe, expect, test } from 'vitest'
import {
  AuthMetadata,
  createAccessGate,
  parseAccessConfig,
  parsePlainAcl,
  plainFault,
  plainRequestOf,
  plainRulesOf,
} from './index.ts'

interface Probe {
  code: number
  fields: Record<string, string>
  body?: string
}
interface Signer {
  accessKey?: string
  secretKey?: string
  securityToken?: string
  signature?: string | null
  tampered?: 'field' | 'body' | 'added field'
}
interface Row {
  who: string
  from: string
  answers: Record<string, string>
}
interface Recorded {
  clusterName: string
  users: { username: string; password: string; userType: string; userStatus?: string }[]
  policies: Record<string, { policyType: string; entries: object[] }[]>
  probes: Record<string, Probe>
  signers: Record<string, Signer | null>
  sequences: { name: string; steps: { who: string; probe: string }[] }[]
  runs: Record<
    string,
    {
      settings: Record<string, string>
      asUsers: Row[]
      withCredentials: Row[]
      inSequence: { name: string; answers: string[] }[]
    }
  >
}
interface RecordedPlain {
  globalWhiteRemoteAddresses: string[]
  accounts: { accessKey: string; secretKey: string }[]
  probes: Record<string, Probe>
  signers: Record<string, Signer | null>
  rows: Row[]
}

function read<T>(name: string): T {
  const file = new URL(`../test/golden/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as T
}

const recorded = read<Recorded>('decisions')
const plain = read<RecordedPlain>('plain-decisions')

/** Fields and body as they were sent: signed by a hand of this test's own. */
function sent({ fields: given, body = '', code }: Probe, signer: Signer | null) {
  const fields = new Map(Object.entries(given))
  const { accessKey, secretKey, securityToken, signature, tampered } = signer ?? {}
  if (accessKey !== undefined) fields.set('AccessKey', accessKey)
  if (securityToken !== undefined) fields.set('SecurityToken', securityToken)
  const text = [...fields.keys()].sort().map((name) => fields.get(name))
  const right =
    secretKey === undefined
      ? null
      : createHmac('sha1', secretKey).update(text.join('')).update(body).digest('base64')
  const sentSignature = signature === undefined ? right : signature
  if (sentSignature !== null) fields.set('Signature', sentSignature)
  if (tampered === 'field') fields.set('topic', `${fields.get('topic') ?? ''}x`)
  if (tampered === 'added field') fields.set('zz', '1')
  return { code, fields, body: Buffer.from(tampered === 'body' ? `${body} ` : body) }
}

function connectionFrom(host: string): Connection {
  return { remoteAddress: `${host}:4711`, remote: { host, port: 4711 } } as Connection
}

function callOf(request: ReturnType<typeof sent>, connection: Connection): GateCall {
  const { code, body, fields } = request
  const ext = (name: string): string | undefined => fields.get(name)
  return { code, body, language: 0, version: 513, connection, ext, extFields: () => fields }
}

/** The request as a server has it. */
function framed(
  { code, body, fields }: ReturnType<typeof sent>,
  connection: Connection,
  type: SerializeType,
): GateCall {
  const ext = Object.fromEntries(fields)
  const frame = encodeFrame(type, { code, version: 513 }, { table: {}, record: {}, ext, body })
  const scan = new CommandScan()
  scanCommand(scan, frame, 4, frame.length)
  return {
    code,
    body: scan.body(),
    language: 0,
    version: scan.version,
    connection,
    scan,
    ext: (name) => scan.ext(name),
    extFields: () => scan.extFields(),
  }
}

/** What Java answered when access control let a request pass is the business of its handler. */
function decision(answer: string): string {
  return /^(16 |1 org\.apache\.rocketmq\.acl\.common\.AclException)/.test(answer)
    ? answer
    : 'passes'
}

function userNamed(who: string): Signer | undefined {
  const user = recorded.users.find(({ username }) => username === who)
  return user && { accessKey: who, secretKey: user.password }
}

/** Credentials by name; sequences name users as well. */
function signerNamed(who: string): Signer | null {
  return who in recorded.signers ? recorded.signers[who]! : userNamed(who)!
}

function gateOf(settings: Record<string, string>): (call: GateCall) => string {
  const metadata = new AuthMetadata()
  const config = parseAccessConfig(new Map(Object.entries(settings)))
  const { accessKey, secretKey } = config.initialUser!
  metadata.createUser({ username: accessKey, password: secretKey, userType: 'Super' })
  for (const user of recorded.users) expect(metadata.createUser(user)).toBeUndefined()
  for (const [username, policies] of Object.entries(recorded.policies)) {
    expect(metadata.putAcl({ policies }, `User:${username}`)).toBeUndefined()
  }
  const gate = createAccessGate({
    metadata,
    config,
    clusterName: recorded.clusterName,
    monotonicMs: () => 1,
  })
  return (call) => {
    const refusal = gate(call)
    return refusal === undefined ? 'passes' : `${refusal.code} ${refusal.remark}`
  }
}

describe.each(Object.keys(recorded.runs))('a 5.5.0 broker, %s', (name) => {
  const run = recorded.runs[name]!
  const gate = gateOf(run.settings)

  const rows = [
    ...run.asUsers.map((row) => ({ ...row, signer: userNamed(row.who)! })),
    ...run.withCredentials.map((row) => ({ ...row, signer: signerNamed(row.who) })),
  ]
  test.each(rows)('$who from $from', ({ signer, from, answers }) => {
    const java: Record<string, string> = {}
    const ours: Record<string, string> = {}
    for (const [probe, answer] of Object.entries(answers)) {
      java[probe] = decision(answer)
      const request = sent(recorded.probes[probe]!, signer)
      ours[probe] = gate(callOf(request, connectionFrom(from)))
    }
    // Of two groups in a heartbeat Java takes first whichever its hash table gives.
    for (const answered of [java, ours]) {
      if (answered['heartbeatTwo']?.startsWith('16 User:')) {
        answered['heartbeatTwo'] = 'one of them may not be had'
      }
    }
    expect(ours).toEqual(java)
  })

  test.each(rows)('$who from $from, read in its frames and known already', (row) => {
    const connection = connectionFrom(row.from)
    for (const probe of Object.keys(row.answers)) {
      const request = sent(recorded.probes[probe]!, row.signer)
      for (const type of ['rocketmq', 'json', 'rocketmq', 'json'] as const) {
        const { scan, ...asText } = framed(request, connection, type)
        const expected = gate({ ...asText, connection: connectionFrom(row.from) })
        expect([probe, gate({ ...asText, scan })]).toEqual([probe, expected])
      }
    }
  })

  test.each(run.inSequence)('on one connection: $name', ({ name: sequence, answers }) => {
    const { steps } = recorded.sequences.find((one) => one.name === sequence)!
    const connection = connectionFrom('127.0.0.1')
    const ours = steps.map(({ who, probe }) =>
      gate(callOf(sent(recorded.probes[probe]!, signerNamed(who)), connection)),
    )
    expect(ours).toEqual(answers.map(decision))
  })
})

describe('a 4.9.7 broker with plain_acl.yml', () => {
  const { globalWhiteRemoteAddresses, accounts } = plain
  const data = parsePlainAcl({ globalWhiteRemoteAddresses, accounts })
  const rules = plainRulesOf(new Map([['plain_acl.yml', data]]))

  test.each(plain.rows)('$who from $from', ({ who, from, answers }) => {
    const account = accounts.find(({ accessKey }) => accessKey === who)
    const patterns = who.startsWith('white')
    const signer =
      account === undefined
        ? (plain.signers[who] ?? null)
        : { accessKey: who, secretKey: patterns ? 'wrong' : account.secretKey }
    for (const [probe, answer] of Object.entries(answers)) {
      const request = plainRequestOf({ ...sent(plain.probes[probe]!, signer), sourceIp: from })
      const fault = plainFault(rules, request!)
      const ours =
        fault === undefined ? 'passes' : `1 org.apache.rocketmq.acl.common.AclException: ${fault}`
      expect([probe, ours]).toEqual([probe, decision(answer)])
    }
  })
})
