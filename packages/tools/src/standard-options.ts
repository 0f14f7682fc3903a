// SPDX-License-Identifier: Apache-2.0
// The options every command has.
import { flagOption, valueOption, type CommandOption, type OptionGroup } from './command.ts'

/** Source: ServerUtil.buildCommandlineOptions. */
export const standardOptions: readonly CommandOption[] = [
  flagOption('h', 'help', 'Print help'),
  valueOption(
    'n',
    'namesrvAddr',
    "Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'",
  ),
]

/** All options in one list. */
export function flatOptions(
  options: readonly (CommandOption | OptionGroup)[],
): readonly CommandOption[] {
  return options.flatMap((option) => (isGroup(option) ? option : [option]))
}

export function isGroup(option: CommandOption | OptionGroup): option is OptionGroup {
  return Array.isArray(option)
}
