// SPDX-License-Identifier: Apache-2.0
// A raw peer for transport tests, and request types of their own.
import type { Socket } from '@rocketmq-ts/runtime'
import { FrameDecoder } from '../src/protocol/frame.ts'
import {
  boolean,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../src/protocol/schema.ts'
import { readFrame, type ReadFrame } from '../src/testing/frames.ts'
import type { MemoryRuntime } from './memory-runtime.ts'

export interface EchoRequest {
  readonly text: string
  readonly count: number | undefined
}
export interface EchoResponse {
  readonly text: string
  readonly position: number
  readonly last: boolean | undefined
}

/** Asks for its text back. */
export const echo: RequestType<EchoRequest, EchoResponse> = {
  code: 901,
  name: 'ECHO',
  request: { text: string('text'), count: optional(int32('count')) },
  response: { text: string('text'), position: offset('position'), last: optional(boolean('last')) },
}

/** The same, served by a hot handler. */
export const hotEcho: RequestType<EchoRequest, EchoResponse> = {
  ...echo,
  code: 902,
  name: 'HOT_ECHO',
}

/** Asks for nothing. */
export const ping: RequestType<NoFields, NoFields> = {
  code: 903,
  name: 'PING',
  request: noFields,
  response: noFields,
}

/** A code that does not fit the binary header. */
export const popLike: RequestType<EchoRequest, EchoResponse> = {
  ...echo,
  code: 200_050,
  name: 'POP_LIKE',
}

/** A peer that writes any bytes and keeps the frames it gets. */
export class RawPeer {
  readonly frames: ReadFrame[] = []
  isClosed = false
  socket!: Socket

  static async connect(runtime: MemoryRuntime, port: number): Promise<RawPeer> {
    const peer = new RawPeer()
    const decoder = new FrameDecoder({
      frame: (bytes, start, end) => {
        peer.frames.push(readFrame(Buffer.from(bytes.subarray(start - 4, end))))
        return true
      },
    })
    const connecting = runtime.network.connect(
      { host: '127.0.0.1', port, timeoutMs: 1000 },
      (socket) => {
        peer.socket = socket
        return {
          data: (chunk) => decoder.push(chunk),
          drained: () => undefined,
          closed: () => {
            peer.isClosed = true
          },
        }
      },
    )
    await runtime.settle()
    await connecting
    return peer
  }

  send(...bytes: readonly Uint8Array[]): void {
    this.socket.write(bytes)
  }
}
