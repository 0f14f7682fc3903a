// SPDX-License-Identifier: Apache-2.0
// The conventions of a source file, one case each.

import { expect, test } from 'vitest'
import { checkSource } from './check-source.ts'

const head = '// SPDX-License-Identifier: Apache-2.0\n// The one job of this file.\n'
const inside = 'packages/store/src/a.ts'

test.each([
  [inside, head, []],
  [inside, `#!/usr/bin/env node\n${head}`, []],
  [inside, head.replace('The', 'the'), ['a capital']],
  [inside, head.replace('file.', 'file'), ['a full stop']],
  [inside, head.replace('file.', 'file\n// over two lines.'), []],
  [inside, `${head.split('\n')[0]}\n\n/**\n * The one job.\n */\n`, []],
  [inside, head.replace('file.', 'file. @see CommitLog, MappedFile'), []],
  [inside, head.replace('file.', 'file. (Java: CommitLog.)'), []],
  [inside, head.replace('The one', 'mqbroker: the one'), []],
  [inside, head.replace('The one', 'mqadmin topicList: the one'), []],
  [inside, '// The one job.\n', ['SPDX']],
  ['packages/store/src/a.test.ts', `${head.split('\n')[0]}\nimport './a.ts'\n`, []],
  ['packages/store/src/a.test.ts', '// The one job.\n', ['SPDX']],
  [inside, `${head.split('\n')[0]}\nexport const a = 1\n`, ['a comment']],
  ['packages/store/src/routeTable.ts', head, ['kebab-case']],
  ['packages/store/src/string-utils.ts', head, ['one job']],
  [inside, `${head}export * from './b.ts'\n`, ['list the names']],
  ['packages/broker/src/handlers/index.ts', `${head}export * from './b.ts'\n`, []],
  [inside, `${head}\n// export * from './b.ts'\n`, []],
  [inside, `${head}test.only('a', () => 1)\n`, ['runs always']],
  [inside, `${head}describe.concurrent.skip('a', () => 1)\n`, ['runs always']],
  [inside, `${head}test('test.only', () => 1)\n`, []],
  [inside, `${head}// TODO tidy up.\n`, ['name the issue']],
  [inside, `${head}// TODO(#12): tidy up.\n`, []],
  [inside, `${head}const a = 'TODO'\n`, []],
  [inside, `${head}const a = new Date()\n`, ['Clock']],
  [inside, `${head}const a = Date()\n`, ['Clock']],
  [inside, `${head}const a = new Date(atMs)\n`, []],
  ['packages/runtime/src/node/clock.ts', `${head}const a = new Date()\n`, []],
])('%s with %j', (file, text, problems) => {
  const messages = checkSource(file, text).map(({ message }) => message)
  expect(messages).toHaveLength(problems.length)
  problems.forEach((problem, at) => expect(messages[at]).toContain(problem))
})
