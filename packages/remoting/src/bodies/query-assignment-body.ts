// SPDX-License-Identifier: Apache-2.0
// Which queues a consumer gets: body and answer of QUERY_ASSIGNMENT.
import {
  list,
  mapOf,
  nameOrAbsent,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageModelShape, type MessageModel } from './consume-types.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'
import {
  messageRequestModeShape,
  type MessageRequestMode,
} from './set-message-request-mode-body.ts'

/** Java's QueryAssignmentRequestBody. */
export interface QueryAssignmentBody {
  readonly clientId?: string | undefined
  readonly consumerGroup?: string | undefined
  readonly messageModel?: MessageModel | undefined
  readonly strategyName?: string | undefined
  readonly topic?: string | undefined
}

/** Java's MessageQueueAssignment. */
export interface MessageQueueAssignment {
  readonly attachments?: ReadonlyMap<string, string> | undefined
  readonly messageQueue?: MessageQueue | undefined
  /** PULL when it was not there, undefined when it was a name nobody knows. */
  readonly mode?: MessageRequestMode | undefined
}

/** Java's QueryAssignmentResponseBody. */
export interface QueryAssignmentResult {
  readonly messageQueueAssignments?: readonly MessageQueueAssignment[] | undefined
}

const queryAssignmentBodyShape: Shape<QueryAssignmentBody> = record<QueryAssignmentBody>({
  clientId: optional(text),
  consumerGroup: optional(text),
  messageModel: nameOrAbsent(messageModelShape),
  strategyName: optional(text),
  topic: optional(text),
})

const messageQueueAssignmentShape: Shape<MessageQueueAssignment> = record<MessageQueueAssignment>({
  attachments: optional(mapOf(text, text)),
  messageQueue: optional(messageQueueShape),
  mode: nameOrAbsent(messageRequestModeShape, 'PULL'),
})

const queryAssignmentResultShape: Shape<QueryAssignmentResult> = record<QueryAssignmentResult>({
  messageQueueAssignments: optional(list(messageQueueAssignmentShape)),
})

/** @throws {JavaJsonError} when the bytes are not a QueryAssignmentBody. */
export function decodeQueryAssignmentBody(bytes: Uint8Array): QueryAssignmentBody {
  return decodeBody('QueryAssignmentBody', queryAssignmentBodyShape, bytes)
}

/** The bytes Java's QueryAssignmentRequestBody writes. */
export function encodeQueryAssignmentBody(body: QueryAssignmentBody, form?: JsonForm): Uint8Array {
  return encodeBody(queryAssignmentBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a QueryAssignmentResult. */
export function decodeQueryAssignmentResult(bytes: Uint8Array): QueryAssignmentResult {
  return decodeBody('QueryAssignmentResult', queryAssignmentResultShape, bytes)
}

/** The bytes Java's QueryAssignmentResponseBody writes. */
export function encodeQueryAssignmentResult(
  body: QueryAssignmentResult,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(queryAssignmentResultShape, body, form)
}
