// SPDX-License-Identifier: Apache-2.0
// What counts as a schema, and that no code is given away twice.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadRequestSchemas, schemaFiles } from './request-schemas.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'request-schemas-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(file: string, code: number, name: string): void {
  writeFileSync(
    path.join(folder, file),
    `export const schema = { code: ${code}, name: '${name}', request: {}, response: {} }\nexport const other = 1\n`,
  )
}

test('sorts by code and leaves everything out that is no schema', async () => {
  write('b.ts', 20, 'B')
  write('a.ts', 100, 'A')
  write('index.ts', 7, 'INDEX')
  write('a.test.ts', 8, 'TEST')
  expect(schemaFiles(folder)).toEqual(['a.ts', 'b.ts'])
  expect(await loadRequestSchemas(folder)).toEqual([
    { code: 20, name: 'B', exportName: 'schema', file: 'b.ts' },
    { code: 100, name: 'A', exportName: 'schema', file: 'a.ts' },
  ])
})

test('refuses two schemas with one code', async () => {
  write('a.ts', 20, 'A')
  write('b.ts', 20, 'B')
  await expect(loadRequestSchemas(folder)).rejects.toThrow('code 20 is used twice')
})

test('refuses two schemas with one name', async () => {
  write('a.ts', 20, 'A')
  write('b.ts', 21, 'A')
  await expect(loadRequestSchemas(folder)).rejects.toThrow('name A is used twice')
})
