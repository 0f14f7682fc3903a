// SPDX-License-Identifier: Apache-2.0
// Which imports are arrows, and which arrows are broken.

import { expect, test } from 'vitest'
import { checkArrows, findImports } from './check-arrows.ts'

test.each([
  [`import { a } from './a.ts'`, ['./a.ts']],
  [`import type { A } from "./a.ts"`, ['./a.ts']],
  [`import './a.ts'`, ['./a.ts']],
  [`export { a } from './a.ts'`, ['./a.ts']],
  [`const a = await import('./a.ts')`, ['./a.ts']],
  [`type A = import('./a.ts').A`, ['./a.ts']],
  [`// import './a.ts'`, []],
  ["const a = `import './a.ts'`", []],
])('%j', (text, specifiers) => {
  expect(findImports(text).map(({ specifier }) => specifier)).toEqual(specifiers)
})

const ok = ''
test.each([
  ['packages/broker/src/a.ts', '@rocketmq-ts/store', ok],
  ['packages/broker/src/a.ts', '@rocketmq-ts/remoting/requests', ok],
  ['packages/broker/src/a.ts', '@rocketmq-ts/client', 'broken arrow broker → client'],
  ['packages/broker/src/a.ts', '@rocketmq-ts/remoting/testing', 'only tests'],
  ['packages/broker/src/a.test.ts', '@rocketmq-ts/remoting/testing', ok],
  ['packages/broker/src/a.test.ts', '@rocketmq-ts/client', 'broken arrow'],
  ['packages/client/src/a.ts', '@rocketmq-ts/broker', 'nobody builds on a server'],
  ['packages/store/src/a.ts', '@rocketmq-ts/remoting/message', ok],
  ['packages/store/src/a.ts', '@rocketmq-ts/remoting', 'packages/remoting/src/message'],
  ['packages/store/src/a.ts', '@rocketmq-ts/remoting/requests', 'broken arrow'],
  ['packages/runtime/src/a.ts', '@rocketmq-ts/remoting', 'knows nothing of RocketMQ'],
  ['packages/client/src/a.ts', '@rocketmq-ts/client', 'does not import itself'],
  ['packages/client/src/a.ts', '../../broker/src/b.ts', 'by its name'],
  ['packages/client/src/admin/a.ts', '../b.ts', ok],
  ['tools/bench/src/a.ts', '../../interop/src/b.ts', ok],
  ['tools/bench/src/a.ts', '../../../packages/store/src/b.ts', 'by its name'],
  ['packages/client/src/a.ts', './b', 'the extension'],
  ['packages/client/src/a.ts', 'zod', 'may not depend on'],
  ['packages/client/src/a.test.ts', 'vitest', ok],
  ['packages/client/src/a.ts', 'vitest', 'may not depend on'],
  ['packages/client/src/a.ts', 'fs', `'node:fs'`],
  ['packages/client/src/a.ts', 'node:buffer', ok],
  ['apps/broker/src/main.ts', '@rocketmq-ts/broker', ok],
  ['apps/broker/src/main.ts', 'pino', ok],
  ['tools/bench/src/main.ts', '@rocketmq-ts/client/admin', ok],
  ['vitest.config.ts', 'node:fs', ok],
])('%s imports %s: %s', (file, specifier, problem) => {
  const findings = checkArrows(file, `\nimport { a } from '${specifier}'\n`)
  expect(findings.map(({ line }) => line)).toEqual(problem === ok ? [] : [2])
  expect(findings[0]?.message ?? '').toContain(problem)
})
