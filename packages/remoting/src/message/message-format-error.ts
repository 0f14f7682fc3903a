// SPDX-License-Identifier: Apache-2.0
// The error for bytes that are not a message.
import { RocketMQError } from '../errors.ts'

/** Bytes from a peer or a file that do not have the layout of a message, or a body that does not match its checksum. */
export class MessageFormatError extends RocketMQError {
  constructor(message: string, cause?: unknown) {
    super('RMQ_PROTOCOL', message, { cause })
  }
}
