// SPDX-License-Identifier: Apache-2.0
// mqadmin storeRepair: says what a repair of a stopped store would do and what would be lost, and does it when told to.
import {
  needsRepair,
  repairPreview,
  repairStore,
  type StoreFolder,
  verifyStore,
} from '@rocketmq-ts/store/toolbox'
import { flagOption, type Command, type CommandContext } from '../command.ts'
import {
  EXIT,
  folderOptions,
  folderSettings,
  orFailed,
  progressTo,
  withFolder,
} from './store-folder.ts'
import { exitCodeOf, resultText } from './store-verify.ts'

/** Not in Java's mqadmin. */
export const storeRepair: Command = {
  name: 'storeRepair',
  options: [
    ...folderOptions,
    flagOption('y', 'yes', 'do it; without this it is only said what would be done'),
  ],
  example: 'storeRepair -d /data/store -y',

  run: (context) => (context.values.has('yes') ? repair(context) : preview(context)),
}

function preview(context: CommandContext): Promise<number> {
  return withFolder(context, async (folder: StoreFolder) => {
    const { signal } = context
    const progress = progressTo(context)
    const result = await verifyStore({ folder, turn: context.runtime.turn, signal, progress })
    context.print(`${resultText(result)}\n`)
    if (!needsRepair(result)) {
      context.print('there is nothing to repair\n')
      return exitCodeOf(result)
    }
    const { steps, lost } = repairPreview(result)
    context.print(`a repair would do this:\n${steps.map((step) => `  ${step}\n`).join('')}`)
    if (lost.length > 0)
      context.print(`and these are lost:\n${lost.map((one) => `  ${one}\n`).join('')}`)
    context.print('copy the directory, then run it again with -y\n')
    return exitCodeOf(result)
  })
}

function repair(context: CommandContext): Promise<number> {
  return orFailed(context, async () => {
    const { before, after } = await repairStore({
      ...folderSettings(context),
      runtime: context.runtime,
      signal: context.signal,
      progress: progressTo(context),
      step: (step) => context.complain(step),
    })
    const { lost } = repairPreview(before)
    context.print(`before: ${resultText(before)}\n`)
    if (after === undefined) {
      context.print('there is nothing to repair\n')
      return exitCodeOf(before)
    }
    if (lost.length > 0) context.print(`lost:\n${lost.map((one) => `  ${one}\n`).join('')}`)
    context.print(`after: ${resultText(after)}\n`)
    return after.errors > 0 ? EXIT.errors : exitCodeOf(after)
  })
}
