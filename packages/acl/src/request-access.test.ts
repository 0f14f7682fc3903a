// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requestAccess } from './request-access.ts'
import { clusterUpdates } from './unmapped-requests.ts'
import { resourceKey } from './resource.ts'

interface Recorded {
  readonly name: string
  readonly code: number
  readonly fields: Readonly<Record<string, string | null>> | null
  readonly body: string | null
  readonly asked?: readonly { readonly resource: string; readonly actions: readonly string[] }[]
  readonly error?: string
}

const { cases } = JSON.parse(
  readFileSync(new URL('../test/golden/resources.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Recorded[] }

test('every request needs what Java 5.5.0 asks it for, in that order', () => {
  expect(cases.length).toBeGreaterThan(600)
  for (const { name, code, fields, body, asked } of cases) {
    // Java asks nothing of a request without any field; the gate does that.
    if (fields === null || Object.keys(fields).length === 0) continue
    // A lock request without its group asks for `Group:null` in Java; here it cannot be read. Both refuse it.
    if (name === 'no group') continue
    // Deliberately stricter, see unmapped-requests.ts.
    if (clusterUpdates.has(code) || code === 361) {
      expect(asked, `${name} (${code})`).toEqual([])
      continue
    }
    const needed = requestAccess(
      {
        code,
        body: Buffer.from(body ?? ''),
        ext: (field) => fields[field] ?? undefined,
      },
      'GoldenCluster',
    )
    expect(
      needed?.map(({ resource, actions }) => ({ resource: resourceKey(resource), actions })),
      `${name} (${code})`,
    ).toEqual(asked?.map(({ resource, actions }) => ({ resource, actions })))
  }
})

test('what changes a server needs the right to change it, also where Java asks for none', () => {
  const request = { body: Buffer.alloc(0), ext: () => undefined }
  for (const code of clusterUpdates) {
    expect(requestAccess({ ...request, code }, 'C')).toEqual([
      { resource: { type: 'Cluster', name: 'C', pattern: 'LITERAL' }, actions: ['Update'] },
    ])
  }
})

test('pulling without a long poll needs what pulling needs', () => {
  const fields: Readonly<Record<string, string>> = { topic: 'T', consumerGroup: 'G' }
  const request = { body: Buffer.alloc(0), ext: (name: string) => fields[name] }
  expect(requestAccess({ ...request, code: 361 }, 'C')).toEqual(
    requestAccess({ ...request, code: 11 }, 'C'),
  )
})
