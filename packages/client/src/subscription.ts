// SPDX-License-Identifier: Apache-2.0
// Turns a tag expression into what the broker filters by, and filters again by the tag's text.
import { tagHash } from '@rocketmq-ts/remoting/message'
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'

/** The expression that matches every message. */
export const SUB_ALL = '*'

/**
 * `*` or nothing for all, else tags joined by `||`. `version` is a wall time: the broker keeps the newest.
 * Source: FilterAPI.buildSubscriptionData.
 */
export function tagSubscription(
  topic: string,
  expression: string,
  version: number,
): SubscriptionData {
  const everything = expression === '' || expression === SUB_ALL
  const tags = everything ? [] : distinctTags(expression)
  return {
    topic,
    subString: everything ? SUB_ALL : expression,
    tagsSet: tags,
    codeSet: [...new Set(tags.map(tagHash))],
    subVersion: version,
    expressionType: 'TAG',
    classFilterMode: false,
  }
}

/** Whether a message with this tag belongs to the subscription. The broker compared hashes only, so two tags may collide. */
export function matchesTag(subscription: SubscriptionData, tag: string | undefined): boolean {
  if (subscription.tagsSet.length === 0 || subscription.classFilterMode) return true
  return tag !== undefined && subscription.tagsSet.includes(tag)
}

function distinctTags(expression: string): string[] {
  const tags = expression.split('||').map((tag) => tag.trim())
  return [...new Set(tags.filter((tag) => tag !== ''))]
}
