// SPDX-License-Identifier: Apache-2.0
// Who is released with whom.

import { expect, test } from 'vitest'
import { withDependants, type WorkspacePackage } from './packages.ts'

function named(
  name: string,
  dependencies: Record<string, string> = {},
  isPrivate = false,
): WorkspacePackage {
  return {
    folder: name,
    name,
    manifest: { name, version: '0.1.0', private: isPrivate, dependencies },
  }
}

const packages = [
  named('low'),
  named('middle', { low: 'workspace:^' }),
  named('high', { middle: 'workspace:^', outside: '1.0.0' }),
  named('aside'),
  named('tool', { low: 'workspace:^' }, true),
]

test.each([
  ['high', ['high']],
  ['middle', ['high', 'middle']],
  ['low', ['high', 'low', 'middle']],
  ['aside', ['aside']],
])('a change of %s releases %j', (changed, expected) => {
  expect([...withDependants(packages, changed)].sort()).toEqual(expected)
})
