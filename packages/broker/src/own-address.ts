// SPDX-License-Identifier: Apache-2.0
// The address of a broker as text and as the bytes its records carry; the port comes once the server listens.
import { addressText } from '@rocketmq-ts/remoting'
import { encodeHost, putInt32 } from '@rocketmq-ts/remoting/message'

const PORT_BYTES = 4

/** Made before the server listens, because handlers need it; complete before the first request is handled. */
export class OwnAddress {
  readonly #host: string
  /** 4 or 16 address bytes, then the port as int32. */
  readonly bytes: Uint8Array
  #text: string

  constructor(host: string, port: number) {
    this.#host = host
    this.bytes = encodeHost({ host, port })
    this.#text = addressText({ host, port })
  }

  /** `host:port`. */
  get text(): string {
    return this.#text
  }

  /** Takes the port that was really bound: a configured 0 takes a free one. */
  listensOn(port: number): void {
    this.#text = addressText({ host: this.#host, port })
    putInt32(this.bytes, this.bytes.length - PORT_BYTES, port)
  }
}
