// SPDX-License-Identifier: Apache-2.0
// Users and policies of access control 2.0 in `config/auth.json`, written before a change is answered.
import { AuthMetadata, decodeAuthData, encodeAuthData, NO_AUTH_DATA } from '@rocketmq-ts/acl'
import { writeFileAtomically, type Files } from '@rocketmq-ts/runtime'

/**
 * Reads the file; there is nobody when it does not exist.
 * @throws when it cannot be read. Its `.bak` is never taken instead: it may know users that were deleted since.
 */
export function openAuthMetadata(files: Files, path: string): AuthMetadata {
  const bytes = files.readFile(path)
  if (bytes === undefined && files.stat(`${path}.bak`) !== undefined) {
    throw new Error(
      `cannot read users and policies: ${path} is missing but ${path}.bak is there; rename it if it is what should hold, or remove it`,
    )
  }
  return new AuthMetadata(bytes === undefined ? NO_AUTH_DATA : decoded(path, bytes), (data) =>
    writeFileAtomically(files, path, encodeAuthData(data)),
  )
}

function decoded(path: string, bytes: Uint8Array): ReturnType<typeof decodeAuthData> {
  try {
    return decodeAuthData(bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`cannot read users and policies in ${path}: ${reason}; repair the file`, {
      cause,
    })
  }
}
