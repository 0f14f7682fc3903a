// SPDX-License-Identifier: Apache-2.0
// The two header encodings, their numbers in the frame's header word, and what a process is told to use.
import { RocketMQError } from '../errors.ts'

/** `json` is a JSON object; `rocketmq` is the binary header. */
export type SerializeType = 'json' | 'rocketmq'

/** Number of the JSON header encoding. */
export const SERIALIZE_JSON = 0
/** Number of the binary header encoding. */
export const SERIALIZE_BINARY = 1

/**
 * What Java reads from `rocketmq.serialize.type` and ROCKETMQ_SERIALIZE_TYPE: `JSON` or `ROCKETMQ`; json when there is no text.
 * @throws {RMQ_INVALID_ARGUMENT} on any other text. @see RemotingCommand
 */
export function parseSerializeType(text: string | undefined): SerializeType {
  const name = text?.trim() ?? ''
  if (name === '' || name === 'JSON') return 'json'
  if (name === 'ROCKETMQ') return 'rocketmq'
  throw new RocketMQError(
    'RMQ_INVALID_ARGUMENT',
    `the serialize type ${name} does not exist, use JSON or ROCKETMQ`,
  )
}

/** Java's name of an encoding. */
export function serializeTypeName(type: SerializeType): string {
  return type.toUpperCase()
}

/** Codes above this wrap in the binary header's int16, so such requests travel as JSON. */
export const MAX_BINARY_CODE = 0x7fff
