// SPDX-License-Identifier: Apache-2.0
// Check a half message again that was given up.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What RESUME_CHECK_HALF_MESSAGE asks. Source: RequestCode.RESUME_CHECK_HALF_MESSAGE, ResumeCheckHalfMessageRequestHeader. */
export interface ResumeCheckHalfMessageRequest {
  readonly topic: string | undefined
  readonly msgId: string | undefined
}

/** Check a half message again that was given up. Source: RequestCode.RESUME_CHECK_HALF_MESSAGE, ResumeCheckHalfMessageRequestHeader. */
export const resumeCheckHalfMessage: RequestType<ResumeCheckHalfMessageRequest, NoFields> = {
  code: 323,
  name: 'RESUME_CHECK_HALF_MESSAGE',
  request: {
    topic: optional(string('topic')),
    msgId: optional(string('msgId')),
  },
  response: noFields,
}
