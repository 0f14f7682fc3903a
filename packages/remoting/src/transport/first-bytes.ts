// SPDX-License-Identifier: Apache-2.0
// Looks at the first bytes of a connection to a server before its frames are read.
//
// The place where a TLS handshake (0x16) or a PROXY protocol header would be recognised; today all connections carry frames.
import type { SocketEvents } from '@rocketmq-ts/runtime'

/** Java tells the protocols apart by this many bytes, and answers nothing, nor closes anything, before it has them. */
export const FIRST_BYTES = 12

/** Events that pass the connection's bytes on to `frames` once there are enough of them. */
export function afterFirstBytes(frames: SocketEvents): SocketEvents {
  let held: Buffer | undefined = Buffer.alloc(0)
  return {
    data: (chunk) => {
      if (held === undefined) {
        frames.data(chunk)
        return
      }
      const bytes: Buffer = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk])
      if (bytes.length < FIRST_BYTES) {
        held = bytes
        return
      }
      held = undefined
      frames.data(bytes)
    },
    drained: () => frames.drained(),
    closed: (error) => frames.closed(error),
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
