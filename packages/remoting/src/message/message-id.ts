// SPDX-License-Identifier: Apache-2.0
// The message id that says where a message is: store host and commit log offset, in hexadecimal.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import { decodeHost, encodeHost } from './host.ts'
import { int64At, putInt64 } from './integers.ts'
import { MessageFormatError } from './message-format-error.ts'

/** 32 upper case digits for an IPv4 host, 56 for an IPv6 one. */
export function createMessageId(storeHost: SocketAddress, commitLogOffset: number): string {
  return createMessageIdOfHost(encodeHost(storeHost), commitLogOffset)
}

/** The same from a host that is already encoded in 8 or 20 bytes. */
export function createMessageIdOfHost(storeHost: Uint8Array, commitLogOffset: number): string {
  const bytes = Buffer.allocUnsafe(storeHost.length + 8)
  bytes.set(storeHost)
  putInt64(bytes, storeHost.length, commitLogOffset)
  return bytes.toString('hex').toUpperCase()
}

/** @throws {MessageFormatError} when the text is not such an id. */
export function decodeMessageId(text: string): {
  readonly storeHost: SocketAddress
  readonly commitLogOffset: number
} {
  if ((text.length !== 32 && text.length !== 56) || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new MessageFormatError(`'${text}' is not a message id of 32 or 56 hexadecimal digits`)
  }
  const bytes = Buffer.from(text, 'hex')
  const hostBytes = text.length === 32 ? 8 : 20
  const commitLogOffset = int64At(bytes, hostBytes)
  if (!Number.isSafeInteger(commitLogOffset)) {
    throw new MessageFormatError(`'${text}' names a commit log offset beyond 2^53`)
  }
  return { storeHost: decodeHost(bytes, 0, hostBytes), commitLogOffset }
}
