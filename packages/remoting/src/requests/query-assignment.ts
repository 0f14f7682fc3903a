// SPDX-License-Identifier: Apache-2.0
// Ask the broker which queues a consumer gets; bodies are QueryAssignmentRequestBody and QueryAssignmentResponseBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Ask the broker which queues a consumer gets; bodies are QueryAssignmentRequestBody and QueryAssignmentResponseBody. Source: RequestCode.QUERY_ASSIGNMENT. */
export const queryAssignment: RequestType<NoFields, NoFields> = {
  code: 400,
  name: 'QUERY_ASSIGNMENT',
  request: noFields,
  response: noFields,
}
