// SPDX-License-Identifier: Apache-2.0
// Runs one named step, measures it, and prints one line about it.

export interface Step {
  readonly name: string
  /** Rejects when the step's claim does not hold; the message is what the reader gets. */
  readonly run: () => Promise<void>
}

export interface StepResult {
  readonly name: string
  /** Undefined when the step succeeded. */
  readonly problem: string | undefined
}

/** Never rejects: a failure is part of the result, and is printed below the step's line. */
export async function runStep(step: Step): Promise<StepResult> {
  const startedMs = performance.now()
  let problem: string | undefined
  try {
    await step.run()
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${seconds.padStart(6)} s  ${step.name}`)
  if (problem !== undefined) console.log(problem.trimEnd().replaceAll(/^/gm, '     '))
  return { name: step.name, problem }
}

/** Prints the one line that ends a run, and makes the process end as it says. */
export function closeWithTotals(passed: number, failed: number): void {
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}
