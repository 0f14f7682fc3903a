// SPDX-License-Identifier: Apache-2.0
// mqadmin storeExport: the messages of a stopped store as lines of JSON, in the order of the log.
import { exportMessages, type ExportedMessage } from '@rocketmq-ts/store/toolbox'
import { flagOption, optional, valueOption, type Command } from '../command.ts'
import {
  EXIT,
  folderOptions,
  forceOption,
  numberOption,
  progressTo,
  withFolder,
} from './store-folder.ts'

/** Lines are gathered up to here before they are printed. */
const MOST_TEXT = 64 * 1024

/** Not in Java's mqadmin. */
export const storeExport: Command = {
  name: 'storeExport',
  options: [
    ...folderOptions,
    valueOption('t', 'topic', 'only messages of this topic'),
    valueOption('i', 'queueId', 'only of this queue'),
    valueOption('k', 'key', 'only with this key or unique key'),
    valueOption(
      'a',
      'fromTime',
      'only stored from this time on, in milliseconds since 1970 or as 2026-01-31T12:00:00Z',
    ),
    valueOption('z', 'untilTime', 'only stored before this time'),
    valueOption('p', 'fromOffset', 'only from this queue offset on'),
    valueOption('q', 'untilOffset', 'only below this queue offset'),
    flagOption('u', 'utf8', 'bodies as text instead of base64; what is no UTF-8 stays base64'),
    forceOption,
  ],
  example: 'storeExport -d /data/store -t TopicTest -u > messages.jsonl',

  run: (context) =>
    withFolder(context, async (folder) => {
      const isText = context.values.has('utf8')
      let gathered = ''
      let damaged = 0
      const count = await exportMessages({
        folder,
        turn: context.runtime.turn,
        signal: context.signal,
        filter: {
          topic: optional(context, 'topic'),
          key: optional(context, 'key'),
          queueId: numberOption(context, 'queueId'),
          fromOffset: numberOption(context, 'fromOffset'),
          untilOffset: numberOption(context, 'untilOffset'),
          fromMs: timeOf(optional(context, 'fromTime')),
          untilMs: timeOf(optional(context, 'untilTime')),
        },
        take: (message) => {
          gathered += `${lineOf(message, isText)}\n`
          if (gathered.length < MOST_TEXT) return
          context.print(gathered)
          gathered = ''
        },
        damaged: (from, to) => {
          damaged++
          context.complain(
            `${to - from} bytes at ${from} of the log are no sound record and are left out`,
          )
        },
        progress: progressTo(context),
      })
      context.print(gathered)
      context.complain(`${count} messages`)
      return damaged > 0 ? EXIT.errors : EXIT.sound
    }),
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(ms))
    throw new Error(`'${text}' is no time: give milliseconds or 2026-01-31T12:00:00Z`)
  return ms
}

const strict = new TextDecoder('utf-8', { fatal: true })

function lineOf({ body, ...message }: ExportedMessage, isText: boolean): string {
  const text = isText ? textOf(body) : undefined
  if (text !== undefined) return JSON.stringify({ ...message, body: text })
  const base64 = Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64')
  return JSON.stringify({ ...message, bodyBase64: base64 })
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return strict.decode(body)
  } catch {
    return undefined
  }
}
