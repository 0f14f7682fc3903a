// SPDX-License-Identifier: Apache-2.0
// Frames the proxy writes itself: an answer in the target's place, a frame with another body.
import { compiledTable } from '../protocol/compiled-table.ts'
import { encodeHeader, serializeTypeNumber } from '../protocol/encode-command.ts'
import { FLAG_RESPONSE } from '../protocol/flag.ts'
import { FRAME_LENGTH_BYTES } from '../protocol/frame.ts'
import { FrameWriter } from '../protocol/frame-writer.ts'
import { LanguageCode } from '../protocol/language-code.ts'
import { MQ_VERSION } from '../protocol/mq-version.ts'
import { noFields } from '../protocol/schema.ts'
import { SegmentPool } from '../protocol/segment-pool.ts'
import type { SeenFrame } from './seen-frame.ts'

/** An answer without fields to `request`, in its encoding. */
export function answerTo(request: SeenFrame, code: number, remark: string | undefined): Uint8Array {
  const writer = new FrameWriter(new SegmentPool())
  const serializeType = serializeTypeNumber(request.serializeType)
  const { opaque } = request
  const language = LanguageCode.JAVA
  const flag = FLAG_RESPONSE
  writer.beginFrame()
  encodeHeader(
    writer,
    serializeType,
    { code, language, version: MQ_VERSION, opaque, flag, remark },
    compiledTable(noFields),
    undefined,
    undefined,
  )
  writer.endFrame(serializeType, [])
  return Buffer.concat(writer.take().chunks)
}

/** The same frame with another body. */
export function withBody(frame: SeenFrame, body: Uint8Array): Uint8Array {
  const head = frame.bytes.subarray(0, frame.bytes.length - frame.body.length)
  const changed = Buffer.concat([head, body])
  changed.writeInt32BE(changed.length - FRAME_LENGTH_BYTES, 0)
  return changed
}
