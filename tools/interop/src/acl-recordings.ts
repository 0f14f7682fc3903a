// SPDX-License-Identifier: Apache-2.0
// What Java's brokers decided, as recorded, and how an answer of ours is compared with it.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from '../../golden/src/acl/ask.ts'
import type { Row, RunName } from '../../golden/src/acl/decide.ts'
import { withoutPlace } from '../../golden/src/acl/plain-decide.ts'
import { repositoryRoot } from './java.ts'

/** What one set-up of a 5.5.0 broker decided. */
export interface RecordedRun {
  readonly asUsers: readonly Row[]
  readonly withCredentials: readonly Row[]
  readonly inSequence: readonly { readonly name: string; readonly answers: readonly string[] }[]
}

/** A talk as recorded. */
export interface RecordedTalk {
  readonly steps: readonly { readonly name: string; readonly answer: Outcome }[]
}

function read<T>(name: string): Promise<T> {
  const file = join(repositoryRoot, 'packages/acl/test/golden', `${name}.json`)
  return readFile(file, 'utf8').then((text) => JSON.parse(text) as T)
}

export function recordedRuns(): Promise<{
  readonly runs: Readonly<Record<RunName, RecordedRun>>
}> {
  return read('decisions')
}

export function recordedPlainRows(): Promise<{ readonly rows: readonly Row[] }> {
  return read('plain-decisions')
}

export function recordedTalk(name: 'admin-dialogue' | 'plain-dialogue'): Promise<RecordedTalk> {
  return read(name)
}

/** Refused by access control, and not by what came after it. */
const refusal = /^(?:16 |1 org\.apache\.rocketmq\.acl\.common\.AclException)/

/** Lines that say where the rows differ: a refusal in its text, anything else in not being one. */
export function rowDifferences(expected: readonly Row[], actual: readonly Row[]): string[] {
  const found: string[] = []
  for (const [index, { who, from, answers }] of expected.entries()) {
    const ours = actual[index]?.answers ?? {}
    for (const [probe, answer] of Object.entries(answers)) {
      const mask = probe === 'heartbeatTwo' ? withoutResource : unmasked
      const difference = decisionDifference(mask(answer), mask(ours[probe] ?? 'not asked'))
      if (difference !== undefined) found.push(`${who} from ${from}, ${probe}: ${difference}`)
    }
  }
  return found
}

/** Of two groups in a heartbeat Java takes first whichever its hash table gives. */
function withoutResource(text: string): string {
  return text
    .replace(/(?:Group|Topic):\w+/, '#')
    .replace(/no matched policies|the decision is deny/, '#')
}

function unmasked(text: string): string {
  return text
}

/** Undefined when both passed, or both refused with the same words. */
export function decisionDifference(java: string, ours: string): string | undefined {
  const same = refusal.test(java) || refusal.test(ours) ? java === ours : /^\d/.test(ours)
  return same ? undefined : `Java: ${java} | ours: ${ours}`
}

/** How many answers the rows hold. */
export function answersIn(rows: readonly Row[]): number {
  return rows.reduce((sum, { answers }) => sum + Object.keys(answers).length, 0)
}

/** Lines that say where two talks differ; where Java's code broke, only that it did. */
export function talkDifferences(
  { steps }: RecordedTalk,
  actual: readonly Outcome[],
): { readonly name: string; readonly difference: string }[] {
  return steps.flatMap(({ name, answer }, index) => {
    const ours = actual[index] ?? { code: -3, remark: null }
    const broke = /^(java\.|com\.alibaba\.|Index \d)/.test(answer.remark ?? '')
    const java = broke ? String(answer.code) : textOf(answer)
    const own = broke ? String(ours.code) : textOf(ours)
    return java === own ? [] : [{ name, difference: `Java: ${java} | ours: ${own}` }]
  })
}

function textOf({ code, remark, body }: Outcome): string {
  // Where to read on is another page with every release.
  const said = withoutPlace(remark ?? '').replace(/\nSee https?:.*/, '')
  return `${code} ${said} ${body === undefined ? '' : sorted(body)}`.trimEnd()
}

/** JSON with the members of objects in the order of their names. */
function sorted(text: string): string {
  const order = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(order)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => [name, order(member)]),
    )
  }
  return JSON.stringify(order(JSON.parse(text)))
}
