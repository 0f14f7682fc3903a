// SPDX-License-Identifier: Apache-2.0
// Every request code of Java has a schema here or a reason why not, and none has both.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { workspaceRoot } from '@rocketmq-ts/tool-workspace/packages'
import { expect, test } from 'vitest'
import { codesWithoutSchema } from './codes-without-schema.ts'
import { loadRequestSchemas } from './request-schemas.ts'

const remoting = path.join(workspaceRoot, 'packages/remoting')

test("the schemas and the reasons together are Java's request codes", async () => {
  const recorded = JSON.parse(
    readFileSync(path.join(remoting, 'test/golden/request-codes.json'), 'utf8'),
  ) as { readonly codes: Readonly<Record<string, number>> }
  const schemas = await loadRequestSchemas(path.join(remoting, 'src/requests'))
  const ours = [
    ...schemas.map(({ code, name }) => `${code} ${name}`),
    ...codesWithoutSchema.flatMap(({ codes }) =>
      Object.entries(codes).map(([code, name]) => `${code} ${name}`),
    ),
  ]
  const java = Object.entries(recorded.codes).map(([name, code]) => `${code} ${name}`)
  expect(java).toHaveLength(169)
  expect(ours.toSorted()).toEqual(java.toSorted())
})
