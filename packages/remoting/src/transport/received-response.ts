// SPDX-License-Identifier: Apache-2.0
// An answer as it came: its header is decoded when asked for.
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import { decodeRecord } from '../protocol/record.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { Response } from './connection.ts'
import { rescanned } from './pending-call.ts'

/** Keeps the received frame alive until it is dropped itself. */
export class ReceivedResponse<Res> implements Response<Res> {
  readonly code: number
  readonly remark: string | undefined
  readonly body: Uint8Array
  readonly #type: RequestType<unknown, Res>
  readonly #address: string
  readonly #bytes: Buffer
  readonly #start: number
  readonly #end: number

  constructor(type: RequestType<unknown, Res>, scan: CommandScan, address: string) {
    this.code = scan.code
    this.remark = scan.remark()
    this.body = scan.body()
    this.#type = type
    this.#address = address
    this.#bytes = scan.bytes
    this.#start = scan.frameStart
    this.#end = scan.bodyEnd
  }

  header(): Res {
    try {
      return decodeRecord(rescanned(this.#bytes, this.#start, this.#end), this.#type.response)
    } catch (cause) {
      throw new RocketMQError(
        'RMQ_PROTOCOL',
        `cannot read the answer of ${this.#address} to ${this.#type.name}`,
        { address: this.#address, cause },
      )
    }
  }

  ext(name: string): string | undefined {
    return rescanned(this.#bytes, this.#start, this.#end).ext(name)
  }
}
