// SPDX-License-Identifier: Apache-2.0
import { hasAccessRule, openRequests } from '@rocketmq-ts/acl'
import { expect, test } from 'vitest'
import type { BrokerContext } from '../context.ts'
import { createHandlers } from '../handlers/index.ts'

test('every request the broker serves has a rule, or a reason to need none', () => {
  // Making handlers asks nothing of the broker but that it has parts.
  const anything: unknown = new Proxy(() => anything, { get: () => anything })
  const served = createHandlers(anything as BrokerContext).map(({ type }) => type)
  expect(served.length).toBeGreaterThan(40)
  const uncovered = served.filter(({ code }) => !hasAccessRule(code) && !openRequests.has(code))
  expect(uncovered.map(({ code, name }) => `${code} ${name}`)).toEqual([])
  const twice = served.filter(({ code }) => hasAccessRule(code) && openRequests.has(code))
  expect(twice.map(({ code, name }) => `${code} ${name}`)).toEqual([])
})
