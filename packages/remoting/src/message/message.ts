// SPDX-License-Identifier: Apache-2.0
// A message as users see it: what is sent, and what is received.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import { KEY_SEPARATOR, MessageProperty } from './message-property.ts'
import type { Properties } from './properties.ts'

/** What is sent. */
export interface Message {
  readonly topic: string
  readonly body: Uint8Array
  /** Free for the application; 0 unless told. */
  readonly flag?: number | undefined
  readonly properties?: Readonly<Properties> | undefined
}

/** What is received: the message and what the broker knows of it. */
export interface MessageExt {
  readonly topic: string
  /** Restored when it was compressed. A view of the received bytes unless restored: copy what you keep. */
  readonly body: Uint8Array
  readonly properties: Readonly<Properties>
  readonly flag: number
  readonly sysFlag: number
  readonly queueId: number
  readonly queueOffset: number
  readonly commitLogOffset: number
  /** The producer's clock, milliseconds since the Unix epoch. */
  readonly bornTimestamp: number
  readonly bornHost: SocketAddress
  /** The broker's clock, milliseconds since the Unix epoch. */
  readonly storeTimestamp: number
  readonly storeHost: SocketAddress
  readonly reconsumeTimes: number
  readonly preparedTransactionOffset: number
  /** Bytes of the whole record. */
  readonly storeSize: number
  readonly bodyCrc: number
  /** Store host and commit log offset in hexadecimal. */
  readonly offsetMsgId: string
  /** The producer's id (UNIQ_KEY), or offsetMsgId when there is none. */
  readonly msgId: string
}

/** The tag, when there is one. */
export function tagsOf(message: Pick<Message, 'properties'>): string | undefined {
  return message.properties?.[MessageProperty.TAGS]
}

/** The keys under which the message is indexed. */
export function keysOf(message: Pick<Message, 'properties'>): readonly string[] {
  const keys = message.properties?.[MessageProperty.KEYS]
  return keys === undefined ? [] : keys.split(KEY_SEPARATOR).filter((key) => key !== '')
}
