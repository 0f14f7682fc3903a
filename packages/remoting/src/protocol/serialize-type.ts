// SPDX-License-Identifier: Apache-2.0
// The two header encodings and their numbers in the frame's header word.

/** `json` is a JSON object; `rocketmq` is the binary header. */
export type SerializeType = 'json' | 'rocketmq'

/** Number of the JSON header encoding. */
export const SERIALIZE_JSON = 0
/** Number of the binary header encoding. */
export const SERIALIZE_BINARY = 1

/** Codes above this wrap in the binary header's int16, so such requests travel as JSON. */
export const MAX_BINARY_CODE = 0x7fff
