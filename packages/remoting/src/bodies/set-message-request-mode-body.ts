// SPDX-License-Identifier: Apache-2.0
// Whether a group pulls or pops: the body of SET_MESSAGE_REQUEST_MODE, the answer of GET_ALL_MESSAGE_REQUEST_MODE.
import {
  initially,
  int32,
  mapOf,
  nameOrAbsent,
  oneOf,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's MessageRequestMode. */
export type MessageRequestMode = 'PULL' | 'POP'

/** Java's SetMessageRequestModeRequestBody. */
export interface SetMessageRequestModeBody {
  readonly consumerGroup?: string | undefined
  /** PULL when it was not there, undefined when it was a name nobody knows. */
  readonly mode?: MessageRequestMode | undefined
  readonly popShareQueueNum: number
  readonly topic?: string | undefined
}

/** Java's MessageRequestModeSerializeWrapper. */
export interface MessageRequestModeSerializeWrapper {
  readonly messageRequestModeMap: ReadonlyMap<
    string,
    ReadonlyMap<string, SetMessageRequestModeBody>
  >
}

export const messageRequestModeShape: Shape<MessageRequestMode> = oneOf(['PULL', 'POP'])

export const setMessageRequestModeBodyShape: Shape<SetMessageRequestModeBody> =
  record<SetMessageRequestModeBody>({
    consumerGroup: optional(text),
    mode: nameOrAbsent(messageRequestModeShape, 'PULL'),
    popShareQueueNum: initially(int32, () => 0),
    topic: optional(text),
  })

const messageRequestModeSerializeWrapperShape: Shape<MessageRequestModeSerializeWrapper> =
  record<MessageRequestModeSerializeWrapper>({
    messageRequestModeMap: initially(
      mapOf(text, mapOf(text, setMessageRequestModeBodyShape)),
      () => new Map(),
    ),
  })

/** @throws {JavaJsonError} when the bytes are not a SetMessageRequestModeBody. */
export function decodeSetMessageRequestModeBody(bytes: Uint8Array): SetMessageRequestModeBody {
  return decodeBody('SetMessageRequestModeBody', setMessageRequestModeBodyShape, bytes)
}

/** The bytes Java's SetMessageRequestModeRequestBody writes. */
export function encodeSetMessageRequestModeBody(
  body: SetMessageRequestModeBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(setMessageRequestModeBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a MessageRequestModeSerializeWrapper. */
export function decodeMessageRequestModeSerializeWrapper(
  bytes: Uint8Array,
): MessageRequestModeSerializeWrapper {
  return decodeBody(
    'MessageRequestModeSerializeWrapper',
    messageRequestModeSerializeWrapperShape,
    bytes,
  )
}

/** The bytes Java's MessageRequestModeSerializeWrapper writes. */
export function encodeMessageRequestModeSerializeWrapper(
  body: MessageRequestModeSerializeWrapper,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(messageRequestModeSerializeWrapperShape, body, form)
}
