// SPDX-License-Identifier: Apache-2.0
// Walks over the body of a batch request, which carries several messages.
//
//  0        4        8        12       16          20     20+n     22+n
//  ├ total ─┼ 0 ─────┼ 0 ─────┼ flag ──┼ body n ───┼ body ┼ prop m ┼ properties
//
// The first three fields are not looked at, as in Java.

/** One message of a batch; views into the body. Reused by the walk. */
export interface BatchItem {
  flag: number
  body: Uint8Array
  properties: Uint8Array
}

/** Calls `take` for each message; returns their number, or −1 when the body is not a batch. */
export function walkBatch(body: Uint8Array, item: BatchItem, take: () => void): number {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  let at = 0
  let count = 0
  while (at < body.length) {
    if (at + 20 > body.length) return -1
    item.flag = view.getInt32(at + 12)
    const bodyBytes = view.getInt32(at + 16)
    const propertiesAt = at + 20 + bodyBytes
    if (bodyBytes < 0 || propertiesAt + 2 > body.length) return -1
    const propertiesBytes = view.getInt16(propertiesAt)
    const end = propertiesAt + 2 + propertiesBytes
    if (propertiesBytes < 0 || end > body.length) return -1
    item.body = body.subarray(at + 20, propertiesAt)
    item.properties = body.subarray(propertiesAt + 2, end)
    take()
    count++
    at = end
  }
  return count
}
