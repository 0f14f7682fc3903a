// SPDX-License-Identifier: Apache-2.0
// mqadmin storeDump: one file of a store, line by line; its path tells what kind it is.
import { dumpFile } from '@rocketmq-ts/store/toolbox'
import { required, valueOption, type Command } from '../command.ts'
import { EXIT, numberOption, orFailed } from './store-folder.ts'

/** Not in Java's mqadmin. */
export const storeDump: Command = {
  name: 'storeDump',
  options: [
    valueOption(
      'f',
      'file',
      'a file below commitlog, consumequeue, consumequeue_ext, batchconsumequeue, index or config, or checkpoint',
      'required',
    ),
    valueOption('s', 'indexSlots', 'slots of an index file, when it has not four entries for each'),
    valueOption('e', 'indexEntries', 'entries of an index file'),
  ],
  example: 'storeDump -f /data/store/consumequeue/TopicTest/0/00000000000000000000',

  run: (context) =>
    orFailed(context, async () => {
      const slots = numberOption(context, 'indexSlots')
      const entries = numberOption(context, 'indexEntries')
      await dumpFile({
        files: context.runtime.files,
        turn: context.runtime.turn,
        path: required(context, 'file'),
        indexShape: slots === undefined || entries === undefined ? undefined : { slots, entries },
        line: (line) => context.print(`${line}\n`),
        signal: context.signal,
      })
      return EXIT.sound
    }),
}
