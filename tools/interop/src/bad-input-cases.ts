// SPDX-License-Identifier: Apache-2.0
// The recorded table of bad input: reading it, and comparing what a server does with what Java did.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer } from '../../golden/src/frames.ts'
import { repositoryRoot } from './java.ts'

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

/** Depends on how deep Java's stack happened to be; only that the server survives is certain. */
const stackDeep = /nested 5,000 deep/

/** How `actual` differs from the recorded case, one line per difference. */
export function deviations(recorded: BadCase, actual: Outcome): string[] {
  const found: string[] = []
  const compare = (what: string, java: unknown, ours: unknown): void => {
    const [javaText, ourText] = [show(java), show(ours)]
    if (javaText !== ourText) found.push(`${what}: Java ${javaText}, ours ${ourText}`)
  }
  compare('outcome', recorded.outcome, actual.outcome)
  const [java, ours] = [recorded.answer, actual.answer]
  if (java !== undefined && ours !== undefined && !stackDeep.test(recorded.name)) {
    compare('code', java.code, ours.code)
    compare('flag', java.flag, ours.flag)
    if (namesOpaque(recorded)) compare('opaque', java.opaque, ours.opaque)
    compare('serialize type', java.serializeType, ours.serializeType)
    if (!isExceptionText(recorded)) {
      compare('remark', masked(java.remark ?? ''), masked(ours.remark ?? ''))
      compare('extFields', maskedFields(java.extFields), maskedFields(ours.extFields))
      compare('body', bodyText(java.bodyHex), bodyText(ours.bodyHex))
    }
  }
  compare('same connection', recorded.sameConnection, actual.sameConnection)
  compare('server', recorded.serverServes, actual.serverServes)
  return found
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

/** JSON bodies as masked text, tables of running figures by their keys; of other bodies only the length. */
function bodyText(hex: string): string {
  if (!hex.startsWith('7b')) return `${hex.length / 2} bytes`
  const text = Buffer.from(hex, 'hex').toString()
  if (!text.startsWith('{"table":')) return masked(text)
  const { table } = JSON.parse(text) as { table: Readonly<Record<string, string>> }
  const keys = Object.keys(table).map((key) => key.replace(/^(commitLogDiskRatio_).*/, '$1#'))
  return keys.sort().join(' ')
}
