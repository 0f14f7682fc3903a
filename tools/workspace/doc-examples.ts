// SPDX-License-Identifier: Apache-2.0
// Typechecks the TypeScript examples of the documentation, and runs those that say they can be run.
//
// A fenced block takes part when its info string is `ts check` (typechecked) or `ts run` (typechecked and run).

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { workspaceRoot } from './packages.ts'
import { runCommand, runOrThrow } from './run-command.ts'
import { runStep, type StepResult } from './steps.ts'

export interface DocExample {
  /** The Markdown file, relative to the root of the workspace. */
  readonly file: string
  /** Line of the first line of code, counted from 1. */
  readonly line: number
  readonly code: string
  readonly kind: 'check' | 'run'
}

/** Examples are written here: this package depends on all others, so every import of theirs resolves. */
const outputFolder = path.join(workspaceRoot, 'tools/workspace/.cache/doc-examples')
const RUN_TIMEOUT_MS = 30_000

/** Checks every marked example of every Markdown file that git knows. */
export async function checkDocExamples(): Promise<StepResult[]> {
  const examples = await findExamples()
  if (examples.length === 0) return []
  await writeExamples(examples)
  const results = [await runStep({ name: namePlural(examples.length), run: typecheck })]
  for (const example of examples.filter(({ kind }) => kind === 'run')) {
    const name = `${example.file}:${example.line} runs`
    results.push(await runStep({ name, run: () => runExample(example) }))
  }
  return results
}

function namePlural(count: number): string {
  return count === 1 ? '1 example typechecks' : `${count} examples typecheck`
}

async function findExamples(): Promise<DocExample[]> {
  const listing = await runOrThrow('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '*.md',
  ])
  const files = listing.stdout.split('\0').filter((file) => file !== '')
  const texts = await Promise.all(
    files.map(async (file) => {
      // A file that was deleted but not yet committed is still listed.
      const text = await readFile(path.join(workspaceRoot, file), 'utf8').catch(() => '')
      return parseExamples(file, text)
    }),
  )
  return texts.flat()
}

/** Finds the marked blocks of one Markdown text. */
export function parseExamples(file: string, text: string): DocExample[] {
  const examples: DocExample[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const opening = /^(\s*)(`{3,})ts (check|run)\s*$/.exec(lines[index] ?? '')
    if (opening === null) continue
    const [, indent = '', fence = '', kind] = opening
    const first = index + 1
    while (++index < lines.length && (lines[index] ?? '').trim() !== fence);
    examples.push({
      file,
      line: first + 1,
      code: lines
        .slice(first, index)
        .map((line) => line.slice(Math.min(indent.length, line.length - line.trimStart().length)))
        .join('\n'),
      kind: kind === 'run' ? 'run' : 'check',
    })
  }
  return examples
}

function outputPath({ file, line }: DocExample): string {
  return path.join(outputFolder, `${file.replaceAll('/', '__')}.${line}.ts`)
}

async function writeExamples(examples: readonly DocExample[]): Promise<void> {
  await rm(outputFolder, { recursive: true, force: true })
  await mkdir(outputFolder, { recursive: true })
  for (const example of examples) {
    // Blank lines before the code make the compiler's line numbers those of the Markdown file.
    await writeFile(
      outputPath(example),
      `${'\n'.repeat(example.line - 1)}${example.code}\nexport {}\n`,
    )
  }
  const tsconfig = {
    extends: '../../../../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
    },
    include: ['*.ts'],
  }
  await writeFile(path.join(outputFolder, 'tsconfig.json'), JSON.stringify(tsconfig))
}

async function typecheck(): Promise<void> {
  const { exitCode, output } = await runCommand('tsc', ['-p', outputFolder, '--pretty', 'false'])
  if (exitCode === 0) return
  // packages__store__README.md.12.ts(14,3) → packages/store/README.md:14
  const readable = output.replaceAll(
    /^\S*?([^/\s]+\.md)\.\d+\.ts\((\d+),\d+\)/gm,
    (_, file: string, line: string) => `${file.replaceAll('__', '/')}:${line}`,
  )
  throw new Error(readable)
}

async function runExample(example: DocExample): Promise<void> {
  await runOrThrow('node', [outputPath(example)], { timeoutMs: RUN_TIMEOUT_MS })
}
