// SPDX-License-Identifier: Apache-2.0
// Reads the bodies of requests that administer users and policies; what does not fit is undefined.
import {
  decodeAclInfo,
  decodeUserInfo,
  type AclInfo,
  type UserInfo,
} from '@rocketmq-ts/remoting/bodies'

export function userInfoIn(body: Uint8Array): UserInfo | undefined {
  return decodedOrAbsent(decodeUserInfo, body)
}

export function aclInfoIn(body: Uint8Array): AclInfo | undefined {
  return decodedOrAbsent(decodeAclInfo, body)
}

function decodedOrAbsent<T>(decode: (bytes: Uint8Array) => T, body: Uint8Array): T | undefined {
  try {
    // A body that is `null` decodes to null.
    return decode(body) ?? undefined
  } catch {
    // The reason quotes the body, which may hold a password.
    return undefined
  }
}
