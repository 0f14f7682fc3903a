// SPDX-License-Identifier: Apache-2.0
// The bench command: our broker and Apache's in turn, under the same Java producer on the same machine; or our store and the bare disk.

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder, missingJava, prepareJava } from '../../interop/src/java.ts'
import { killAll } from '../../interop/src/processes.ts'
import { type BenchContext, Figures, type Side } from './options.ts'
import { table, writeJson } from './report.ts'
import { runAclScenario } from './scenarios/acl.ts'
import { runConnectionsScenario } from './scenarios/connections.ts'
import { runMemoryScenario } from './scenarios/memory.ts'
import { runRouteScenario } from './scenarios/route.ts'
import { runSendScenario, sendScenarios } from './scenarios/send.ts'
import { runStartScenario } from './scenarios/start.ts'
import { checkStoreTargets, runStoreScenarios, storeScenarios } from './scenarios/store.ts'
import { installBuiltPrograms } from '../../workspace/built-programs.ts'

const scenarios = [...Object.keys(sendScenarios), 'start', 'memory', 'connections', 'route', 'acl']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '8' },
    // "java" measures Java against itself: how much of a difference is the machine's.
    servers: { type: 'string', default: 'ours' },
    sources: { type: 'boolean', default: false },
    // The store's targets, with the margins that a busy machine needs.
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const ofStore = positionals.flatMap((name) => (name === 'store' ? storeScenarios : [name]))
  if (values.check && positionals.length === 0) return await checkStoreTargets()
  if (ofStore.length > 0 && ofStore.every((name) => storeScenarios.includes(name))) {
    await runStoreScenarios(ofStore, Number(values.runs))
    return 0
  }
  const unknown = positionals.filter((name) => !scenarios.includes(name))
  if (values.help || unknown.length > 0 || !/^(java|ours)$/.test(values.servers)) {
    if (unknown.length > 0) console.error(`No such scenario: ${unknown.join(', ')}.`)
    console.error(
      'node tools/bench/src/main.ts [scenario…] [--runs N] [--seconds S] [--warm-up S] [--servers ours|java] [--sources]',
    )
    console.error(`  scenarios: ${scenarios.join(' ')} (without one: all)`)
    console.error(`  of the store alone: store ${storeScenarios.join(' ')}, or --check`)
    return values.help ? 0 : 64
  }
  const missing = missingJava()
  if (missing !== undefined) {
    console.error(missing)
    return 2
  }
  if (!values.sources) {
    console.log('packing and installing our programs as users get them')
    await installBuiltPrograms()
  }
  const context: BenchContext = {
    java: await prepareJava(resolve(import.meta.dirname, '../java')),
    runs: Number(values.runs),
    seconds: Number(values.seconds),
    warmUpSeconds: Number(values['warm-up']),
    built: !values.sources,
    kinds: sides(),
    scratch: await mkdtemp(join(tmpdir(), 'rocketmq-bench-')),
    cache: join(cacheFolder, 'bench'),
  }
  if (values.servers === 'ours') {
    console.log(
      `our servers run from ${context.built ? 'an installation of the packed tarballs' : 'the sources'}`,
    )
  }
  const load = loadavg()[0] ?? 0
  if (load > cpus().length / 2) {
    console.log(
      `note: this machine is busy (load ${load.toFixed(1)}), absolute figures will be poor`,
    )
  }
  const figures = new Figures()
  try {
    for (const name of positionals.length === 0 ? scenarios : positionals) {
      if (name === 'start') await runStartScenario(context, figures)
      else if (name === 'memory') await runMemoryScenario(context, figures)
      else if (name === 'connections') await runConnectionsScenario(context, figures)
      else if (name === 'route') await runRouteScenario(context, figures)
      else if (name === 'acl') await runAclScenario(context, figures)
      else await runSendScenario(context, name, figures)
    }
  } finally {
    killAll()
    await rm(context.scratch, { recursive: true, force: true })
  }
  console.log(
    `\nmin/median/max of ${context.runs} alternating runs; the ratio is that of the medians`,
  )
  console.log(table(figures.all, context.kinds))
  console.log(`\nwritten to ${await writeJson(context.cache, figures.all, context)}`)
  return 0
}

function sides(): [Side, Side] {
  const java: Side = { name: 'Java', kind: 'java' }
  return values.servers === 'java'
    ? [
        { name: 'Java A', kind: 'java' },
        { name: 'Java B', kind: 'java' },
      ]
    : [{ name: 'ours', kind: 'ours' }, java]
}
