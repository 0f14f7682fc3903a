// SPDX-License-Identifier: Apache-2.0
// How far RocksDB consume queues agree with those in files: the answer of CHECK_ROCKSDB_CQ_WRITE_PROGRESS.
import { initially, int32, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's CheckRocksdbCqWriteResult. */
export interface CheckRocksdbCqWriteResult {
  readonly checkResult?: string | undefined
  readonly checkStatus: number
}

const checkRocksdbCqWriteResultShape: Shape<CheckRocksdbCqWriteResult> =
  record<CheckRocksdbCqWriteResult>({
    checkResult: optional(text),
    checkStatus: initially(int32, () => 0),
  })

/** @throws {JavaJsonError} when the bytes are not a CheckRocksdbCqWriteResult. */
export function decodeCheckRocksdbCqWriteResult(bytes: Uint8Array): CheckRocksdbCqWriteResult {
  return decodeBody('CheckRocksdbCqWriteResult', checkRocksdbCqWriteResultShape, bytes)
}

/** The bytes Java's CheckRocksdbCqWriteResult writes. */
export function encodeCheckRocksdbCqWriteResult(
  body: CheckRocksdbCqWriteResult,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(checkRocksdbCqWriteResultShape, body, form)
}
