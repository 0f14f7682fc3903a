// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { policiesOf } from './acl-info.ts'
import type { Action } from './action.ts'
import { decide, withoutResource, withPolicies, type Acl, type Decision } from './policy.ts'
import { literal, parseResource, resourceKey } from './resource.ts'

type Rule = readonly [
  resource: string,
  decision: Decision,
  type?: 'Custom' | 'Default',
  ips?: string[],
]

function aclOf(rules: readonly Rule[], actions: readonly string[] = ['Pub']): Acl {
  const infos = rules.map(([resource, decision, policyType = 'Custom', sourceIps]) => ({
    policyType,
    entries: [{ resource, actions, decision, sourceIps }],
  }))
  const merged = infos.reduce<Acl>(
    (acl, info) => {
      const policies = policiesOf([info])
      if (typeof policies === 'string') throw new Error(policies)
      return withPolicies(acl, policies)
    },
    { username: 'u', policies: [] },
  )
  return merged
}

const topic = (name: string, actions: readonly Action[] = ['Pub']) => ({
  resource: literal('Topic', name),
  actions,
})

describe('the entry that decides', () => {
  test.each<[string, readonly Rule[], Decision | undefined]>([
    ['none', [], undefined],
    ['another type', [['Group:abc', 'Allow']], undefined],
    [
      'a name before a prefix',
      [
        ['Topic:a*', 'Deny'],
        ['Topic:abc', 'Allow'],
      ],
      'Allow',
    ],
    [
      'the longer prefix',
      [
        ['Topic:a*', 'Allow'],
        ['Topic:ab*', 'Deny'],
      ],
      'Deny',
    ],
    [
      'a prefix before all',
      [
        ['Topic:*', 'Deny'],
        ['Topic:a*', 'Allow'],
      ],
      'Allow',
    ],
    [
      'a type before any',
      [
        ['*', 'Deny'],
        ['Topic:*', 'Allow'],
      ],
      'Allow',
    ],
    ['any when nothing else', [['*', 'Allow']], 'Allow'],
    [
      'DENY before ALLOW of the same rank',
      [
        ['Topic:abc', 'Allow'],
        ['topic:abc', 'Deny'],
      ],
      'Deny',
    ],
    [
      'CUSTOM before DEFAULT, whatever the rank',
      [
        ['Topic:abc', 'Deny', 'Default'],
        ['*', 'Allow'],
      ],
      'Allow',
    ],
    [
      'DEFAULT when CUSTOM is silent',
      [
        ['Topic:x', 'Deny'],
        ['Topic:*', 'Allow', 'Default'],
      ],
      'Allow',
    ],
    ['none from elsewhere', [['Topic:abc', 'Allow', 'Custom', ['10.0.0.0/8']]], undefined],
    ['one from here', [['Topic:abc', 'Allow', 'Custom', ['1.1.1.1', '192.168.0.0/16']]], 'Allow'],
  ])('%s', (_, rules, decision) => {
    expect(decide(aclOf(rules), topic('abc'), '192.168.7.7')).toBe(decision)
  })

  test('two entries for one name: DENY before ALLOW', () => {
    const policies = policiesOf([
      {
        entries: [
          { resource: 'Topic:abc', actions: ['Pub'], decision: 'Allow' },
          { resource: 'Topic:abc', actions: ['Pub'], decision: 'Deny' },
        ],
      },
    ])
    if (typeof policies === 'string') throw new Error(policies)
    expect(decide({ username: 'u', policies }, topic('abc'), '1.1.1.1')).toBe('Deny')
  })

  test('speaks of the action', () => {
    expect(
      decide(aclOf([['Topic:abc', 'Allow']], ['Sub']), topic('abc'), '1.1.1.1'),
    ).toBeUndefined()
    expect(decide(aclOf([['Topic:abc', 'Allow']], ['All']), topic('abc'), '1.1.1.1')).toBe('Allow')
    const either = topic('abc', ['Sub', 'Get'])
    expect(decide(aclOf([['Topic:abc', 'Allow']], ['Get']), either, '1.1.1.1')).toBe('Allow')
  })

  test('cannot be found when the sender has no address to compare', () => {
    const acl = aclOf([['Topic:abc', 'Allow', 'Custom', ['10.0.0.0/8']]])
    expect(decide(acl, topic('abc'), 'somewhere')).toBe('unreadable')
  })
})

test('resources are read as Java reads them, and written back', () => {
  for (const key of ['*', 'Topic:*', 'Group:G', 'Topic:a*', 'Cluster:', 'Namespace:n']) {
    const resource = parseResource(key)
    expect(resource && resourceKey(resource)).toBe(key)
  }
  expect(parseResource('topic')).toEqual(literal('Topic', ''))
  expect(parseResource('Topic:a*b*')).toEqual({ type: 'Topic', name: 'a', pattern: 'PREFIXED' })
  expect(parseResource('Queue:a')).toBeUndefined()
  expect(parseResource(' ')).toBeUndefined()
})

test('a resource is taken out of one policy, and an empty policy goes', () => {
  const acl = aclOf([
    ['Topic:a', 'Allow'],
    ['Topic:b', 'Deny'],
    ['Topic:a', 'Deny', 'Default'],
  ])
  const left = withoutResource(acl, 'Custom', literal('Topic', 'a'))
  expect(left.policies.map(({ entries }) => entries.length)).toEqual([1, 1])
  expect(withoutResource(left, 'Default', literal('Topic', 'a')).policies).toHaveLength(1)
  expect(withoutResource(left, 'Default', literal('Topic', 'x'))).toEqual(left)
})
