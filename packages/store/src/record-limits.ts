// SPDX-License-Identifier: Apache-2.0
// Limits of records and segments that the layout itself sets; the layout is in @rocketmq-ts/remoting/message.

/** A segment always keeps room for a blank's size and magic; what follows them is unused. (Java: END_FILE_MIN_BLANK_LENGTH) */
export const BLANK_BYTES = 8
/** The smallest record: no body, no topic, no properties. */
export const SMALLEST_RECORD_BYTES = 91
/** Longest topic that the one-byte length of layout V1 can hold. */
export const MAX_V1_TOPIC_BYTES = 127
export const MAX_TOPIC_BYTES = 32_767
export const MAX_PROPERTIES_BYTES = 32_767
