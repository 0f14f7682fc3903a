// SPDX-License-Identifier: Apache-2.0
// Reads a command's arguments as Java's mqadmin reads them, and words what is wrong with them the same way.
import { Command as Commander, CommanderError, Option } from 'commander'
import type { CommandOption, OptionGroup } from './command.ts'
import { flatOptions, isGroup } from './standard-options.ts'

/** What was given, or what is wrong with it. */
export type CommandLine =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly message: string }

/**
 * Reads `args`. Words that are no options are passed over, as Java does.
 * Source: commons-cli's DefaultParser.
 */
export function parseCommandLine(
  options: readonly (CommandOption | OptionGroup)[],
  args: readonly string[],
): CommandLine {
  const all = flatOptions(options)
  const spelled = spelledOut(all, args)
  if (typeof spelled === 'string') return { ok: false, message: spelled }
  const parser = parserOf(all)
  try {
    parser.parse(spelled, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { ok: false, message: javaMessage(error, all) }
  }
  const given = parser.opts<Record<string, string | true>>()
  const values = new Map<string, string>()
  for (const option of all) {
    const value = given[attributeOf(option)]
    if (value !== undefined) values.set(option.long, value === true ? '' : value)
  }
  const message = clash(options, values, spelled) ?? missing(options, values)
  return message === undefined ? { ok: true, values } : { ok: false, message }
}

function parserOf(options: readonly CommandOption[]): Commander {
  const parser = new Commander()
    .helpOption(false)
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  for (const option of options) {
    // Short names of two letters, which commander does not take, are spelled out before.
    const short = option.short.length === 1 ? `-${option.short}, ` : ''
    const argument = option.takesValue ? ' <arg>' : ''
    parser.addOption(
      new Option(`${short}--${option.long}${argument}`).argParser<string>(
        // Of an option given twice the first counts.
        (value, previous) => previous ?? value,
      ),
    )
  }
  return parser
}

function attributeOf(option: CommandOption): string {
  return new Option(`--${option.long}`).attributeName()
}

/**
 * Java also takes long names with one dash (`-topic T`), joined by `=` (`-t=T`), and any beginning of a long name
 * that only one option has.
 */
function spelledOut(options: readonly CommandOption[], args: readonly string[]): string[] | string {
  const spelled: string[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (!arg.startsWith('-') || arg === '-') {
      spelled.push(arg)
      continue
    }
    if (arg === '--') return [...spelled, ...args.slice(index)]
    const equals = arg.indexOf('=')
    const head = equals < 0 ? arg : arg.slice(0, equals)
    const found = optionOf(options, head)
    if (typeof found === 'string') return found
    if (found === undefined) {
      spelled.push(arg)
      continue
    }
    const joined = equals < 0 ? '' : arg.slice(equals)
    spelled.push(`--${found.long}${joined}`)
    // A value may begin with a dash, unless it is an option itself.
    if (found.takesValue && joined === '' && index + 1 < args.length) {
      const value = args[index + 1] ?? ''
      const isOption = value.startsWith('-') && isKnown(options, value)
      if (isOption) return `Missing argument for option: ${found.short}`
      spelled[spelled.length - 1] += `=${value}`
      index++
    }
  }
  return spelled
}

function optionOf(
  options: readonly CommandOption[],
  head: string,
): CommandOption | undefined | string {
  const name = head.replace(/^--?/, '')
  const isLong = head.startsWith('--')
  const short = isLong ? undefined : options.find((option) => option.short === name)
  const exact = short ?? options.find((option) => option.long === name)
  if (exact !== undefined) return exact
  const starting = options.filter((option) => option.long.startsWith(name))
  if (starting.length < 2) return starting[0]
  const names = starting.map((option) => `'${option.long}'`).join(', ')
  return `Ambiguous option: '${head}'  (could be: ${names})`
}

function isKnown(options: readonly CommandOption[], arg: string): boolean {
  const head = arg.split('=')[0] ?? ''
  return optionOf(options, head) !== undefined
}

function javaMessage(error: CommanderError, options: readonly CommandOption[]): string {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  if (error.code === 'commander.unknownOption') return `Unrecognized option: ${named}`
  if (error.code === 'commander.optionMissingArgument') {
    const option = options.find(({ long }) => named.includes(`--${long}`))
    return `Missing argument for option: ${option?.short ?? named}`
  }
  return error.message
}

function clash(
  options: readonly (CommandOption | OptionGroup)[],
  values: ReadonlyMap<string, string>,
  spelled: readonly string[],
): string | undefined {
  const position = ({ long }: CommandOption): number =>
    spelled.findIndex((arg) => arg === `--${long}` || arg.startsWith(`--${long}=`))
  for (const group of options.filter(isGroup)) {
    const given = group.filter(({ long }) => values.has(long))
    const [first, second] = given.sort((a, b) => position(a) - position(b))
    if (first !== undefined && second !== undefined) {
      return `The option '${second.short}' was specified but an option from this group has already been selected: '${first.short}'`
    }
  }
  return undefined
}

function missing(
  options: readonly (CommandOption | OptionGroup)[],
  values: ReadonlyMap<string, string>,
): string | undefined {
  const names = options.flatMap((option) => {
    if (isGroup(option)) {
      const given = option.some(({ long }) => values.has(long))
      const listed = option.map((one) => `-${one.short} ${one.description}`).join(', ')
      return given ? [] : [`[${listed}]`]
    }
    return option.required && !values.has(option.long) ? [option.short] : []
  })
  if (names.length === 0) return undefined
  return `Missing required option${names.length === 1 ? '' : 's'}: ${names.join(', ')}`
}
