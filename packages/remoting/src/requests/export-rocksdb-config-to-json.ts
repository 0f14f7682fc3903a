// SPDX-License-Identifier: Apache-2.0
// Write the configuration kept in RocksDB into JSON files; configType joins topics, subscriptionGroups and consumerOffsets by semicolons.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What EXPORT_ROCKSDB_CONFIG_TO_JSON asks. Source: RequestCode.EXPORT_ROCKSDB_CONFIG_TO_JSON, ExportRocksDBConfigToJsonRequestHeader. */
export interface ExportRocksdbConfigToJsonRequest {
  readonly configType: string
}

/** Write the configuration kept in RocksDB into JSON files; configType joins topics, subscriptionGroups and consumerOffsets by semicolons. Source: RequestCode.EXPORT_ROCKSDB_CONFIG_TO_JSON, ExportRocksDBConfigToJsonRequestHeader. */
export const exportRocksdbConfigToJson: RequestType<ExportRocksdbConfigToJsonRequest, NoFields> = {
  code: 355,
  name: 'EXPORT_ROCKSDB_CONFIG_TO_JSON',
  request: {
    configType: string('configType'),
  },
  response: noFields,
}
