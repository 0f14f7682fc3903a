// SPDX-License-Identifier: Apache-2.0
// `host:port` texts.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'

/** `host:port`, an IPv6 host in brackets. */
export function addressText(address: SocketAddress): string {
  return address.host.includes(':')
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`
}

/**
 * The parts of `host:port`; an IPv6 host may stand in brackets.
 * @throws {RMQ_INVALID_ARGUMENT} when there is no host or no port from 1 to 65535.
 */
export function parseAddress(text: string): SocketAddress {
  const colon = text.lastIndexOf(':')
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1')
  const digits = text.slice(colon + 1)
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (host === '' || port < 1 || port > 65_535) {
    throw new RocketMQError(
      'RMQ_INVALID_ARGUMENT',
      `cannot connect to '${text}', it is not host:port`,
      {
        address: text,
      },
    )
  }
  return { host, port }
}
