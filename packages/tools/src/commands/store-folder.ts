// SPDX-License-Identifier: Apache-2.0
// What the commands on a stopped store share: the options that say where it is, its lock, progress, and how a run ends.
import { type FolderOptions, StoreFolder } from '@rocketmq-ts/store/toolbox'
import {
  flagOption,
  optional,
  required,
  valueOption,
  type CommandContext,
  type CommandOption,
} from '../command.ts'
import { javaWholeNumber } from '../java-number.ts'

/** Exit codes: 1 is kept for wrong arguments. */
export const EXIT = { sound: 0, errors: 2, warnings: 3, failed: 4 } as const

const PROGRESS_MS = 1000

export const folderOptions: readonly CommandOption[] = [
  valueOption('d', 'storePath', 'directory of the store (storePathRootDir)', 'required'),
  valueOption(
    'l',
    'commitLogPath',
    'its log directories when they lie elsewhere (storePathCommitLog), separated by commas',
  ),
  valueOption('b', 'commitLogFileSize', 'bytes of a log file, when its only one is too short'),
  valueOption('s', 'indexSlots', 'slots of an index file, when it has not four entries for each'),
  valueOption('e', 'indexEntries', 'entries of an index file'),
]

/** Reads a store that a process has open all the same. */
export const forceOption: CommandOption = flagOption(
  'f',
  'force',
  'read it although a broker has it open or it cannot be locked: what is being written then looks damaged',
)

/** The options as the store's toolbox takes them. */
export function folderSettings(context: CommandContext): FolderOptions {
  const slots = numberOption(context, 'indexSlots')
  const entries = numberOption(context, 'indexEntries')
  if ((slots === undefined) !== (entries === undefined)) {
    throw new Error('-s and -e must be given together')
  }
  return {
    files: context.runtime.files,
    root: required(context, 'storePath'),
    commitLogDirectories: optional(context, 'commitLogPath')?.split(','),
    commitLogFileBytes: numberOption(context, 'commitLogFileSize'),
    indexShape: slots === undefined || entries === undefined ? undefined : { slots, entries },
  }
}

export function numberOption(context: CommandContext, long: string): number | undefined {
  const text = optional(context, long)
  return text === undefined ? undefined : javaWholeNumber(text)
}

/** Opens the store for reading while `work` runs, locked unless `-f` is given. */
export async function withFolder(
  context: CommandContext,
  work: (folder: StoreFolder) => Promise<number> | number,
): Promise<number> {
  return await orFailed(context, async () => {
    const folder = new StoreFolder(folderSettings(context))
    const lock = context.values.has('force') ? undefined : folder.lock()
    try {
      return await work(folder)
    } finally {
      folder.close()
      lock?.release()
    }
  })
}

/** A command of ours that fails says so by its exit code too. */
export async function orFailed(
  context: CommandContext,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    context.complain(error instanceof Error ? error.message : String(error))
    return EXIT.failed
  }
}

/** Tells on standard error, once a second, how far it has come. */
export function progressTo(context: CommandContext): (done: number, of: number) => void {
  const { clock } = context.runtime
  const startedMs = clock.monotonicMs()
  let toldMs = startedMs
  return (done, of) => {
    const nowMs = clock.monotonicMs()
    if (nowMs - toldMs < PROGRESS_MS || done <= 0) return
    toldMs = nowMs
    const leftSeconds = Math.ceil(((nowMs - startedMs) * (of - done)) / done / 1000)
    context.complain(`${Math.floor((done * 100) / of)} %, ${leftSeconds} s left`)
  }
}

/** True for `-o json`. */
export function isJson(context: CommandContext): boolean {
  const output = optional(context, 'output') ?? 'text'
  if (output !== 'text' && output !== 'json') {
    throw new Error(`cannot print as '${output}': -o takes text or json`)
  }
  return output === 'json'
}

export const outputOption: CommandOption = valueOption('o', 'output', 'text (default) or json')
