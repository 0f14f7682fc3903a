// SPDX-License-Identifier: Apache-2.0
// Move pop records out of RocksDB into the log.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Move pop records out of RocksDB into the log. Source: RequestCode.POP_ROLLBACK. */
export const popRollback: RequestType<NoFields, NoFields> = {
  code: 200056,
  name: 'POP_ROLLBACK',
  request: noFields,
  response: noFields,
}
