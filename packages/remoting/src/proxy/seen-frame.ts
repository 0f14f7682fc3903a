// SPDX-License-Identifier: Apache-2.0
// One frame on its way through the proxy: what it is, whose answer it is, and its bytes as they came.
import { CommandScan } from '../protocol/command-scan.ts'
import { FLAG_ONEWAY, FLAG_RESPONSE } from '../protocol/flag.ts'
import { responseCodeName } from '../protocol/response-code.ts'
import { scanCommand } from '../protocol/scan-command.ts'
import { SERIALIZE_BINARY } from '../protocol/serialize-type.ts'
import type { SerializeType } from '../protocol/serialize-type.ts'
import { FRAME_LENGTH_BYTES } from '../protocol/frame.ts'
import { knownRequest, requestCodeName } from './request-names.ts'

/** Which way a frame travels: from the side that connected, or back to it. */
export type Direction = 'toTarget' | 'toClient'

/** A decoded frame. Its views stay valid. */
export interface SeenFrame {
  /** Counts the proxy's connections from 1. */
  readonly connection: number
  readonly direction: Direction
  /** When it had arrived whole, by the monotonic clock. */
  readonly atMs: number
  readonly isAnswer: boolean
  readonly isOneway: boolean
  /** Request code, or response code of an answer. */
  readonly code: number
  readonly codeName: string
  /** For an answer the code of the request it answers, undefined when that was not seen; otherwise its own. */
  readonly requestCode: number | undefined
  /** Since the request passed; only of answers. */
  readonly latencyMs: number | undefined
  readonly opaque: number
  readonly language: number
  readonly version: number
  readonly serializeType: SerializeType
  readonly remark: string | undefined
  /** Header fields by their names in the schema, or as they are on the wire where the schema does not know them. */
  readonly fields: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** The whole frame as it came, its length included. */
  readonly bytes: Uint8Array
}

/** What is known of a frame besides its bytes. */
export interface FrameArrival {
  readonly connection: number
  readonly direction: Direction
  readonly atMs: number
  /** Finds what an answer answers, and forgets it. */
  readonly answered: (
    opaque: number,
  ) => { readonly code: number; readonly atMs: number } | undefined
}

/**
 * Decodes `bytes`, one frame with its length.
 * @throws {RMQ_PROTOCOL} when it is not a command.
 */
export function seeFrame(bytes: Buffer, arrival: FrameArrival): SeenFrame {
  const scan = new CommandScan()
  scanCommand(scan, bytes, FRAME_LENGTH_BYTES, bytes.length)
  const { code, opaque, flag } = scan
  const isAnswer = (flag & FLAG_RESPONSE) !== 0
  const request = isAnswer ? arrival.answered(opaque) : undefined
  const requestCode = isAnswer ? request?.code : code
  return {
    connection: arrival.connection,
    direction: arrival.direction,
    atMs: arrival.atMs,
    isAnswer,
    isOneway: (flag & FLAG_ONEWAY) !== 0,
    code,
    codeName: isAnswer ? responseCodeName(code) : requestCodeName(code),
    requestCode,
    latencyMs: request === undefined ? undefined : arrival.atMs - request.atMs,
    opaque,
    language: scan.language,
    version: scan.version,
    serializeType: scan.serializeType === SERIALIZE_BINARY ? 'rocketmq' : 'json',
    remark: scan.remark(),
    fields: namedFields(scan.extFields(), requestCode, isAnswer),
    body: scan.body(),
    bytes,
  }
}

/** SEND_MESSAGE_V2 spells its fields with single letters: readers want their names. */
function namedFields(
  ext: ReadonlyMap<string, string>,
  requestCode: number | undefined,
  isAnswer: boolean,
): ReadonlyMap<string, string> {
  const known = requestCode === undefined ? undefined : knownRequest(requestCode)
  if (known === undefined) return ext
  const names = new Map(
    Object.entries(isAnswer ? known.response : known.request).map(([name, field]) => [
      field.name,
      name,
    ]),
  )
  return new Map([...ext].map(([name, value]) => [names.get(name) ?? name, value]))
}
