// SPDX-License-Identifier: Apache-2.0
// The help text of a command, laid out as commons-cli's HelpFormatter lays it out.
import type { CommandOption, OptionGroup } from './command.ts'
import { isGroup } from './standard-options.ts'

const lineWidth = 110
const descriptionGap = '   '

/** The usage line and the table of options; ends with a line end. */
export function usageText(
  commandName: string,
  options: readonly (CommandOption | OptionGroup)[],
): string {
  const sorted = options
    .flatMap((option) =>
      isGroup(option) ? option.map((one) => listed(one, option)) : listed(option),
    )
    .sort((a, b) => compareIgnoringCase(a.one.short, b.one.short))
  const usage = usageLine(commandName, sorted)
  const table = optionTable(sorted.map(({ one }) => one))
  return `${wrapped(usage, 'usage: '.length)}\n${table}\n`
}

interface Listed {
  readonly one: CommandOption
  readonly group: OptionGroup | undefined
}

function listed(one: CommandOption, group?: OptionGroup): Listed {
  return { one, group }
}

/** A group stands where its first option would; the blanks of its other options stay, as in Java. */
function usageLine(commandName: string, sorted: readonly Listed[]): string {
  const shown = new Set<OptionGroup>()
  const parts = sorted.map(({ one, group }) => {
    if (group === undefined) return one.required ? synopsis(one) : `[${synopsis(one)}]`
    if (shown.has(group)) return ''
    shown.add(group)
    return [...group]
      .sort((a, b) => compareIgnoringCase(a.short, b.short))
      .map(synopsis)
      .join(' | ')
  })
  return `usage: mqadmin ${commandName} ${parts.join(' ')}`
}

function synopsis(option: CommandOption): string {
  return option.takesValue ? `-${option.short} <arg>` : `-${option.short}`
}

function optionTable(options: readonly CommandOption[]): string {
  const heads = options.map(
    (option) => ` -${option.short},--${option.long}${option.takesValue ? ' <arg>' : ''}`,
  )
  const width = Math.max(...heads.map((head) => head.length))
  return options
    .map((option, index) => {
      const head = (heads[index] ?? '').padEnd(width)
      return wrapped(head + descriptionGap + option.description, width + descriptionGap.length)
    })
    .join('\n')
}

/** Breaks at blanks before the line width; following lines are indented. Source: HelpFormatter.renderWrappedText. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = []
  let rest = text
  for (;;) {
    const at = breakPosition(rest)
    if (at < 0) return [...lines, rest.trimEnd()].join('\n')
    lines.push(rest.slice(0, at).trimEnd())
    rest = ' '.repeat(indent) + rest.slice(at).trim()
    // What cannot be broken after its indent is cut at the width, or it would never end.
    if (rest.length > lineWidth && breakPosition(rest) === indent - 1) {
      lines.push(rest.slice(0, lineWidth))
      rest = ' '.repeat(indent) + rest.slice(lineWidth).trim()
    }
  }
}

function breakPosition(text: string): number {
  if (text.length <= lineWidth) return -1
  const blank = text.lastIndexOf(' ', lineWidth)
  return blank > 0 ? blank : lineWidth
}

function compareIgnoringCase(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()]
  if (a === b) return 0
  return a < b ? -1 : 1
}
