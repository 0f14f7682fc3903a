// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/tools.
export type { Command, CommandContext, CommandOption, OptionGroup } from './command.ts'
export { commands, type CommandEntry } from './commands/index.ts'
export { mqadmin, type MqadminOptions } from './mqadmin.ts'
