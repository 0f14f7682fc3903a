// SPDX-License-Identifier: Apache-2.0
// Writes JSON so that short records stay on one line: compact to read and to compare.

const lineWidth = 100

/** Formats `value`; a list or record goes on one line when it fits there. */
export function formatJson(value: unknown): string {
  return format(value, '', 0)
}

function format(value: unknown, indent: string, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const line = oneLine(value)
  // One column is kept for the comma that may follow.
  if (indent !== '' && used + line.length < lineWidth) return line
  const inner = indent + '  '
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + format(item, inner, inner.length))
    return `[\n${items.join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value).map(([name, item]) => {
    const start = `${inner}${JSON.stringify(name)}: `
    return start + format(item, inner, start.length)
  })
  return `{\n${members.join(',\n')}\n${indent}}`
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
