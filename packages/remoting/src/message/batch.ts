// SPDX-License-Identifier: Apache-2.0
// Several messages in one send (code 320).
//
//     per message: bytes 4, magic 4 (0), body CRC 4 (0), flag 4, body length 4, body, properties length 2, properties
import { bodyCrc } from './body-crc.ts'
import { int16At, int32At, putInt32 } from './integers.ts'
import { MessageFormatError } from './message-format-error.ts'
import type { Message } from './message.ts'
import { encodeProperties } from './properties.ts'

const HEAD_BYTES = 20
const FIXED_BYTES = HEAD_BYTES + 2
const MAX_PROPERTY_BYTES = 32_767

/** One message of a batch; body and properties are views of the batch. */
export interface BatchMessage {
  readonly flag: number
  readonly body: Uint8Array
  /** UTF-8 of the encoded properties. */
  readonly properties: Uint8Array
  readonly bodyCrc: number
}

/** @throws {RangeError} when a message's properties take more than 32,767 bytes. */
export function encodeBatch(
  messages: readonly Pick<Message, 'body' | 'flag' | 'properties'>[],
): Uint8Array {
  const encoded = messages.map((message) => ({
    message,
    properties: Buffer.from(encodeProperties(message.properties ?? {}), 'utf8'),
  }))
  let byteLength = 0
  for (const { message, properties } of encoded) {
    if (properties.length > MAX_PROPERTY_BYTES) {
      throw new RangeError(
        `properties of ${properties.length} bytes are above ${MAX_PROPERTY_BYTES}`,
      )
    }
    byteLength += FIXED_BYTES + message.body.length + properties.length
  }
  const batch = new Uint8Array(byteLength)
  let at = 0
  for (const { message, properties } of encoded) {
    const { body } = message
    putInt32(batch, at, FIXED_BYTES + body.length + properties.length)
    putInt32(batch, at + 12, message.flag ?? 0)
    putInt32(batch, at + 16, body.length)
    batch.set(body, at + HEAD_BYTES)
    at += HEAD_BYTES + body.length
    batch[at] = properties.length >> 8
    batch[at + 1] = properties.length
    batch.set(properties, at + 2)
    at += 2 + properties.length
  }
  return batch
}

/** Walks the messages of a batch. @throws {MessageFormatError} at the first that is not whole. */
export function* iterateBatch(batch: Uint8Array): Generator<BatchMessage, void, undefined> {
  for (let at = 0; at < batch.length;) {
    const end = at + (batch.length - at < FIXED_BYTES ? 0 : int32At(batch, at))
    if (end < at + FIXED_BYTES || end > batch.length) throw notWhole(at)
    const bodyBytes = int32At(batch, at + 16)
    const bodyStart = at + HEAD_BYTES
    const bodyEnd = bodyStart + bodyBytes
    if (bodyBytes < 0 || bodyEnd + 2 > end) throw notWhole(at)
    const propertiesEnd = bodyEnd + 2 + int16At(batch, bodyEnd)
    if (propertiesEnd !== end) throw notWhole(at)
    yield {
      flag: int32At(batch, at + 12),
      body: batch.subarray(bodyStart, bodyEnd),
      properties: batch.subarray(bodyEnd + 2, propertiesEnd),
      bodyCrc: bodyCrc(batch, bodyStart, bodyEnd),
    }
    at = end
  }
}

function notWhole(at: number): MessageFormatError {
  return new MessageFormatError(`no whole message at byte ${at} of the batch`)
}
