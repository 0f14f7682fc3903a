// SPDX-License-Identifier: Apache-2.0
// Reads header fields whose absence matters to a hot handler.
import { BadField } from '@rocketmq-ts/remoting'

/** What `read` returns; undefined when the field is missing or malformed. */
export function fieldOrAbsent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadField) return undefined
    throw error
  }
}

/**
 * The text of a field that must be there.
 * @throws {BadField} when it is not: answered SYSTEM_ERROR, as where Java fails on the null.
 */
export function required(text: string | undefined, name: string): string {
  if (text === undefined) throw new BadField(`the custom field <${name}> is null`)
  return text
}
