// SPDX-License-Identifier: Apache-2.0
// How a group consumes: the names Java gives its enums.
import { oneOf, type Shape } from '../java-json/shape.ts'

export type ConsumeType = 'CONSUME_ACTIVELY' | 'CONSUME_PASSIVELY' | 'CONSUME_POP'
export type MessageModel = 'BROADCASTING' | 'CLUSTERING' | 'LITE_SELECTIVE'
export type ConsumeFromWhere =
  | 'CONSUME_FROM_LAST_OFFSET'
  | 'CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST'
  | 'CONSUME_FROM_MIN_OFFSET'
  | 'CONSUME_FROM_MAX_OFFSET'
  | 'CONSUME_FROM_FIRST_OFFSET'
  | 'CONSUME_FROM_TIMESTAMP'

export const consumeTypeShape: Shape<ConsumeType> = oneOf([
  'CONSUME_ACTIVELY',
  'CONSUME_PASSIVELY',
  'CONSUME_POP',
])

export const messageModelShape: Shape<MessageModel> = oneOf([
  'BROADCASTING',
  'CLUSTERING',
  'LITE_SELECTIVE',
])

export const consumeFromWhereShape: Shape<ConsumeFromWhere> = oneOf([
  'CONSUME_FROM_LAST_OFFSET',
  'CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST',
  'CONSUME_FROM_MIN_OFFSET',
  'CONSUME_FROM_MAX_OFFSET',
  'CONSUME_FROM_FIRST_OFFSET',
  'CONSUME_FROM_TIMESTAMP',
])
