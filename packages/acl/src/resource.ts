// SPDX-License-Identifier: Apache-2.0
// What access is asked to and granted on: clusters, namespaces, topics and groups, by name, by prefix, or all of them.
import { nameOf } from './user.ts'

/** Java's names on the wire. */
export type ResourceType = 'Unknown' | 'Any' | 'Cluster' | 'Namespace' | 'Topic' | 'Group'
export type ResourcePattern = 'ANY' | 'LITERAL' | 'PREFIXED'

/** A resource; the name is undefined where the pattern needs none, and where a request left it out. */
export interface Resource {
  readonly type: ResourceType
  readonly name: string | undefined
  readonly pattern: ResourcePattern
}

const types: readonly ResourceType[] = ['Unknown', 'Any', 'Cluster', 'Namespace', 'Topic', 'Group']
const RETRY_PREFIX = '%RETRY%'

/** One thing by its name. */
export function literal(type: ResourceType, name: string | undefined): Resource {
  return { type, name, pattern: 'LITERAL' }
}

/** A group; a retry topic stands for its group. @see Resource.ofGroup */
export function groupResource(group: string | undefined): Resource {
  return literal('Group', isRetryTopic(group) ? group.slice(RETRY_PREFIX.length) : group)
}

/** Retry topics belong to their group: who may consume in it may use them. */
export function isRetryTopic(topic: string | undefined): topic is string {
  return topic?.startsWith(RETRY_PREFIX) === true
}

/** Reads `*`, `Topic:*`, `Topic:abc*` and `Topic:abc`; undefined when it names no resource. @see Resource.of */
export function parseResource(key: string | undefined): Resource | undefined {
  if (key === undefined || key.trim() === '') return undefined
  if (key === '*') return { type: 'Any', name: undefined, pattern: 'ANY' }
  const colon = key.indexOf(':')
  const type = nameOf(types, colon < 0 ? key : key.slice(0, colon))
  if (type === undefined) return undefined
  // `Any:x` is written as `*`, so it is kept as that.
  if (type === 'Any') return parseResource('*')
  const name = colon < 0 ? '' : key.slice(colon + 1)
  if (name === '*') return { type, name: undefined, pattern: 'ANY' }
  if (!name.endsWith('*')) return literal(type, name)
  return { type, name: name.slice(0, name.indexOf('*')), pattern: 'PREFIXED' }
}

/** The text {@link parseResource} reads. @see Resource.getResourceKey */
export function resourceKey({ type, name, pattern }: Resource): string {
  if (type === 'Any') return '*'
  if (pattern === 'ANY') return `${type}:*`
  // Java writes `null` for a name that a request did not give.
  return `${type}:${name ?? 'null'}${pattern === 'PREFIXED' ? '*' : ''}`
}

/** Whether what `granted` describes has `wanted` among it. @see Resource.isMatch */
export function matchesResource(granted: Resource, wanted: Resource): boolean {
  if (granted.type === 'Any') return true
  if (granted.type !== wanted.type) return false
  switch (granted.pattern) {
    case 'ANY':
      return true
    case 'LITERAL':
      return granted.name === wanted.name
    case 'PREFIXED':
      return wanted.name?.startsWith(granted.name ?? '') === true
    default:
      return granted.pattern satisfies never
  }
}

/** Whether both describe the same, as Java compares them when entries are replaced or deleted. */
export function isSameResource(a: Resource, b: Resource): boolean {
  return a.type === b.type && a.name === b.name && a.pattern === b.pattern
}
