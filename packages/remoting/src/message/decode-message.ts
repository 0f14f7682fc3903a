// SPDX-License-Identifier: Apache-2.0
// Turns stored records into messages.
import { bodyCrc } from './body-crc.ts'
import { compressionTypeOf, decompress } from './compression.ts'
import { decodeHost } from './host.ts'
import { int32At, int64At } from './integers.ts'
import { createMessageIdOfHost } from './message-id.ts'
import { MessageProperty } from './message-property.ts'
import type { MessageExt } from './message.ts'
import { MessageFormatError } from './message-format-error.ts'
import { decodeProperties } from './properties.ts'
import {
  bodyCrcAt,
  bornTimestampAt,
  physicalOffsetAt,
  queueIdAt,
  queueOffsetAt,
  RecordLocation,
  RecordPosition,
} from './stored-message.ts'
import { bornHostBytes, isCompressed, storeHostBytes, SysFlag } from './sys-flag.ts'

export interface DecodeMessageOptions {
  /** Restore compressed bodies; true unless told. */
  readonly decompress?: boolean
  /**
   * Compare the body as it stands with its checksum; false unless told, as in Java's client.
   * It holds for what a store wrote; what a broker encoded anew for a client may carry the checksum of another form of the body.
   */
  readonly checkCrc?: boolean
}

const location = new RecordLocation()

/**
 * Reads the record at `at`.
 * @throws {MessageFormatError} when there is no whole record, the checksum differs or the body does not restore.
 */
export function decodeMessage(
  bytes: Uint8Array,
  at: number = 0,
  options: DecodeMessageOptions = {},
): MessageExt {
  if (!location.locate(bytes, at)) {
    throw new MessageFormatError(`no whole message at byte ${at} of ${bytes.length}`)
  }
  const { sysFlag } = location
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const properties = decodeProperties(
    buffer.toString('utf8', location.propertiesStart, location.propertiesEnd),
  )
  const storeHostLength = storeHostBytes(sysFlag)
  const commitLogOffset = physicalOffsetAt(bytes, at)
  const offsetMsgId = createMessageIdOfHost(
    bytes.subarray(location.storeHostAt, location.storeHostAt + storeHostLength),
    commitLogOffset,
  )
  const restores = options.decompress !== false && isCompressed(sysFlag)
  return {
    topic: buffer.toString('utf8', location.topicStart, location.topicEnd),
    body: bodyOf(bytes, at, location, restores, options.checkCrc === true),
    properties,
    flag: int32At(bytes, at + RecordPosition.FLAG),
    // As in Java, the flag then no longer says that the body is compressed.
    sysFlag: restores ? sysFlag & ~SysFlag.COMPRESSED : sysFlag,
    queueId: queueIdAt(bytes, at),
    queueOffset: queueOffsetAt(bytes, at),
    commitLogOffset,
    bornTimestamp: bornTimestampAt(bytes, at),
    bornHost: decodeHost(bytes, at + RecordPosition.BORN_HOST, bornHostBytes(sysFlag)),
    storeTimestamp: int64At(bytes, location.storeTimestampAt),
    storeHost: decodeHost(bytes, location.storeHostAt, storeHostLength),
    reconsumeTimes: int32At(bytes, location.reconsumeTimesAt),
    preparedTransactionOffset: int64At(bytes, location.preparedTransactionOffsetAt),
    storeSize: location.recordBytes,
    bodyCrc: bodyCrcAt(bytes, at),
    offsetMsgId,
    msgId: properties[MessageProperty.UNIQ_KEY] ?? offsetMsgId,
  }
}

/**
 * Reads records that stand back to back, as in the answer to a pull. A body that cannot be restored stays as stored,
 * and its sysFlag goes on saying that it is compressed: one such message must not hold up all that follow it.
 * @throws {MessageFormatError} when the bytes are not whole records
 */
export function decodeMessages(
  bytes: Uint8Array,
  options: DecodeMessageOptions = {},
): MessageExt[] {
  const messages: MessageExt[] = []
  for (let at = 0; at < bytes.length;) {
    const message = decodedOrAsStored(bytes, at, options)
    messages.push(message)
    at += message.storeSize
  }
  return messages
}

function decodedOrAsStored(
  bytes: Uint8Array,
  at: number,
  options: DecodeMessageOptions,
): MessageExt {
  try {
    return decodeMessage(bytes, at, options)
  } catch {
    // Thrown again when it was not the compression.
    return decodeMessage(bytes, at, { ...options, decompress: false })
  }
}

function bodyOf(
  bytes: Uint8Array,
  at: number,
  { bodyStart, bodyEnd, sysFlag }: RecordLocation,
  restores: boolean,
  checkCrc: boolean,
): Uint8Array {
  if (checkCrc && bodyCrc(bytes, bodyStart, bodyEnd) !== bodyCrcAt(bytes, at)) {
    throw new MessageFormatError(`the body of the message at byte ${at} fails its checksum`)
  }
  const body = bytes.subarray(bodyStart, bodyEnd)
  return restores ? decompress(body, compressionTypeOf(sysFlag)) : body
}
