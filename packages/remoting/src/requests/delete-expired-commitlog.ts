// SPDX-License-Identifier: Apache-2.0
// Delete expired commit log files now.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Delete expired commit log files now. Source: RequestCode.DELETE_EXPIRED_COMMITLOG. */
export const deleteExpiredCommitlog: RequestType<NoFields, NoFields> = {
  code: 329,
  name: 'DELETE_EXPIRED_COMMITLOG',
  request: noFields,
  response: noFields,
}
