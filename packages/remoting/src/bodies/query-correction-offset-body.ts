// SPDX-License-Identifier: Apache-2.0
// Offsets by queue id: the answer of QUERY_CORRECTION_OFFSET.
import { initially, int32, mapOf, offset, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's QueryCorrectionOffsetBody. */
export interface QueryCorrectionOffsetBody {
  readonly correctionOffsets: ReadonlyMap<number, number>
}

const queryCorrectionOffsetBodyShape: Shape<QueryCorrectionOffsetBody> =
  record<QueryCorrectionOffsetBody>({
    correctionOffsets: initially(mapOf(int32, offset), () => new Map()),
  })

/** @throws {JavaJsonError} when the bytes are not a QueryCorrectionOffsetBody. */
export function decodeQueryCorrectionOffsetBody(bytes: Uint8Array): QueryCorrectionOffsetBody {
  return decodeBody('QueryCorrectionOffsetBody', queryCorrectionOffsetBodyShape, bytes)
}

/** The bytes Java's QueryCorrectionOffsetBody writes. */
export function encodeQueryCorrectionOffsetBody(
  body: QueryCorrectionOffsetBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(queryCorrectionOffsetBodyShape, body, form)
}
