// SPDX-License-Identifier: Apache-2.0
// Switch read-ahead of commit log files on or off; READ_AHEAD_MODE is the number of an madvise mode.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What SET_COMMITLOG_READ_MODE asks. Source: RequestCode.SET_COMMITLOG_READ_MODE, in the ext fields without a header class. */
export interface SetCommitlogReadModeRequest {
  readonly READ_AHEAD_MODE: string | undefined
}

/** Switch read-ahead of commit log files on or off; READ_AHEAD_MODE is the number of an madvise mode. Source: RequestCode.SET_COMMITLOG_READ_MODE. */
export const setCommitlogReadMode: RequestType<SetCommitlogReadModeRequest, NoFields> = {
  code: 2004,
  name: 'SET_COMMITLOG_READ_MODE',
  request: {
    READ_AHEAD_MODE: optional(string('READ_AHEAD_MODE')),
  },
  response: noFields,
}
