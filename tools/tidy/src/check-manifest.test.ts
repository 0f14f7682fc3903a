// SPDX-License-Identifier: Apache-2.0
// Manifests agree with the arrows, with what they publish, and with their references.

import type { Manifest } from '@rocketmq-ts/tool-workspace/packages'
import { expect, test } from 'vitest'
import { checkManifest } from './check-manifest.ts'

const good: Manifest = {
  name: '@rocketmq-ts/store',
  version: '0.1.0',
  exports: { '.': './src/index.ts', './package.json': './package.json' },
  publishConfig: { exports: { '.': './dist/index.js', './package.json': './package.json' } },
  dependencies: { '@rocketmq-ts/remoting': 'workspace:^', zod: 'catalog:' },
}
const references = [{ path: '../remoting' }]

function messages(manifest: Manifest, paths = references): string[] {
  const workspacePackage = { folder: 'packages/store', name: manifest.name, manifest }
  return checkManifest(workspacePackage, { references: paths }).map(({ message }) => message)
}

test('a good manifest has no findings', () => {
  expect(messages(good)).toEqual([])
})

test.each<[string, Manifest, string]>([
  [
    'a broken arrow',
    { ...good, dependencies: { ...good.dependencies, '@rocketmq-ts/client': 'workspace:^' } },
    'broken arrow store → client',
  ],
  [
    'a pinned version of ours',
    { ...good, dependencies: { '@rocketmq-ts/remoting': '0.1.0' } },
    'workspace:^',
  ],
  [
    'an outside package that is not ours to use',
    { ...good, dependencies: { ...good.dependencies, pino: 'catalog:' } },
    'may not depend on pino',
  ],
  ['exports that are not published', { ...good, publishConfig: {} }, 'publishConfig.exports'],
  [
    'a command that is not published',
    { ...good, bin: { a: './src/main.ts' }, publishConfig: good.publishConfig! },
    'publishConfig.bin',
  ],
])('finds %s', (_, manifest, problem) => {
  expect(messages(manifest).join('\n')).toContain(problem)
})

test('finds fields out of order', () => {
  const { name, version, ...rest } = good
  expect(messages({ version, name, ...rest })[0]).toContain('order the fields so: name, version')
})

test('finds references that tsc -b would miss', () => {
  expect(messages(good, [])[0]).toContain('dependencies are [remoting]')
})
