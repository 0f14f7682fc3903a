// SPDX-License-Identifier: Apache-2.0
// Tag expressions become what Java's FilterAPI makes of them.
import { describe, expect, it } from 'vitest'
import { matchesTag, tagSubscription } from './subscription.ts'

describe('tagSubscription', () => {
  it.each([[''], ['*']])('%o subscribes to everything', (expression) => {
    const subscription = tagSubscription('T', expression, 7)
    expect(subscription).toMatchObject({ subString: '*', tagsSet: [], codeSet: [], subVersion: 7 })
    expect(matchesTag(subscription, undefined)).toBe(true)
  })

  it('splits tags, trims them and hashes them as Java does', () => {
    const subscription = tagSubscription('T', 'TagA || TagB||TagA|| ', 7)
    expect(subscription.subString).toBe('TagA || TagB||TagA|| ')
    expect(subscription.tagsSet).toEqual(['TagA', 'TagB'])
    expect(subscription.codeSet).toEqual([2598919, 2598920])
  })

  it('compares the text, because the hashes of two tags may be one', () => {
    const subscription = tagSubscription('T', 'Aa', 7)
    expect(matchesTag(subscription, 'Aa')).toBe(true)
    // "BB" and "Aa" have one hash code in Java.
    expect(matchesTag(subscription, 'BB')).toBe(false)
    expect(matchesTag(subscription, undefined)).toBe(false)
  })
})
