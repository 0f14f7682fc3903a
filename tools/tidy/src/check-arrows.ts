// SPDX-License-Identifier: Apache-2.0
// Finds imports that break the arrows between packages.

import { builtinModules } from 'node:module'
import path from 'node:path'
import { adviceFor, arrowTable, testExtras, wiringRow, type ArrowRow } from './arrow-table.ts'
import type { Finding } from './findings.ts'
import { lineAt, splitSource } from './source-text.ts'

const SCOPE = '@rocketmq-ts/'

/** Checks every import of one source file. `file` is relative to the root, with forward slashes. */
export function checkArrows(file: string, text: string): Finding[] {
  const findings: Finding[] = []
  for (const { specifier, offset } of findImports(text)) {
    const message = problemWith(file, specifier)
    if (message !== undefined) findings.push({ file, line: lineAt(text, offset), message })
  }
  return findings
}

export interface FoundImport {
  readonly specifier: string
  readonly offset: number
}

/** Every specifier a source names: static and dynamic imports, re-exports, and types by import(). */
export function findImports(text: string): FoundImport[] {
  const { code, bare } = splitSource(text)
  const found: FoundImport[] = []
  // Positions come from the bare text (no keyword inside a literal counts), specifiers from the code.
  const pattern = /\b(?:from\s*|import\s*\(\s*|import\s*)(['"])/g
  for (const match of bare.matchAll(pattern)) {
    const start = match.index + match[0].length
    const end = code.indexOf(match[1] ?? "'", start)
    found.push({ specifier: code.slice(start, end), offset: match.index })
  }
  return found
}

function problemWith(file: string, specifier: string): string | undefined {
  const [group = '', folder = ''] = file.split('/')
  if (specifier.startsWith('.')) return relativeProblem(file, specifier)
  const rows = rowsFor(group, folder, isTest(file))
  if (specifier.startsWith(SCOPE)) return ourProblem(group, folder, specifier, rows)
  if (specifier.startsWith('node:')) return undefined
  if (builtinModules.includes(specifier)) return `write 'node:${specifier}', not '${specifier}'`
  const outside = packageName(specifier)
  if (rows.some((row) => row.outside.includes('*') || row.outside.includes(outside))) {
    return undefined
  }
  return `${group}/${folder} may not depend on '${outside}': see tools/tidy/src/arrow-table.ts for what it may use`
}

function rowsFor(group: string, folder: string, inTest: boolean): ArrowRow[] {
  const own = group === 'packages' ? arrowTable[folder] : wiringRow
  if (own === undefined) return []
  return inTest ? [own, testExtras] : [own]
}

function relativeProblem(file: string, specifier: string): string | undefined {
  const inside = file.split('/').slice(0, 2).join('/')
  const target = path.posix.join(path.posix.dirname(file), specifier)
  // Tools are never published and run from their sources: they may take each other's files as they are.
  const amongTools = file.startsWith('tools/') && target.startsWith('tools/')
  if (file.includes('/') && !target.startsWith(`${inside}/`) && !amongTools) {
    return `'${specifier}' leaves ${inside}: import the other package by its name`
  }
  if (/\.(ts|mjs|json)$/.test(specifier)) return undefined
  return `write the extension: '${specifier}.ts'`
}

function ourProblem(
  group: string,
  folder: string,
  specifier: string,
  rows: readonly ArrowRow[],
): string | undefined {
  const target = specifier.slice(SCOPE.length)
  const [to = ''] = target.split('/')
  if (group === 'packages' && to === folder) {
    return `a package does not import itself by name: use a relative path instead of '${specifier}'`
  }
  // Tools may use each other; a package's entries are open to all who may import it, except its test kit.
  if (group !== 'packages') return undefined
  const isKit = target.endsWith('/testing')
  const allowed = rows.some(
    ({ ours }) => ours.includes(target) || (!isKit && target !== to && ours.includes(to)),
  )
  if (allowed) return undefined
  return `broken arrow ${folder} → ${target}: ${adviceFor(folder, target)}`
}

function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

/** Tests, and what only tests use: fixtures readers and helpers below test/. */
export function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || /^[^/]+\/[^/]+\/(test|bench)\//.test(file)
}
