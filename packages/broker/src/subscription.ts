// SPDX-License-Identifier: Apache-2.0
// What a group wants of a topic, ready to be matched against queue entries.
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import { tagHash } from '@rocketmq-ts/remoting/message'

/** A subscription in force. */
export interface Subscription {
  readonly data: SubscriptionData
  /** Tells by a queue entry's tags code whether the message may match; undefined when all do. */
  readonly matchTags: ((tagsCode: number) => boolean) | undefined
}

export const EVERYTHING = '*'

/** A subscription that a client announced in its heartbeat: the tag hashes are the client's. */
export function subscriptionOf(data: SubscriptionData): Subscription {
  return { data, matchTags: matcherOf(data) }
}

/**
 * A subscription that came with a pull request; undefined when the expression names no tag at all.
 * @see FilterAPI.build, FilterAPI.buildSubscriptionData
 */
export function parseSubscription(
  topic: string,
  expression: string | undefined,
): Subscription | undefined {
  const subString = expression ?? ''
  const base = { classFilterMode: false, expressionType: 'TAG', subVersion: 0, topic }
  if (subString === '' || subString === EVERYTHING) {
    return {
      data: { ...base, codeSet: [], subString: EVERYTHING, tagsSet: [] },
      matchTags: undefined,
    }
  }
  const parts = subString.split('||')
  if (parts.every((part) => part === '')) return undefined
  const tagsSet = [...new Set(parts.map((tag) => tag.trim()).filter((tag) => tag !== ''))]
  return subscriptionOf({ ...base, codeSet: tagsSet.map(tagHash), subString, tagsSet })
}

function matcherOf(data: SubscriptionData): ((tagsCode: number) => boolean) | undefined {
  if (data.subString === EVERYTHING || data.classFilterMode) return undefined
  const [only] = data.codeSet
  // A queue entry may hold 64 bits (a deliver time); Java compares the low 32.
  if (data.codeSet.length === 1) return (tagsCode) => (tagsCode | 0) === only
  const codes = new Set(data.codeSet)
  return (tagsCode) => codes.has(tagsCode | 0)
}
