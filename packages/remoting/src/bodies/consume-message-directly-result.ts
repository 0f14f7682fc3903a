// SPDX-License-Identifier: Apache-2.0
// What came of handling one message: the answer of CONSUME_MESSAGE_DIRECTLY.
import {
  bool,
  initially,
  nameOrAbsent,
  offset,
  oneOf,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's CmResult. */
export type CmResult =
  'CR_SUCCESS' | 'CR_LATER' | 'CR_ROLLBACK' | 'CR_COMMIT' | 'CR_THROW_EXCEPTION' | 'CR_RETURN_NULL'

/** Java's ConsumeMessageDirectlyResult. */
export interface ConsumeMessageDirectlyResult {
  readonly autoCommit: boolean
  readonly consumeResult?: CmResult | undefined
  readonly order: boolean
  readonly remark?: string | undefined
  /** Milliseconds. */
  readonly spentTimeMills: number
}

const cmResultShape: Shape<CmResult> = oneOf([
  'CR_SUCCESS',
  'CR_LATER',
  'CR_ROLLBACK',
  'CR_COMMIT',
  'CR_THROW_EXCEPTION',
  'CR_RETURN_NULL',
])

const consumeMessageDirectlyResultShape: Shape<ConsumeMessageDirectlyResult> =
  record<ConsumeMessageDirectlyResult>({
    autoCommit: initially(bool, () => true),
    consumeResult: nameOrAbsent(cmResultShape),
    order: initially(bool, () => false),
    remark: optional(text),
    spentTimeMills: initially(offset, () => 0),
  })

/** @throws {JavaJsonError} when the bytes are not a ConsumeMessageDirectlyResult. */
export function decodeConsumeMessageDirectlyResult(
  bytes: Uint8Array,
): ConsumeMessageDirectlyResult {
  return decodeBody('ConsumeMessageDirectlyResult', consumeMessageDirectlyResultShape, bytes)
}

/** The bytes Java's ConsumeMessageDirectlyResult writes. */
export function encodeConsumeMessageDirectlyResult(
  body: ConsumeMessageDirectlyResult,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(consumeMessageDirectlyResultShape, body, form)
}
