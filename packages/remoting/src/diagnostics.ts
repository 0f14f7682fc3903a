// SPDX-License-Identifier: Apache-2.0
// Every diagnostics channel of this package, with what it publishes. Channels are public API.
import { channel, type Channel } from 'node:diagnostics_channel'

/** Published on {@link connectionOpened}. */
export interface ConnectionOpened {
  readonly side: 'server' | 'client'
  /** `host:port` of the peer. */
  readonly remoteAddress: string
}

/** Published on {@link connectionClosed}. */
export interface ConnectionClosed extends ConnectionOpened {
  /** Absent when the connection ended in order. */
  readonly error: Error | undefined
}

/** Published on {@link requestAnswered}. */
export interface RequestAnswered {
  readonly requestCode: number
  readonly responseCode: number
  readonly oneway: boolean
  readonly remoteAddress: string
}

/** Published on {@link handlerFailed}. */
export interface HandlerFailed {
  readonly requestCode: number
  readonly remoteAddress: string
  readonly error: unknown
}

/** A connection is ready: {@link ConnectionOpened}. */
export const connectionOpened: Channel = channel('rocketmq-ts:remoting:connection-opened')
/** A connection is gone: {@link ConnectionClosed}. */
export const connectionClosed: Channel = channel('rocketmq-ts:remoting:connection-closed')
/** A request got its answer from a handler here: {@link RequestAnswered}. */
export const requestAnswered: Channel = channel('rocketmq-ts:remoting:request-answered')
/** A handler threw; the peer was answered SYSTEM_ERROR: {@link HandlerFailed}. */
export const handlerFailed: Channel = channel('rocketmq-ts:remoting:handler-failed')
