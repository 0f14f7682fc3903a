// SPDX-License-Identifier: Apache-2.0
// Makes the client's message id (UNIQ_KEY): unique across processes, and it tells where and when it was made.
import type { Runtime } from '@rocketmq-ts/runtime'
import { encodeHost, isIpv6 } from './host.ts'

const UNKNOWN_HOST = '127.0.0.1'
/** A clock that went back by less than this gives the start of the month instead of a negative time. */
const CLOCK_STEP_MS = 1_000_000

/**
 * Ids of this process, as Java makes them:
 *
 *     address  process id  random  milliseconds   counter
 *              low 16 bits         since month
 *     4 or 16  2           4       4              2        bytes, in upper case hexadecimal
 */
export class UniqueKeys {
  readonly #runtime: Pick<Runtime, 'clock' | 'host'>
  readonly #prefix: string
  #monthStartMs = 0
  #monthEndMs = 0
  #counter = 0

  constructor(runtime: Pick<Runtime, 'clock' | 'random' | 'host'>) {
    this.#runtime = runtime
    const fixed = Buffer.concat([
      addressBytes(runtime.host.ipAddresses()),
      Buffer.from([runtime.host.processId >> 8, runtime.host.processId]),
      runtime.random.bytes(4),
    ])
    this.#prefix = fixed.toString('hex').toUpperCase()
  }

  next(): string {
    const nowMs = this.#runtime.clock.nowMs()
    if (nowMs >= this.#monthEndMs) this.#enterMonth(nowMs)
    const sinceMs = nowMs - this.#monthStartMs
    const diff = sinceMs < 0 && sinceMs > -CLOCK_STEP_MS ? 0 : sinceMs
    const count = this.#counter
    this.#counter = (count + 1) & 0xffff
    return this.#prefix + hex(diff >>> 0, 8) + hex(count, 4)
  }

  /** Months begin at local midnight, as in Java. */
  #enterMonth(nowMs: number): void {
    const offsetMs = this.#runtime.host.utcOffsetMinutes(nowMs) * 60_000
    const local = new Date(nowMs + offsetMs)
    const year = local.getUTCFullYear()
    const month = local.getUTCMonth()
    this.#monthStartMs = Date.UTC(year, month, 1) - offsetMs
    this.#monthEndMs = Date.UTC(year, month + 1, 1) - offsetMs
  }
}

function addressBytes(addresses: readonly string[]): Uint8Array {
  const host = addresses.find((one) => !isIpv6(one)) ?? addresses[0] ?? UNKNOWN_HOST
  const bytes = encodeHost({ host, port: 0 })
  return bytes.subarray(0, bytes.length - 4)
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
