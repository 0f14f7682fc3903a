// SPDX-License-Identifier: Apache-2.0
// Names of groups: the answer of QUERY_TOPIC_CONSUME_BY_WHO.
import { initially, list, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's GroupList. */
export interface GroupList {
  readonly groupList: readonly string[]
}

const groupListShape: Shape<GroupList> = record<GroupList>({
  groupList: initially(list(text), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a GroupList. */
export function decodeGroupList(bytes: Uint8Array): GroupList {
  return decodeBody('GroupList', groupListShape, bytes)
}

/** The bytes Java's GroupList writes. */
export function encodeGroupList(body: GroupList, form?: JsonForm): Uint8Array {
  return encodeBody(groupListShape, body, form)
}
