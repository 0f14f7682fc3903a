// SPDX-License-Identifier: Apache-2.0
// Tell a slave how far its master has flushed.
import { noFields, offset, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What RESET_MASTER_FLUSH_OFFSET asks. Source: RequestCode.RESET_MASTER_FLUSH_OFFSET, ResetMasterFlushOffsetHeader. */
export interface ResetMasterFlushOffsetRequest {
  readonly masterFlushOffset: number
}

/** Tell a slave how far its master has flushed. Source: RequestCode.RESET_MASTER_FLUSH_OFFSET, ResetMasterFlushOffsetHeader. */
export const resetMasterFlushOffset: RequestType<ResetMasterFlushOffsetRequest, NoFields> = {
  code: 908,
  name: 'RESET_MASTER_FLUSH_OFFSET',
  request: {
    masterFlushOffset: offset('masterFlushOffset'),
  },
  response: noFields,
}
