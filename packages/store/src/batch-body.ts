// SPDX-License-Identifier: Apache-2.0
// Finds the messages in the body of a batch request, which carries several.
//
//  0        4        8        12       16          20     20+n     22+n
//  ├ total ─┼ 0 ─────┼ 0 ─────┼ flag ──┼ body n ───┼ body ┼ prop m ┼ properties
//
// The first three fields are not looked at, as in Java.
import { int16At, int32At } from '@rocketmq-ts/remoting/message'
import { MAX_PROPERTIES_BYTES } from './record-limits.ts'

const START = 0
const BODY_END = 1
const END = 2
const PLACE = 3

/** Where the messages of a batch lie in its body; reused by one batch after the other. */
export class BatchItems {
  count = 0
  #places: Int32Array = new Int32Array(64 * PLACE)

  /** Finds the messages; false when the body is not a batch. */
  locate(body: Uint8Array): boolean {
    let at = 0
    this.count = 0
    while (at < body.length) {
      const bodyStart = at + 20
      if (bodyStart > body.length) return false
      const bodyEnd = bodyStart + int32At(body, at + 16)
      const propertiesStart = bodyEnd + 2
      if (bodyEnd < bodyStart || propertiesStart > body.length) return false
      const propertiesBytes = int16At(body, bodyEnd)
      const end = propertiesStart + propertiesBytes
      if (propertiesBytes > MAX_PROPERTIES_BYTES || end > body.length) return false
      this.#add(at, bodyEnd, end)
      at = end
    }
    return this.count > 0
  }

  /** The flag of a message of `body`, which was located last. */
  flagOf(body: Uint8Array, item: number): number {
    return int32At(body, this.#place(item, START) + 12)
  }

  bodyBytesOf(item: number): number {
    return this.#place(item, BODY_END) - this.#place(item, START) - 20
  }

  /** A view. */
  bodyOf(body: Uint8Array, item: number): Uint8Array {
    return viewOf(body, this.#place(item, START) + 20, this.#place(item, BODY_END))
  }

  propertiesBytesOf(item: number): number {
    return this.#place(item, END) - this.#place(item, BODY_END) - 2
  }

  /** A view. */
  propertiesOf(body: Uint8Array, item: number): Uint8Array {
    return viewOf(body, this.#place(item, BODY_END) + 2, this.#place(item, END))
  }

  #place(item: number, which: number): number {
    return this.#places[item * PLACE + which] ?? 0
  }

  #add(start: number, bodyEnd: number, end: number): void {
    const at = this.count * PLACE
    if (at === this.#places.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.#places)
      this.#places = larger
    }
    this.#places[at + START] = start
    this.#places[at + BODY_END] = bodyEnd
    this.#places[at + END] = end
    this.count++
  }
}

// Half the price of a Buffer's `subarray`, and there are two for each message.
function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start)
}
