// SPDX-License-Identifier: Apache-2.0
// Subscriptions to lite topics: the body of LITE_SUBSCRIPTION_CTL.
import {
  initially,
  list,
  nameOrAbsent,
  offset,
  oneOf,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's OffsetOptionType. */
export type OffsetOptionType = 'POLICY' | 'OFFSET' | 'TAIL_N' | 'TIMESTAMP'

/** Java's LiteSubscriptionAction. */
export type LiteSubscriptionAction =
  'PARTIAL_ADD' | 'PARTIAL_REMOVE' | 'COMPLETE_ADD' | 'COMPLETE_REMOVE'

/** Java's OffsetOption. */
export interface OffsetOption {
  readonly type?: OffsetOptionType | undefined
  readonly value: number
}

/** Java's LiteSubscriptionDTO. */
export interface LiteSubscriptionDto {
  readonly action?: LiteSubscriptionAction | undefined
  readonly clientId?: string | undefined
  readonly group?: string | undefined
  readonly liteTopicSet?: readonly string[] | undefined
  readonly offsetOption?: OffsetOption | undefined
  readonly topic?: string | undefined
  readonly version: number
}

/** Java's LiteSubscriptionCtlRequestBody. */
export interface LiteSubscriptionCtlBody {
  readonly subscriptionSet?: readonly LiteSubscriptionDto[] | undefined
}

const offsetOptionTypeShape: Shape<OffsetOptionType> = oneOf([
  'POLICY',
  'OFFSET',
  'TAIL_N',
  'TIMESTAMP',
])

const liteSubscriptionActionShape: Shape<LiteSubscriptionAction> = oneOf([
  'PARTIAL_ADD',
  'PARTIAL_REMOVE',
  'COMPLETE_ADD',
  'COMPLETE_REMOVE',
])

const offsetOptionShape: Shape<OffsetOption> = record<OffsetOption>({
  type: nameOrAbsent(offsetOptionTypeShape),
  value: initially(offset, () => 0),
})

const liteSubscriptionDtoShape: Shape<LiteSubscriptionDto> = record<LiteSubscriptionDto>({
  action: nameOrAbsent(liteSubscriptionActionShape),
  clientId: optional(text),
  group: optional(text),
  liteTopicSet: optional(list(text)),
  offsetOption: optional(offsetOptionShape),
  topic: optional(text),
  version: initially(offset, () => 0),
})

const liteSubscriptionCtlBodyShape: Shape<LiteSubscriptionCtlBody> =
  record<LiteSubscriptionCtlBody>({
    subscriptionSet: optional(list(liteSubscriptionDtoShape)),
  })

/** @throws {JavaJsonError} when the bytes are not a LiteSubscriptionCtlBody. */
export function decodeLiteSubscriptionCtlBody(bytes: Uint8Array): LiteSubscriptionCtlBody {
  return decodeBody('LiteSubscriptionCtlBody', liteSubscriptionCtlBodyShape, bytes)
}

/** The bytes Java's LiteSubscriptionCtlRequestBody writes. */
export function encodeLiteSubscriptionCtlBody(
  body: LiteSubscriptionCtlBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(liteSubscriptionCtlBodyShape, body, form)
}
