// SPDX-License-Identifier: Apache-2.0
// Asks a broker with plain_acl.yml everything, and notes what it decided.

import { Asker, type Probe, type Signer } from './ask.ts'
import { outcomeText, type Row } from './decide.ts'
import {
  accounts,
  globalWhiteRemoteAddresses,
  plainProbes,
  plainSigners,
  whitePatterns,
} from './plain-world.ts'

/** The accounts file: JSON is YAML as well. */
export function plainAclText(): string {
  return `${JSON.stringify({ globalWhiteRemoteAddresses, accounts }, null, 2)}\n`
}

/** What goes into broker.conf. */
export const plainSettings = { aclEnable: 'true' } as const

const admin: Signer = { accessKey: 'theAdmin', secretKey: accounts[0]?.secretKey ?? '' }

/** Creates the topics that are asked about. */
export async function fillTopics(port: number): Promise<void> {
  const asker = await Asker.open(port)
  const probe = plainProbes['createTopic']
  try {
    for (const topic of ['Orders', 'OrdersEast', 'Ordinary', 'Bills', 'ns%Orders']) {
      const fields = { ...probe?.fields, topic }
      const { code, remark } = await asker.ask({ code: 17, fields }, admin)
      if (code !== 0) throw new Error(`create topic ${topic}: ${code} ${remark ?? ''}`)
    }
  } finally {
    asker.close()
  }
}

/** Every account asks everything; then credentials of all kinds, then white lists from several addresses. */
export async function askAsAccounts(port: number): Promise<Row[]> {
  const rows: Row[] = []
  const all = Object.keys(plainProbes)
  for (const { accessKey, secretKey } of accounts) {
    if (accessKey in whitePatterns) continue
    rows.push(await row(port, accessKey, '127.0.0.1', { accessKey, secretKey }, all))
  }
  const signed = ['sendOrders', 'pull', 'heartbeat', 'createTopic', 'getAllTopics', 'noSuchCode']
  for (const [name, signer] of Object.entries(plainSigners)) {
    rows.push(await row(port, name, '127.0.0.1', signer, signed))
  }
  const some = ['sendOrders', 'pull', 'createTopic']
  for (const accessKey of Object.keys(whitePatterns)) {
    for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.9', '127.0.5.1', '127.1.0.1']) {
      // With the wrong key: only the white list lets it pass.
      rows.push(await row(port, accessKey, from, { accessKey, secretKey: 'wrong' }, some))
    }
  }
  for (const from of ['127.0.0.7', '127.0.1.1', '127.0.1.200', '127.0.0.8', '127.0.2.1']) {
    rows.push(await row(port, 'nothing', from, undefined, some))
    const wrong = { accessKey: 'nobodyAtAll', secretKey: 'wrong' }
    rows.push(await row(port, 'an unknown account', from, wrong, some))
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
    const probe: Probe | undefined = plainProbes[name]
    if (probe === undefined) throw new Error(`no such request: ${name}`)
    const asker = await Asker.open(port, from)
    const { code, remark } = await asker.ask(probe, signer)
    answers[name] = withoutPlace(outcomeText({ code, remark }))
    asker.close()
  }
  return { who, from, answers }
}

/** Without the place in Java's source. */
export function withoutPlace(text: string): string {
  return text.replace(/, (?:org\.apache|java)\.[\w.$]+\(\w+\.java:\d+\)$/, '')
}
