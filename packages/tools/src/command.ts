// SPDX-License-Identifier: Apache-2.0
// What an mqadmin command is: its name, its options, and what it does.
import type { AdminClient } from '@rocketmq-ts/client/admin'
import type { Runtime } from '@rocketmq-ts/runtime'

/** An option as Java's mqadmin has it: `-t,--topic <arg>`. */
export interface CommandOption {
  readonly short: string
  readonly long: string
  readonly description: string
  readonly takesValue: boolean
  readonly required: boolean
}

/** Exactly one of these must be given. */
export type OptionGroup = readonly CommandOption[]

/** What a command may do to the world. */
export interface CommandContext {
  /** Values by long option name; `''` for an option that takes none. */
  readonly values: ReadonlyMap<string, string>
  /** An admin client on the name servers given by `-n` or the environment; made at its first use. */
  readonly admin: () => AdminClient
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'host' | 'files' | 'network'>
  /** Writes to standard output, without adding a line end. */
  readonly print: (text: string) => void
  /** Writes one line to standard error. */
  readonly complain: (line: string) => void
  /** Fires when the user asks to stop. */
  readonly signal: AbortSignal
}

/** One mqadmin command. */
export interface Command {
  readonly name: string
  /** In the order in which Java defines them: it shows in the message about missing ones. */
  readonly options: readonly (CommandOption | OptionGroup)[]
  /** A call as one would write it, for the help; Java's commands have none. */
  readonly example?: string
  /**
   * Rejects when it could not do what was asked; what it has printed until then stays. Resolves with the exit code where Java has no
   * such command; those that Java has resolve with nothing, which is 0.
   */
  run(context: CommandContext): Promise<number | void>
}

/** An option that takes a value. */
export function valueOption(
  short: string,
  long: string,
  description: string,
  presence: 'required' | 'optional' = 'optional',
): CommandOption {
  return { short, long, description, takesValue: true, required: presence === 'required' }
}

/** An option that is there or not. */
export function flagOption(short: string, long: string, description: string): CommandOption {
  return { short, long, description, takesValue: false, required: false }
}

/** The value of a required option, without blanks around it. */
export function required(context: CommandContext, long: string): string {
  return optional(context, long) ?? ''
}

/** The value of an option without blanks around it, undefined when it was not given. */
export function optional(context: CommandContext, long: string): string | undefined {
  return context.values.get(long)?.trim()
}
