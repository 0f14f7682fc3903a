// SPDX-License-Identifier: Apache-2.0
// Lane: users, policies, credentials and addresses: our broker decides what Java's 5.5.0 broker decided.

import { holdAdminDialogue } from '../../../golden/src/acl/admin-dialogue.ts'
import {
  askAsUsers,
  askInSequence,
  askWithCredentials,
  brokerSettings,
  fill,
  type RunName,
  runs,
} from '../../../golden/src/acl/decide.ts'
import { clusterName } from '../../../golden/src/acl/world.ts'
import {
  answersIn,
  decisionDifference,
  recordedRuns,
  recordedTalk,
  type RecordedRun,
  rowDifferences,
  talkDifferences,
} from '../acl-recordings.ts'
import { unknownDifferences } from '../known-differences.ts'
import { type Lane, type LaneContext, withServers } from '../lane.ts'
import type { ServerKind } from '../servers.ts'

/** Runs in which every user asks everything. */
const thorough: ReadonlySet<RunName> = new Set(['both', 'stateful'])

const shown = 20

export const aclDecisions: Lane = {
  name: 'acl-decisions',
  summary: 'users and policies are decided on as Java’s broker does',
  async run(context) {
    const recorded = await recordedRuns()
    const live = await ask(context, 'java', 'both')
    compare(context, 'a Java broker decides as recorded', recorded.runs.both, live)
    for (const run of Object.keys(runs) as RunName[]) {
      const ours = await ask(context, context.ours, run)
      compare(context, run, run === 'both' ? live : recorded.runs[run], ours)
    }
    await talk(context)
  },
}

async function ask(context: LaneContext, kind: ServerKind, run: RunName): Promise<RecordedRun> {
  let found: RecordedRun | undefined
  await withBroker(context, kind, run, async (port) => {
    await fill(port)
    found = {
      asUsers: thorough.has(run) ? await askAsUsers(port) : [],
      withCredentials: await askWithCredentials(port),
      inSequence: await askInSequence(port),
    }
  })
  return found ?? { asUsers: [], withCredentials: [], inSequence: [] }
}

async function withBroker(
  context: LaneContext,
  kind: ServerKind,
  run: RunName,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const brokerConfig = { ...brokerSettings(run), brokerClusterName: clusterName }
  const options = { namesrv: context.ours, broker: kind, brokerConfig }
  await withServers(context, `acl-${run.replaceAll(' ', '-')}`, options, ({ servers }) =>
    work(servers.ports.broker),
  )
}

function compare(
  context: LaneContext,
  what: string,
  expected: RecordedRun,
  actual: RecordedRun,
): void {
  for (const part of ['asUsers', 'withCredentials'] as const) {
    if (expected[part].length === 0) continue
    const lines = rowDifferences(expected[part], actual[part])
    check(context, `${what}, ${part}`, answersIn(expected[part]), lines)
  }
  const lines = expected.inSequence.flatMap(({ name, answers }, index) =>
    answers.flatMap((answer, step) => {
      const ours = actual.inSequence[index]?.answers[step] ?? 'not asked'
      const difference = decisionDifference(answer, ours)
      return difference === undefined ? [] : [`${name}, step ${step + 1}: ${difference}`]
    }),
  )
  const steps = expected.inSequence.reduce((sum, { answers }) => sum + answers.length, 0)
  check(context, `${what}, one connection`, steps, lines)
}

async function talk(context: LaneContext): Promise<void> {
  const recorded = await recordedTalk('admin-dialogue')
  await withBroker(context, context.ours, 'both', async (port) => {
    const found = talkDifferences(recorded, await holdAdminDialogue(port))
    const lines = found.flatMap(({ name, difference }) =>
      unknownDifferences(`acl: ${name}`, [`${name}: ${difference}`]),
    )
    check(context, 'a talk about users and policies', recorded.steps.length, lines)
  })
}

function check(context: LaneContext, what: string, cases: number, lines: readonly string[]): void {
  context.report.compared(cases)
  const figures = `${cases - lines.length} of ${cases} answers`
  const more = lines.length > shown ? [`and ${lines.length - shown} more`] : []
  const detail = [figures, ...lines.slice(0, shown), ...more].join('\n')
  context.report.check(what, lines.length === 0, detail)
}
