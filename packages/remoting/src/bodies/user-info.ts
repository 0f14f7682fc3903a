// SPDX-License-Identifier: Apache-2.0
// A user: the body of AUTH_CREATE_USER and AUTH_UPDATE_USER, the answer of AUTH_GET_USER and AUTH_LIST_USER.
import { list, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's UserInfo. */
export interface UserInfo {
  /** In answers too: Java tells it to whoever may ask for users. */
  readonly password?: string | undefined
  readonly userStatus?: string | undefined
  readonly userType?: string | undefined
  readonly username?: string | undefined
}

const userInfoShape: Shape<UserInfo> = record<UserInfo>({
  password: optional(text),
  userStatus: optional(text),
  userType: optional(text),
  username: optional(text),
})

/** @throws {JavaJsonError} when the bytes are not a UserInfo. */
export function decodeUserInfo(bytes: Uint8Array): UserInfo {
  return decodeBody('UserInfo', userInfoShape, bytes)
}

/** The bytes Java's UserInfo writes. */
export function encodeUserInfo(body: UserInfo, form?: JsonForm): Uint8Array {
  return encodeBody(userInfoShape, body, form)
}

const userInfoListShape: Shape<readonly UserInfo[]> = list(userInfoShape)

/** @throws {JavaJsonError} when the bytes are not a list of UserInfo. */
export function decodeUserInfoList(bytes: Uint8Array): readonly UserInfo[] {
  return decodeBody('UserInfo list', userInfoListShape, bytes)
}

/** The bytes Java writes for a list of UserInfo. */
export function encodeUserInfoList(body: readonly UserInfo[], form?: JsonForm): Uint8Array {
  return encodeBody(userInfoListShape, body, form)
}
