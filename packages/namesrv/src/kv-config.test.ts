// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { KvConfig } from './kv-config.ts'

const { files } = nodeRuntime()
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-config-'))
  path = join(folder, 'a', 'b', 'kvConfig.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('values are there again after a restart', () => {
  const first = KvConfig.open(files, path)
  expect(first.list('n')).toBeUndefined()
  first.put('n', 'k', 'v')
  first.put('n', 'gone', 'v')
  first.put('m', '__proto__', '中 "x"')
  first.delete('n', 'gone')
  first.delete('nowhere', 'k')
  const second = KvConfig.open(files, path)
  expect(second.get('n', 'k')).toBe('v')
  expect(second.get('n', 'gone')).toBeUndefined()
  expect([...second.list('m')!]).toEqual([['__proto__', '中 "x"']])
  expect(second.list('nowhere')).toBeUndefined()
})

test('the file Java wrote is read', () => {
  const direct = join(folder, 'kvConfig.json')
  writeFileSync(direct, '{"configTable":{"ORDER_TOPIC_CONFIG":{"T":"broker-a:8"},"n":{}}}')
  const table = KvConfig.open(files, direct)
  expect(table.get('ORDER_TOPIC_CONFIG', 'T')).toBe('broker-a:8')
  expect(table.list('n')?.size).toBe(0)
})

test.each(['', '{"configTable":{"n"', '{"configTable":[]}'])(
  'a torn file %j falls back to its backup',
  (torn) => {
    const first = KvConfig.open(files, path)
    first.put('n', 'k', 'old')
    first.put('n', 'k', 'new')
    expect(existsSync(`${path}.bak`)).toBe(true)
    writeFileSync(path, torn)
    expect(KvConfig.open(files, path).get('n', 'k')).toBe('old')
  },
)

test('a change that cannot be kept is an error', () => {
  const table = KvConfig.open(files, path)
  writeFileSync(join(folder, 'a'), 'a file where the folder should be')
  expect(() => table.put('n', 'k', 'v')).toThrow()
  expect(readFileSync(join(folder, 'a'), 'utf8')).toContain('a file')
})
