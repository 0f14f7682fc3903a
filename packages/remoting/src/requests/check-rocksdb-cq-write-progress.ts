// SPDX-License-Identifier: Apache-2.0
// Compare RocksDB consume queues with those in files; the answer is a CheckRocksdbCqWriteResult body.
import {
  absentAs,
  noFields,
  offset,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CHECK_ROCKSDB_CQ_WRITE_PROGRESS asks. Source: RequestCode.CHECK_ROCKSDB_CQ_WRITE_PROGRESS, CheckRocksdbCqWriteProgressRequestHeader. */
export interface CheckRocksdbCqWriteProgressRequest {
  readonly topic: string
  readonly checkStoreTime: number
}

/** Compare RocksDB consume queues with those in files; the answer is a CheckRocksdbCqWriteResult body. Source: RequestCode.CHECK_ROCKSDB_CQ_WRITE_PROGRESS, CheckRocksdbCqWriteProgressRequestHeader. */
export const checkRocksdbCqWriteProgress: RequestType<
  CheckRocksdbCqWriteProgressRequest,
  NoFields
> = {
  code: 354,
  name: 'CHECK_ROCKSDB_CQ_WRITE_PROGRESS',
  request: {
    topic: string('topic'),
    checkStoreTime: absentAs(offset('checkStoreTime'), 0),
  },
  response: noFields,
}
