// SPDX-License-Identifier: Apache-2.0
// The recorded table of bad input: reading it, and comparing what a server does with what Java did.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer } from '../../golden/src/frames.ts'
import { repositoryRoot } from './java.ts'
import { sortedJson } from './java-json-text.ts'

export type Target = 'namesrv' | 'broker'

export interface Outcome {
  readonly outcome: 'answer' | 'closed' | 'silent'
  readonly answer?: Answer
  /** What a good request on the same connection got afterwards. */
  readonly sameConnection?: 'serves' | 'closed' | 'silent'
  /** Whether a new connection was served afterwards. */
  readonly serverServes: boolean
}

export interface BadCase extends Outcome {
  readonly name: string
  readonly target: Target
  readonly connection: 'fresh' | 'used'
  readonly sendHex: string
  /** The remark is the text of a Java exception, which nobody has to imitate. */
  readonly remarkIsException?: boolean
  /** Until the connection was closed. */
  readonly ms?: number
}

export async function readBadCases(): Promise<BadCase[]> {
  const file = join(repositoryRoot, 'packages/remoting/test/golden/bad-input.json')
  return (JSON.parse(await readFile(file, 'utf8')) as { cases: BadCase[] }).cases
}

/**
 * What Java does here is chance: how deep its stack happens to be, or when it next looks at the pulls it holds.
 * Only that the server survives is certain.
 */
const byChance = /nested 5,000 deep|suspend asked with a negative time/

/** How a server differs from what was recorded from Java. */
export interface Deviations {
  /** Answered, closed or silent, and whether it went on serving. */
  readonly conduct: readonly string[]
  /** What an answer says. */
  readonly answer: readonly string[]
}

export function deviations(recorded: BadCase, actual: Outcome): Deviations {
  const conduct = new Differences()
  conduct.compare('server', recorded.serverServes, actual.serverServes)
  if (byChance.test(recorded.name)) return { conduct: conduct.found, answer: [] }
  conduct.compare('outcome', recorded.outcome, actual.outcome)
  conduct.compare('same connection', recorded.sameConnection, actual.sameConnection)
  const [java, ours] = [recorded.answer, actual.answer]
  const both = java !== undefined && ours !== undefined
  return { conduct: conduct.found, answer: both ? compareAnswers(recorded, java, ours) : [] }
}

function compareAnswers(recorded: BadCase, java: Answer, ours: Answer): string[] {
  const answer = new Differences()
  answer.compare('code', java.code, ours.code)
  answer.compare('flag', java.flag, ours.flag)
  if (namesOpaque(recorded)) answer.compare('opaque', java.opaque, ours.opaque)
  answer.compare('serialize type', java.serializeType, ours.serializeType)
  if (!isExceptionText(recorded)) {
    answer.compare('remark', masked(java.remark ?? ''), masked(ours.remark ?? ''))
    answer.compare('extFields', maskedFields(java.extFields), maskedFields(ours.extFields))
    const [javaKeys, ourKeys] = [tableKeys(java.bodyHex), tableKeys(ours.bodyHex)]
    if (javaKeys === undefined || ourKeys === undefined) {
      answer.compare('body', bodyText(java.bodyHex), bodyText(ours.bodyHex))
    } else {
      const only = (keys: string[], others: string[]): string =>
        keys.filter((key) => !others.includes(key)).join(' ')
      answer.compare('keys', only(javaKeys, ourKeys), only(ourKeys, javaKeys))
    }
  }
  return answer.found
}

class Differences {
  readonly found: string[] = []

  compare(what: string, java: unknown, ours: unknown): void {
    const [javaText, ourText] = [show(java), show(ours)]
    if (javaText !== ourText) this.found.push(`${what}: Java ${javaText}, ours ${ourText}`)
  }
}

/** Without one in the request, Java answers with a number of its own. */
function namesOpaque(recorded: BadCase): boolean {
  const sent = Buffer.from(recorded.sendHex, 'hex')
  return sent[4] === 1 || sent.includes('opaque')
}

function isExceptionText(recorded: BadCase): boolean {
  return (
    recorded.remarkIsException === true ||
    recorded.answer?.remark?.startsWith('Cannot invoke "') === true
  )
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text
}

/** Ports, times, version counters and message ids differ from run to run. */
function masked(text: string): string {
  return text
    .replaceAll(/(\d+\.\d+\.\d+\.\d+):\d+/g, '$1:#')
    .replaceAll(/\b\d{13}\b/g, '#time')
    .replaceAll(/"counter":\d+/g, '"counter":#')
    .replaceAll(/\b[0-9A-F]{32,}\b/g, '#id')
}

/** A negative queue id leaves the queue to chance, and with it every later offset. */
const chance: ReadonlySet<string> = new Set(['queueId', 'queueOffset'])

function maskedFields(fields: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(
    sorted.map(([name, value]) => [
      name,
      chance.has(name) ? value.replace(/^\d+$/, '#') : masked(value),
    ]),
  )
}

/** JSON bodies as masked text, members in one order because Java's is that of a hash table; of others the length. */
function bodyText(hex: string): string {
  if (!hex.startsWith('7b')) return `${hex.length / 2} bytes`
  return masked(sortedJson(Buffer.from(hex, 'hex').toString()))
}

/** The keys of a table of running figures, undefined for any other body. */
function tableKeys(hex: string): string[] | undefined {
  const text = Buffer.from(hex, 'hex').toString()
  if (!text.startsWith('{"table":')) return undefined
  const { table } = JSON.parse(text) as { table: Readonly<Record<string, string>> }
  return Object.keys(table).map((key) => key.replace(/^(commitLogDiskRatio_).*/, '$1#'))
}
