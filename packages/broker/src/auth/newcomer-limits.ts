// SPDX-License-Identifier: Apache-2.0
// Bounds what a peer may cost before access control has let a first request of it pass, and how often it may be refused.
import { MAX_FRAME_BYTES, type Connection, type Gate } from '@rocketmq-ts/remoting'
import type { AuditLog } from '@rocketmq-ts/acl'

/** The limits; 0 sets none. */
export interface NewcomerLimitsOptions {
  readonly maxFrameBytes: number
  /** By the address of the socket, which no PROXY header can change. */
  readonly maxConnectionsPerAddress: number
  /** Of one connection, which is then closed. */
  readonly maxRefusedPerMinute: number
  readonly monotonicMs: () => number
  readonly audit: AuditLog
}

const MINUTE_MS = 60_000

/** What is known of a connection. */
interface Newcomer {
  isKnown: boolean
  refused: number
  minuteBeganMs: number
}

/** Follows the connections of one server. */
export class NewcomerLimits {
  readonly #options: NewcomerLimitsOptions
  readonly #newcomers = new WeakMap<Connection, Newcomer>()
  /** Connections without an accepted request, by address. */
  readonly #counts = new Map<string, number>()

  /** Where nothing is checked nobody can pass. */
  #isGated = false

  constructor(options: NewcomerLimitsOptions) {
    this.#options = options
  }

  get #isOff(): boolean {
    const { maxFrameBytes, maxConnectionsPerAddress, maxRefusedPerMinute } = this.#options
    const isUnset = maxFrameBytes + maxConnectionsPerAddress + maxRefusedPerMinute === 0
    return isUnset || !this.#isGated
  }

  /** A connection was accepted. */
  connected(connection: Connection): void {
    if (this.#isOff) return
    const { maxFrameBytes, maxConnectionsPerAddress } = this.#options
    this.#newcomers.set(connection, { isKnown: false, refused: 0, minuteBeganMs: 0 })
    const count = this.#count(connection, 1)
    connection.onClose(() => this.#left(connection))
    if (maxConnectionsPerAddress > 0 && count > maxConnectionsPerAddress) {
      this.#turnAway(connection, 'too many connections without an accepted request')
    } else if (maxFrameBytes > 0) connection.limitFrames(maxFrameBytes)
  }

  /** The gate that also notes who has passed. Without limits it is the gate as it is. */
  around(gate: Gate | undefined): Gate | undefined {
    this.#isGated = gate !== undefined
    if (gate === undefined || this.#isOff) return gate
    return (call) => {
      const refusal = gate(call)
      if (refusal === undefined) this.#passed(call.connection)
      else this.#refused(call.connection)
      return refusal
    }
  }

  #passed(connection: Connection): void {
    const newcomer = this.#newcomers.get(connection)
    if (newcomer === undefined || newcomer.isKnown) return
    newcomer.isKnown = true
    this.#count(connection, -1)
    connection.limitFrames(MAX_FRAME_BYTES)
  }

  #refused(connection: Connection): void {
    const { maxRefusedPerMinute, monotonicMs } = this.#options
    const newcomer = this.#newcomers.get(connection)
    if (newcomer === undefined || maxRefusedPerMinute === 0) return
    const nowMs = monotonicMs()
    if (newcomer.refused === 0 || nowMs - newcomer.minuteBeganMs >= MINUTE_MS) {
      newcomer.refused = 0
      newcomer.minuteBeganMs = nowMs
    }
    newcomer.refused++
    if (newcomer.refused > maxRefusedPerMinute) {
      this.#turnAway(connection, 'too many refused requests')
    }
  }

  #left(connection: Connection): void {
    const newcomer = this.#newcomers.get(connection)
    if (newcomer?.isKnown === false) this.#count(connection, -1)
    this.#newcomers.delete(connection)
  }

  #count({ remote }: Connection, change: number): number {
    const count = (this.#counts.get(remote.host) ?? 0) + change
    if (count === 0) this.#counts.delete(remote.host)
    else this.#counts.set(remote.host, count)
    return count
  }

  #turnAway(connection: Connection, reason: string): void {
    const { remoteAddress, remote } = connection
    this.#options.audit.info(
      { event: 'turned away', peer: remoteAddress, socket: remote.host, reason },
      'a connection was closed',
    )
    connection.close()
  }
}
