// SPDX-License-Identifier: Apache-2.0
// The interop command: runs lanes of real Java peers against our servers and client, and sums up.

import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { missingJava, prepareJava } from './java.ts'
import { type Lane, type LaneContext, newScratch } from './lane.ts'
import { aclClients } from './lanes/acl-clients.ts'
import { aclDecisions } from './lanes/acl-decisions.ts'
import { aclPlain } from './lanes/acl-plain.ts'
import { admin } from './lanes/admin.ts'
import { badInput } from './lanes/bad-input.ts'
import { dialogue } from './lanes/dialogue.ts'
import { kill } from './lanes/kill.ts'
import { javaBrokerOurNamesrv, ourBrokerJavaNamesrv } from './lanes/mixed-pairs.ts'
import { namesrv } from './lanes/namesrv.ts'
import { repair } from './lanes/repair.ts'
import { routeFailover } from './lanes/route-failover.ts'
import { store } from './lanes/store.ts'
import { tls } from './lanes/tls.ts'
import { javaOnOurs, oursOnJava, oursOnOurs } from './lanes/traffic.ts'
import { killAll, killSince, startedProcesses } from './processes.ts'
import { Report } from './report.ts'
import { installBuiltPrograms } from '../../workspace/built-programs.ts'

const lanes: readonly Lane[] = [
  badInput,
  javaOnOurs,
  oursOnJava,
  oursOnOurs,
  ourBrokerJavaNamesrv,
  javaBrokerOurNamesrv,
  kill,
  store,
  repair,
  admin,
  dialogue,
  namesrv,
  routeFailover,
  tls,
  aclDecisions,
  aclPlain,
  aclClients,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    servers: { type: 'string', default: 'ours' },
    built: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const chosen =
    positionals.length === 0 ? lanes : lanes.filter(({ name }) => positionals.includes(name))
  const unknown = positionals.filter((name) => !lanes.some((lane) => lane.name === name))
  if (values.help || unknown.length > 0 || !/^(java|ours)$/.test(values.servers)) {
    usage(unknown)
    return values.help ? 0 : 64
  }
  const missing = missingJava()
  if (missing !== undefined) {
    console.error(missing)
    return 2
  }
  if (values.built) await installBuiltPrograms()
  const report = new Report()
  const scratch = await newScratch()
  const context: LaneContext = {
    java: await prepareJava(resolve(import.meta.dirname, '../java')),
    report,
    messages: Number(values.messages),
    rounds: Number(values.rounds),
    ours: values.servers === 'java' ? 'java' : 'ours',
    built: values.built,
    scratch,
    afterwards: [],
  }
  for (const lane of chosen) {
    await runLane(report, lane.name, lane.summary, () => lane.run(context))
  }
  for (const { name, run } of context.afterwards) await runLane(report, name, '', run)
  killAll()
  console.log(`\n${report.summary()}`)
  const keep = values.keep || report.failed > 0
  if (keep) console.log(`Stores, logs and ledgers are kept in ${scratch}`)
  else await rm(scratch, { recursive: true, force: true })
  return report.failed > 0 ? 1 : 0
}

async function runLane(
  report: Report,
  name: string,
  summary: string,
  run: () => Promise<void>,
): Promise<void> {
  report.begin(name, summary)
  const mark = startedProcesses()
  try {
    await run()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    report.check('the lane ran to its end', false, text)
    // Producers of a lane that broke off would go on for ever.
    killSince(mark)
  }
  report.end()
}

function usage(unknown: readonly string[]): void {
  if (unknown.length > 0) console.error(`No such lane: ${unknown.join(', ')}.`)
  console.error(
    'node tools/interop/src/main.ts [lane…] [--messages N] [--rounds N] [--servers java|ours] [--built] [--keep]',
  )
  for (const lane of lanes) console.error(`  ${lane.name.padEnd(26)}${lane.summary}`)
}
