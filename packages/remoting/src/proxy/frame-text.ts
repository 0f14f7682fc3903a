// SPDX-License-Identifier: Apache-2.0
// A frame for human eyes: one line, or an object for JSON. Secrets are masked, control characters made visible.
import { decodeMessages } from '../message/decode-message.ts'
import type { MessageExt } from '../message/message.ts'
import { languageName } from '../protocol/language-code.ts'
import { requestCodeName } from './request-names.ts'
import type { SeenFrame } from './seen-frame.ts'

/** How much of a body is told. */
export interface FrameTextOptions {
  /** Default false: only its length and, of messages, how many. */
  readonly bodies?: boolean
  /** Most characters of a body; default 400. */
  readonly maxBodyChars?: number
}

const SECRET_FIELDS: ReadonlySet<string> = new Set(['Signature', 'AccessKey', 'SecurityToken'])
const PULL_MESSAGE = 11
const LITE_PULL_MESSAGE = 361
const MAX_BODY_CHARS = 400

/** What a frame says, with values of the kinds JSON has. */
export interface FrameRecord {
  readonly connection: number
  readonly direction: SeenFrame['direction']
  readonly kind: 'request' | 'oneway' | 'answer'
  readonly code: number
  readonly name: string
  readonly request?: string
  readonly opaque: number
  readonly latencyMs?: number
  readonly encoding: SeenFrame['serializeType']
  readonly language: string
  readonly version: number
  readonly remark?: string
  readonly fields: Readonly<Record<string, string>>
  readonly bodyBytes: number
  readonly messages?: number
  readonly body?: string
}

/** The frame as an object. */
export function frameRecord(frame: SeenFrame, options: FrameTextOptions = {}): FrameRecord {
  const { latencyMs, remark, requestCode } = frame
  const messages = messagesIn(frame)
  return {
    connection: frame.connection,
    direction: frame.direction,
    kind: frame.isAnswer ? 'answer' : frame.isOneway ? 'oneway' : 'request',
    code: frame.code,
    name: frame.codeName,
    ...(frame.isAnswer && requestCode !== undefined
      ? { request: requestCodeName(requestCode) }
      : {}),
    opaque: frame.opaque,
    ...(latencyMs === undefined ? {} : { latencyMs: Math.round(latencyMs * 1000) / 1000 }),
    encoding: frame.serializeType,
    language: languageName(frame.language) ?? String(frame.language),
    version: frame.version,
    ...(remark === undefined || remark === '' ? {} : { remark }),
    fields: Object.fromEntries(
      [...frame.fields].map(([name, value]) => [name, SECRET_FIELDS.has(name) ? '***' : value]),
    ),
    bodyBytes: frame.body.length,
    ...(messages === undefined ? {} : { messages: messages.length }),
    ...(options.bodies === true && frame.body.length > 0
      ? { body: bodyText(frame, messages, options.maxBodyChars ?? MAX_BODY_CHARS) }
      : {}),
  }
}

/** The frame in one line: `#1 → SEND_MESSAGE_V2 opaque=7 topic=T queueId=2 +128 B`. */
export function frameLine(frame: SeenFrame, options: FrameTextOptions = {}): string {
  const told = frameRecord(frame, options)
  const parts = [`#${told.connection}`, told.direction === 'toTarget' ? '→' : '←']
  if (told.kind === 'answer') parts.push(`${told.request ?? '(unseen request)'} ⇒ ${told.name}`)
  else parts.push(told.kind === 'oneway' ? `${told.name} (oneway)` : told.name)
  parts.push(`opaque=${told.opaque}`)
  if (told.latencyMs !== undefined) parts.push(`${told.latencyMs.toFixed(2)} ms`)
  if (told.remark !== undefined) parts.push(`remark="${visible(told.remark)}"`)
  for (const [name, value] of Object.entries(told.fields)) parts.push(`${name}=${visible(value)}`)
  if (told.messages !== undefined) parts.push(`${told.messages} messages`)
  if (told.bodyBytes > 0) parts.push(`+${told.bodyBytes} B`)
  if (told.body !== undefined) parts.push(`body=${visible(told.body)}`)
  return parts.join(' ')
}

/** Stored messages in the answer of a pull; undefined for every other frame. */
function messagesIn(frame: SeenFrame): readonly MessageExt[] | undefined {
  const isPull = frame.requestCode === PULL_MESSAGE || frame.requestCode === LITE_PULL_MESSAGE
  if (!frame.isAnswer || !isPull || frame.body.length === 0) return undefined
  try {
    return decodeMessages(frame.body, { decompress: false })
  } catch {
    return undefined
  }
}

function bodyText(
  frame: SeenFrame,
  messages: readonly MessageExt[] | undefined,
  maxChars: number,
): string {
  const whole =
    messages === undefined ? bytesText(frame.body, maxChars) : messages.map(messageText).join('; ')
  return whole.length > maxChars ? `${whole.slice(0, maxChars)}…` : whole
}

function messageText(message: MessageExt): string {
  const { topic, queueId, queueOffset, body } = message
  return `${topic}/${queueId}@${queueOffset} ${body.length} B`
}

/** Text when the bytes are UTF-8 without control characters, hexadecimal otherwise. */
function bytesText(bytes: Uint8Array, maxChars: number): string {
  const head = Buffer.from(bytes.subarray(0, maxChars * 4))
  const text = head.toString('utf8')
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  const isText = !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, maxChars))
  return isText ? text : `0x${head.toString('hex')}`
}

/** One line stays one line, and no escape sequence reaches the terminal. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    character === '\n' ? '⏎' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
