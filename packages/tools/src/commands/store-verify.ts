// SPDX-License-Identifier: Apache-2.0
// mqadmin storeVerify: every record, queue entry, index entry and checksum of a stopped store.
import { type Finding, type Verification, verifyStore } from '@rocketmq-ts/store/toolbox'
import { optional, valueOption, type Command } from '../command.ts'
import {
  EXIT,
  folderOptions,
  forceOption,
  isJson,
  outputOption,
  progressTo,
  withFolder,
} from './store-folder.ts'

/** Not in Java's mqadmin. */
export const storeVerify: Command = {
  name: 'storeVerify',
  options: [
    ...folderOptions,
    valueOption(
      'm',
      'messageDelayLevel',
      "the broker's messageDelayLevel: compares the times of delayed messages as well",
    ),
    outputOption,
    forceOption,
  ],
  example: 'storeVerify -d /data/store',

  run: (context) =>
    withFolder(context, async (folder) => {
      const json = isJson(context)
      const result = await verifyStore({
        folder,
        turn: context.runtime.turn,
        signal: context.signal,
        progress: progressTo(context),
        messageDelayLevel: optional(context, 'messageDelayLevel'),
        found: (finding) => {
          if (!json) context.print(`${findingText(finding)}\n`)
        },
      })
      const { plan: _plan, ...told } = result
      context.print(json ? `${JSON.stringify(told, null, 2)}\n` : `${resultText(result)}\n`)
      return exitCodeOf(result)
    }),
}

/** 0 when nothing is wrong, 2 for errors, 3 for warnings only. */
export function exitCodeOf({ errors, warnings }: Verification): number {
  if (errors > 0) return EXIT.errors
  return warnings > 0 ? EXIT.warnings : EXIT.sound
}

export function findingText({ severity, code, path, offset, what, toDo }: Finding): string {
  const where = offset === undefined ? path : `${path} at ${offset}`
  return `${severity} ${code}: ${where}: ${what}. To do: ${toDo}`
}

/** What was looked at, in one line, and how many findings there are of each kind. */
export function resultText({ checked, counts, errors, warnings }: Verification): string {
  const { logBytes, records, queues, entries, indexEntries, checksums } = checked
  const { compactedQueues, compactedRecords } = checked
  const compacted =
    compactedQueues === 0
      ? ''
      : `, ${compactedRecords} records in ${compactedQueues} compacted queues`
  const looked = `${records} records in ${logBytes} bytes, ${entries} entries in ${queues} queues, ${indexEntries} index entries, ${checksums} checksums${compacted}`
  const kinds = Object.entries(counts).map(([code, count]) => `${count} ${code}`)
  const verdict = errors > 0 ? 'damaged' : warnings > 0 ? 'sound, with warnings' : 'sound'
  return [looked, ...(kinds.length > 0 ? [kinds.join(', ')] : []), verdict].join('\n')
}
