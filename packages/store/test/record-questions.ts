// SPDX-License-Identifier: Apache-2.0
// Fills stores, has Java answer questions about them and writes its answers down. Needs Java 17 and the jars in .cache.
//
//   node packages/store/test/record-questions.ts
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import {
  BATCH_QUEUE_BYTES,
  BATCHED,
  fill,
  openForQuestions,
  questionsFor,
  QUEUE_BYTES,
  SCENARIOS,
  type Scenario,
  SEGMENT_BYTES,
} from './support/questions.ts'

const root = resolve(import.meta.dirname, '../../..')
const jars = join(root, '.cache/rocketmq-5.5.0/lib/*')
const work = mkdtempSync(join(tmpdir(), 'questions-'))

function run(command: string, args: readonly string[], input: string = ''): string {
  const done = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
  })
  if (done.status === 0) return done.stdout
  throw new Error(`${command} ended with ${done.status}: ${done.stderr.slice(-2000)}`)
}

async function answersOf(scenario: Scenario): Promise<string[]> {
  const folder = join(work, scenario.name.replaceAll(' ', '-'))
  mkdirSync(folder)
  let nowMs = 0
  const runtime = nodeRuntime()
  const clock = { nowMs: () => nowMs, monotonicMs: () => runtime.clock.monotonicMs() }
  const store = await openForQuestions({ ...runtime, clock }, folder)
  fill(store, scenario, (to) => {
    nowMs = to
  })
  await store.close()
  const log = join(folder, 'commitlog')
  for (const name of readdirSync(log).toSorted().slice(0, scenario.removedFiles)) {
    rmSync(join(log, name))
  }
  const settings = [
    `mappedFileSizeCommitLog=${SEGMENT_BYTES}`,
    `mappedFileSizeConsumeQueue=${QUEUE_BYTES}`,
    `mapperFileSizeBatchConsumeQueue=${BATCH_QUEUE_BYTES}`,
    `batch=${BATCHED}`,
  ]
  const classPath = `${join(work, 'classes')}:${jars}`
  const jvm = ['-Xmx512m', `-Duser.home=${work}`, '-cp', classPath, 'AskStore', folder]
  const output = run('java', [...jvm, ...settings], `${questionsFor(scenario).join('\n')}\n`)
  return output
    .split('\n')
    .filter((line) => line.startsWith('ANSWER '))
    .map((line) => line.slice('ANSWER '.length))
}

const source = join(root, 'tools/golden/java/AskStore.java')
run('javac', ['-nowarn', '-proc:none', '-d', join(work, 'classes'), '-cp', jars, source])
const scenarios: Record<string, string[]> = {}
for (const scenario of SCENARIOS) scenarios[scenario.name] = await answersOf(scenario)
const provenance = { rocketmq: '5.5.0', command: 'node packages/store/test/record-questions.ts' }
const file = resolve(import.meta.dirname, 'golden/queue-answers.json')
writeFileSync(file, `${JSON.stringify({ provenance, scenarios })}\n`)
rmSync(work, { recursive: true })
console.log(
  Object.entries(scenarios)
    .map(([name, { length }]) => `${name}: ${length}`)
    .join(', '),
)
