// SPDX-License-Identifier: Apache-2.0
// `pnpm check`: everything that is held to a rule without running it; one line per check, and why it failed.

import path from 'node:path'
import { lintPackages } from './package-lint.ts'
import { runOrThrow } from './run-command.ts'
import { closeWithTotals, runStep, type Step } from './steps.ts'

const checks: readonly Step[] = [
  {
    name: 'types: packages, apps, tools and tests',
    run: command('tsc', '-b', 'tsconfig.check.json'),
  },
  { name: 'lint: oxlint with type-aware rules', run: command('oxlint') },
  { name: 'format: prettier', run: command('prettier', '--check', '--log-level=warn', '.') },
  { name: 'unused code and dependencies: knip', run: command('knip', '--no-config-hints') },
  {
    name: 'import arrows and conventions: tidy',
    run: command('node', path.join('tools', 'tidy', 'src', 'main.ts')),
  },
  {
    name: 'package boundaries: turbo',
    run: command('turbo', 'boundaries', '--filter', './packages/*', '--filter', './apps/*'),
  },
  {
    name: 'generated files are current',
    run: command('node', path.join('tools', 'codegen', 'src', 'main.ts'), '--check'),
  },
  { name: 'packed packages: publint, attw, types in an empty project', run: lintPackages },
]

function command(program: string, ...args: string[]): () => Promise<void> {
  return async () => {
    await runOrThrow(program, args, { env: { NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1' } })
  }
}

let failed = 0
for (const check of checks) {
  const { problem } = await runStep(check)
  if (problem !== undefined) failed++
}
closeWithTotals(checks.length - failed, failed)
