// SPDX-License-Identifier: Apache-2.0
// Topic attributes: which there are, and how an administrator's "+key=value,-key" changes them.

/** A value, or why there is none. */
export type Outcome<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'fault'; readonly text: string }

type Check = (value: string) => string | undefined

function oneOf(...allowed: readonly string[]): Check {
  return (value) =>
    allowed.includes(value) ? undefined : `value is not in set: [${allowed.join(', ')}]`
}

function wholeBetween(least: number, most: number): Check {
  return (value) => {
    const number = Number(value)
    return Number.isInteger(number) && number >= least && number <= most
      ? undefined
      : `value is not in range(${least}, ${most})`
  }
}

const MAX_LITE_EXPIRATION_MINUTES = 43_200

/** Attributes a topic may have (@see TopicAttributes); `changeable` ones may be set after its creation. */
const known: ReadonlyMap<string, { readonly changeable: boolean; readonly check: Check }> = new Map(
  [
    ['queue.type', { changeable: false, check: oneOf('BatchCQ', 'SimpleCQ', 'RocksDBCQ') }],
    ['cleanup.policy', { changeable: false, check: oneOf('DELETE', 'COMPACTION') }],
    [
      'message.type',
      {
        changeable: true,
        check: oneOf(
          'UNSPECIFIED',
          'MIXED',
          'TRANSACTION',
          'PRIORITY',
          'FIFO',
          'DELAY',
          'LITE',
          'NORMAL',
        ),
      },
    ],
    ['reserve.time', { changeable: true, check: wholeBetween(-1, Number.MAX_SAFE_INTEGER) }],
    [
      'lite.topic.expiration',
      { changeable: true, check: wholeBetween(-1, MAX_LITE_EXPIRATION_MINUTES) },
    ],
  ],
)

/** True for a topic of which the newest message of each key is kept. @see CleanupPolicyUtils.isCompaction */
export function isCompacted(attributes: ReadonlyMap<string, string> | undefined): boolean {
  return attributes?.get('cleanup.policy') === 'COMPACTION'
}

/** Parses "+a=b,-c" into a map with the signs kept in the keys. @see AttributeParser.parseToMap */
export function parseAttributeChanges(text: string): Outcome<ReadonlyMap<string, string>> {
  const changes = new Map<string, string>()
  if (text === '') return { kind: 'value', value: changes }
  for (const part of text.split(',')) {
    const [rawKey = '', value] = part.split('=')
    const key = rawKey.trim()
    const isAddition = key.startsWith('+')
    if (value !== undefined && !isAddition) {
      return { kind: 'fault', text: `add/alter attribute format is wrong: ${key}` }
    }
    if (value === undefined && !key.startsWith('-')) {
      return { kind: 'fault', text: `delete attribute format is wrong: ${key}` }
    }
    if (changes.has(key)) return { kind: 'fault', text: `key duplication: ${key}` }
    changes.set(key, isAddition ? (value ?? '').trim() : '')
  }
  return { kind: 'value', value: changes }
}

/**
 * The attributes after the changes; `current` undefined is a new topic, which may not remove any.
 * @see AttributeUtil.alterCurrentAttributes
 */
export function alteredAttributes(
  current: ReadonlyMap<string, string> | undefined,
  changes: ReadonlyMap<string, string>,
): Outcome<ReadonlyMap<string, string>> {
  const altered = new Map(current)
  for (const [signed, value] of changes) {
    const key = signed.slice(1)
    const attribute = known.get(key)
    if (attribute === undefined) return { kind: 'fault', text: `unsupported key: ${key}` }
    if (signed.startsWith('-')) {
      if (current === undefined) {
        return {
          kind: 'fault',
          text: `only add attribute is supported while creating topic. key: ${key}`,
        }
      }
      if (!current.has(key)) {
        return { kind: 'fault', text: `attempt to delete a nonexistent key: ${key}` }
      }
      altered.delete(key)
      continue
    }
    if (current !== undefined && !attribute.changeable) {
      return { kind: 'fault', text: `attempt to update an unchangeable attribute. key: ${key}` }
    }
    const fault = attribute.check(value)
    if (fault !== undefined) return { kind: 'fault', text: fault }
    altered.set(key, value)
  }
  return { kind: 'value', value: altered }
}
