// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting/message.
export { encodeBatch, iterateBatch, type BatchMessage } from './batch.ts'
export { bodyCrc } from './body-crc.ts'
export {
  compress,
  compressionFlag,
  compressionTypeOf,
  decompress,
  type CompressionType,
} from './compression.ts'
export { decodeMessage, decodeMessages, type DecodeMessageOptions } from './decode-message.ts'
export { decodeHost, encodeHost, isIpv6, writeHost } from './host.ts'
export { int16At, int32At, int64At, putInt32, putInt64 } from './integers.ts'
export { MessageFormatError } from './message-format-error.ts'
export { createMessageId, createMessageIdOfHost, decodeMessageId } from './message-id.ts'
export { KEY_SEPARATOR, MessageProperty } from './message-property.ts'
export { keysOf, tagsOf, type Message, type MessageExt } from './message.ts'
export {
  decodeProperties,
  encodeProperties,
  findProperty,
  propertyEnd,
  PropertyScanner,
  type Properties,
} from './properties.ts'
export {
  BLANK_MAGIC,
  bodyCrcAt,
  bornTimestampAt,
  magicAt,
  MESSAGE_MAGIC_V1,
  MESSAGE_MAGIC_V2,
  messageVersionOf,
  physicalOffsetAt,
  queueIdAt,
  queueOffsetAt,
  recordBytesAt,
  RecordLocation,
  RecordPosition,
  storedRecordBytes,
  storeTimestampAt,
  sysFlagAt,
  writeStoredRecord,
  type MessageVersion,
  type StoredRecordFields,
} from './stored-message.ts'
export {
  bornHostBytes,
  isCompressed,
  storeHostBytes,
  SysFlag,
  transactionTypeOf,
} from './sys-flag.ts'
export { tagHash, tagHashOfUtf8 } from './tag-hash.ts'
export { UniqueKeys } from './unique-keys.ts'
