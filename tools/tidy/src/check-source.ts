// SPDX-License-Identifier: Apache-2.0
// Checks one source file against the conventions that no linter knows.

import type { Finding } from './findings.ts'
import { lineAt, splitSource } from './source-text.ts'

const SPDX = '// SPDX-License-Identifier: Apache-2.0'
const KEBAB_FILE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|bench))?\.(ts|mjs)$/
const KEBAB_FOLDER = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/
/** A capital or a command's name at the start; at the end a full stop, and perhaps where it comes from. */
const SENTENCE = /^(?:[\p{Lu}\p{N}`'"]|[\w-]+(?: \w+)?: ).*[.!?:][)`]?(?: @see .+)?$/su
const VAGUE_NAMES = /(^|-)(utils?|common|helpers?|managers?|impl|misc)(-|\.)/

/** Checks a file's name, its head, and what no file may contain. */
export function checkSource(file: string, text: string): Finding[] {
  const source = splitSource(text)
  return [
    ...checkName(file),
    ...checkHead(file, text),
    ...match(file, text, source.bare, /\bexport\s*\*/g, exportStarProblem(file)),
    ...match(
      file,
      text,
      source.bare,
      /\b(?:describe|suite|it|test|bench)(?:\s*\.\s*\w+)*\s*\.\s*(?:only|skip|todo)\b/g,
      'a test runs always or is deleted: no .only, .skip or .todo',
    ),
    ...match(
      file,
      text,
      source.comments,
      /\b(?:TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/g,
      'name the issue: TODO(#123)',
    ),
    ...(touchesTime(file)
      ? []
      : match(
          file,
          text,
          source.bare,
          /\bnew\s+Date\s*\(\s*\)|\bnew\s+Date\b(?!\s*\()|(?<!\bnew\s+)(?<![.\w])Date\s*\(/g,
          'the time of day comes through the Clock seam of @rocketmq-ts/runtime',
        )),
  ]
}

function checkName(file: string): Finding[] {
  const parts = file.split('/')
  const name = parts.pop() ?? ''
  const findings: Finding[] = []
  if (!KEBAB_FILE.test(name) || parts.some((folder) => !KEBAB_FOLDER.test(folder))) {
    findings.push({ file, line: 1, message: 'names are kebab-case: route-table.ts' })
  }
  if (VAGUE_NAMES.test(name)) {
    findings.push({ file, line: 1, message: 'name the file after its one job, not its role' })
  }
  return findings
}

function checkHead(file: string, text: string): Finding[] {
  const lines = text.split('\n')
  const first = lines[0]?.startsWith('#!') === true ? 1 : 0
  if (lines[first] !== SPDX) {
    return [{ file, line: first + 1, message: `the first line is '${SPDX}'` }]
  }
  const sentence = firstComment(lines.slice(first + 1))
  // A test's job is to test the file beside it; it says more only when there is more.
  if (sentence === undefined && file.endsWith('.test.ts')) return []
  if (sentence === undefined) {
    return [{ file, line: first + 2, message: 'below the licence: a comment with the one job' }]
  }
  if (!SENTENCE.test(sentence)) {
    const message = 'the first comment is a sentence: a capital, a full stop'
    return [{ file, line: first + 2, message }]
  }
  return []
}

/** The text of the comment that a file starts with; undefined when it starts with code. */
function firstComment(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => line.trim() !== '')
  const opening = lines[start] ?? ''
  if (opening.startsWith('/*')) {
    const end = lines.findIndex((line, index) => index >= start && line.includes('*/'))
    const body = lines.slice(start, end + 1).join('\n')
    return body
      .replaceAll(/^\s*\/?\*+\/?|\*\/$/gm, '')
      .trim()
      .split('\n\n')[0]
      ?.trim()
  }
  if (!opening.startsWith('// ')) return undefined
  const paragraph: string[] = []
  for (const line of lines.slice(start)) {
    if (!line.startsWith('// ')) break
    paragraph.push(line.slice(3))
  }
  return paragraph.join(' ').trim()
}

/** Only the index files that `pnpm generate` writes may pass everything on. */
function exportStarProblem(file: string): string | undefined {
  if (/^packages\/[^/]+\/src\/(requests|handlers)\/index\.ts$/.test(file)) return undefined
  return 'list the names: export * is for generated index files'
}

/** Where the real clock may be read. */
function touchesTime(file: string): boolean {
  return /^(packages\/runtime\/src\/node|apps|tools|examples)\//.test(file)
}

function match(
  file: string,
  text: string,
  view: string,
  pattern: RegExp,
  message: string | undefined,
): Finding[] {
  if (message === undefined) return []
  return [...view.matchAll(pattern)].map(({ index }) => ({
    file,
    line: lineAt(text, index),
    message,
  }))
}
