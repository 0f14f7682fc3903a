// SPDX-License-Identifier: Apache-2.0
// Which blocks of a Markdown file count as examples.

import { expect, test } from 'vitest'
import { parseExamples } from './doc-examples.ts'

const fence = '```'

test.each([
  ['a marked block', `# Title\n\n${fence}ts check\nconst a = 1\n${fence}\n`, [[4, 'check']]],
  ['a block to run', `${fence}ts run\nconst a = 1\n${fence}`, [[2, 'run']]],
  ['an unmarked block', `${fence}ts\nconst a = 1\n${fence}`, []],
  ['another language', `${fence}sh check\nls\n${fence}`, []],
  [
    'two blocks',
    `${fence}ts check\na\n${fence}\ntext\n${fence}ts run\nb\n${fence}`,
    [
      [2, 'check'],
      [6, 'run'],
    ],
  ],
  ['a block that is never closed', `${fence}ts check\na`, [[2, 'check']]],
])('finds %s', (_, text, expected) => {
  expect(parseExamples('a.md', text).map(({ line, kind }) => [line, kind])).toEqual(expected)
})

test('takes the indentation of a list item off the code', () => {
  const text = `- item\n  ${fence}ts check\n  if (a) {\n    b()\n  }\n  ${fence}`
  expect(parseExamples('a.md', text)[0]?.code).toBe('if (a) {\n  b()\n}')
})
