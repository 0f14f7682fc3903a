// SPDX-License-Identifier: Apache-2.0
// The example in CONTRIBUTING.md is the code of the tree, word for word.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { workspaceRoot } from './packages.ts'

const read = (file: string): string => readFileSync(path.join(workspaceRoot, file), 'utf8')

/** Each file that is linked before a block of its code, with that block. */
const shown = [
  ...read('CONTRIBUTING.md').matchAll(
    /\*\*\d\. The \w+\*\*, \[([^\]]+)\][^`]*(?:`[^`\n]+`[^`]*)*?```ts\n(.*?)```/gs,
  ),
].map(([, file = '', code = '']) => [file, code] as const)

test('a schema, a handler and a test are shown', () => {
  expect(shown).toHaveLength(3)
})

test.each(shown)('%s is shown as it is', (file, code) => {
  expect(read(file)).toContain(code)
})
