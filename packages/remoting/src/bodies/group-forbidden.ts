// SPDX-License-Identifier: Apache-2.0
// Whether a group may read a topic: the answer of UPDATE_AND_GET_GROUP_FORBIDDEN.
import { bool, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's GroupForbidden. */
export interface GroupForbidden {
  readonly group?: string | undefined
  /** Undefined when only asked for. */
  readonly readable?: boolean | undefined
  readonly topic?: string | undefined
}

const groupForbiddenShape: Shape<GroupForbidden> = record<GroupForbidden>({
  group: optional(text),
  readable: optional(bool),
  topic: optional(text),
})

/** @throws {JavaJsonError} when the bytes are not a GroupForbidden. */
export function decodeGroupForbidden(bytes: Uint8Array): GroupForbidden {
  return decodeBody('GroupForbidden', groupForbiddenShape, bytes)
}

/** The bytes Java's GroupForbidden writes. */
export function encodeGroupForbidden(body: GroupForbidden, form?: JsonForm): Uint8Array {
  return encodeBody(groupForbiddenShape, body, form)
}
