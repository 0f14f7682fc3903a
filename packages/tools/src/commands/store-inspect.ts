// SPDX-License-Identifier: Apache-2.0
// mqadmin storeInspect: files, bounds, tables and features of a stopped store.
import { inspectStore, type StoreSummary } from '@rocketmq-ts/store/toolbox'
import type { Command } from '../command.ts'
import {
  EXIT,
  folderOptions,
  forceOption,
  isJson,
  outputOption,
  withFolder,
} from './store-folder.ts'

/** Not in Java's mqadmin. */
export const storeInspect: Command = {
  name: 'storeInspect',
  options: [...folderOptions, outputOption, forceOption],
  example: 'storeInspect -d /data/store',

  run: (context) =>
    withFolder(context, (folder) => {
      const summary = inspectStore(folder)
      const json = isJson(context)
      context.print(json ? `${JSON.stringify(summary, null, 2)}\n` : textOf(summary))
      return EXIT.sound
    }),
}

function textOf(summary: StoreSummary): string {
  const { log, queues, compacted, index, checkpoint, tables, features, others } = summary
  const first = log.firstStoreTimestampMs
  const lines = [
    `store        ${summary.root}`,
    `last stop    ${summary.isClean ? 'in order' : 'not in order: the next start recovers'}`,
    `log          ${log.files} files of ${log.fileBytes} bytes, from ${log.minOffset}, known to queues up to ${log.maxKnownOffset}`,
    ...(log.missingFiles > 0 ? [`             ${log.missingFiles} files are missing`] : []),
    ...(first === undefined ? [] : [`first stored ${new Date(first).toISOString()}`]),
    `features     ${features.join(', ') || 'none'}`,
    ...(others.length > 0 ? [`not touched  ${others.join(', ')}`] : []),
    ...(checkpoint === undefined ? [] : [`checkpoint   ${JSON.stringify(checkpoint)}`]),
    '',
    row('#Topic', '#QID', '#Type', '#Min', '#Max', '#Files'),
    ...queues.map(({ topic, queueId, kind, min, max, files }) =>
      row(topic, String(queueId), kind, String(min), String(max), String(files)),
    ),
    '',
    ...compacted.map(
      ({ topic, queueId, files, position, hasPlan }) =>
        `compacted ${topic} queue ${queueId}: ${files} pairs of files, up to queue offset ${position ?? 'none'}${hasPlan ? ', a replacement of files is not finished' : ''}`,
    ),
    ...index.map(
      ({ name, count, beginOffset, endOffset, usedSlots }) =>
        `index ${name}: ${count - 1} entries in ${usedSlots} slots, log offsets ${beginOffset} to ${endOffset}`,
    ),
    ...tables.map(({ path, byteLength, members, problem }) =>
      problem === undefined
        ? `table ${path}: ${byteLength} bytes, ${members ?? 0} members`
        : `table ${path}: ${problem}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function row(topic: string, ...rest: readonly string[]): string {
  return `${topic.padEnd(40)} ${rest.map((cell) => cell.padEnd(12)).join(' ')}`.trimEnd()
}
