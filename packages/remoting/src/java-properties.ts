// SPDX-License-Identifier: Apache-2.0
// Reads and writes Java's .properties files: broker.conf, namesrv.conf and the configuration bodies.

/**
 * Parses .properties text: `name = value`, `name: value` or `name value` per line, `#` and `!` comments, a backslash at the
 * end of a line to go on in the next, and the escapes \t \n \r \f \uXXXX. The last of two equal names counts.
 * Unlike Java, which would read bytes as Latin-1, the text may hold any character.
 * @throws {SyntaxError} for a \u escape without four hexadecimal digits.
 */
export function parseJavaProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const nameEnd = endOfName(line)
    properties.set(
      unescape(line.slice(0, nameEnd)),
      unescape(line.slice(startOfValue(line, nameEnd))),
    )
  }
  return properties
}

/** Writes one `name=value` line per property, escaped as Java does; anything but printable ASCII becomes a \u escape. */
export function writeJavaProperties(properties: ReadonlyMap<string, string>): string {
  let text = ''
  for (const [name, value] of properties) {
    text += `${escape(name, /[ =:#!\\]/g)}=${escape(value, /^ |[=:#!\\]/g)}\n`
  }
  return text
}

/** Lines without comments and blank ones, continued lines joined. */
function* logicalLines(text: string): Generator<string> {
  let joined: string | undefined
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '')
    if (joined === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) {
      continue
    }
    joined = (joined ?? '') + line
    if (isContinued(line)) {
      joined = joined.slice(0, -1)
      continue
    }
    yield joined
    joined = undefined
  }
  if (joined !== undefined && joined !== '') yield joined
}

/** An odd number of backslashes at the end: the last one is not escaped itself. */
function isContinued(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1
}

function endOfName(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (character === '\\') at += 1
    else if ('=: \t\f'.includes(character)) return at
  }
  return line.length
}

/** Behind white space with at most one separator in it. */
function startOfValue(line: string, nameEnd: number): number {
  const gap = /^[ \t\f]*(?:[=:][ \t\f]*)?/.exec(line.slice(nameEnd))
  return nameEnd + (gap?.[0].length ?? 0)
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescape(text: string): string {
  return text.replace(/\\(u([0-9a-fA-F]{4})|[^])/g, (all, kind: string, digits?: string) => {
    if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16))
    if (kind === 'u') throw new SyntaxError(`malformed \\u escape in '${text}': ${all}`)
    return ESCAPES[kind] ?? kind
  })
}

const LETTERS: Readonly<Record<string, string>> = {
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\f': String.raw`\f`,
}

function escape(text: string, special: RegExp): string {
  return text
    .replace(special, (character) => `\\${character}`)
    .replace(/[^ -~]/g, (character) => LETTERS[character] ?? unicodeEscape(character))
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
