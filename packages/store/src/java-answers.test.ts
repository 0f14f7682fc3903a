// SPDX-License-Identifier: Apache-2.0
// Questions that Java 5.5.0 answered about stores like these: searches by time, reads at every offset, minimum and maximum.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import {
  answer,
  fill,
  openForQuestions,
  questionsFor,
  SCENARIOS,
} from '../test/support/questions.ts'
import { ROOT } from '../test/support/store.ts'

const file = fileURLToPath(new URL('../test/golden/queue-answers.json', import.meta.url))
const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as {
  scenarios: Record<string, string[]>
}

describe.each(SCENARIOS)('a store: $name', (scenario) => {
  it('answers as Java does', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    let nowMs = 0
    const clock = { nowMs: () => nowMs, monotonicMs: () => runtime.clock.monotonicMs() }
    const settle = <T>(promise: Promise<T>): Promise<T> => runtime.settle(promise)
    const first = await settle(openForQuestions({ ...runtime, clock }, ROOT))
    fill(first, scenario, (to) => {
      nowMs = to
    })
    await settle(first.close())
    const log = runtime.files.list(`${ROOT}/commitlog`)
    for (const name of log.slice(0, scenario.removedFiles)) {
      runtime.files.remove(`${ROOT}/commitlog/${name}`)
    }
    const store = await settle(openForQuestions(runtime, ROOT))
    const questions = questionsFor(scenario)
    const javas = scenarios[scenario.name] ?? []
    expect(javas.length).toBe(questions.length)
    const differences: string[] = []
    for (const [index, question] of questions.entries()) {
      const ours = await answer(store, question, settle)
      if (javas[index] !== 'fails' && ours !== javas[index])
        differences.push(`${question}: ${javas[index]}, here ${ours}`)
    }
    expect(differences).toEqual([])
    await settle(store.close())
  })
})
