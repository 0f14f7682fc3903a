// SPDX-License-Identifier: Apache-2.0
// The JSON header: reading it in place, with the liberties Java's reader takes.
import { RocketMQError } from '../errors.ts'
import { KEY_ESCAPED, VALUE_ESCAPED, VALUE_NULL, type CommandScan } from './command-scan.ts'
import { hexUnitAt, isSimpleEscape, unescapedText } from './json-text.ts'
import { LanguageCode, languageOf } from './language-code.ts'

const QUOTE = 0x22
const APOSTROPHE = 0x27
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

/** Deepest nesting taken in values nobody reads; Java gives up at a few thousand, where its stack ends. */
const MAX_DEPTH = 2048

const INT_TEXT = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?[LBS]?$/
const SCALAR_TEXT = /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[LBSFD]?|true|false|null)$/

// Closing bytes of the lists and objects a skipped value is inside of.
const nesting = new Uint8Array(MAX_DEPTH)

function refused(what: string, at: number): RocketMQError {
  return new RocketMQError('RMQ_PROTOCOL', `cannot read a JSON header: ${what} at byte ${at}`)
}

function skipSpace(bytes: Buffer, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at] as number
    if (byte > 0x20 || (byte !== 0x20 && (byte < 8 || byte === 11 || byte > 13))) return at
    at++
  }
  return at
}

/** `at` is the opening quote; returns the position of the closing one, and leaves in `scan.escaped` whether there were escapes. */
function stringEnd(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  const quote = bytes[at]
  let escaped = false
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i]
    if (byte === quote) {
      scan.escaped = escaped
      return i
    }
    if (byte === BACKSLASH) {
      escaped = true
      i++
      const letter = i < end ? (bytes[i] as number) : 0
      if (letter === 0x75) {
        if (hexUnitAt(bytes, i + 1, end) < 0) throw refused('a cut escape', i)
        i += 4
      } else if (!isSimpleEscape(letter)) {
        throw refused('an unknown escape', i)
      }
    }
  }
  throw refused('a string without end', at)
}

/** Skips a number, true, false or null; returns its end. */
function scalarEnd(bytes: Buffer, at: number, end: number): number {
  let to = at
  while (to < end) {
    const byte = bytes[to] as number
    if (byte <= 0x20 || byte === COMMA || byte === CLOSE || byte === CLOSE_LIST) break
    to++
  }
  if (!SCALAR_TEXT.test(bytes.toString('latin1', at, Math.min(to, at + 400)))) {
    throw refused('an unknown value', at)
  }
  return to
}

/** Skips any value; returns its end. Only strings and nesting are checked inside lists and objects. */
function skipValue(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  const first = bytes[at]
  if (first === QUOTE || first === APOSTROPHE) return stringEnd(scan, bytes, at, end) + 1
  if (first !== OPEN && first !== OPEN_LIST) return scalarEnd(bytes, at, end)
  let depth = 0
  for (let i = at; i < end; i++) {
    const byte = bytes[i]
    if (byte === QUOTE || byte === APOSTROPHE) {
      i = stringEnd(scan, bytes, i, end)
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (depth === MAX_DEPTH) throw refused('nesting too deep', i)
      nesting[depth++] = byte === OPEN ? CLOSE : CLOSE_LIST
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (nesting[--depth] !== byte) throw refused('a wrong bracket', i)
      if (depth === 0) return i + 1
    }
  }
  throw refused('a value without end', at)
}

function isNull(bytes: Buffer, at: number, end: number): boolean {
  return (
    end - at >= 4 &&
    bytes[at] === 0x6e &&
    bytes[at + 1] === 0x75 &&
    bytes[at + 2] === 0x6c &&
    bytes[at + 3] === 0x6c
  )
}

/** Position after the integer last read by {@link scanInt}. */
let intEnd = 0

/** Reads an int; absent text and null keep `previous`. What is not plain digits goes to {@link slowInt}. */
function scanInt(
  scan: CommandScan,
  bytes: Buffer,
  at: number,
  end: number,
  previous: number,
): number {
  let i = at
  const negative = bytes[i] === 0x2d
  if (negative) i++
  const first = i
  let value = 0
  while (i < end) {
    const digit = (bytes[i] as number) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    i++
  }
  const digits = i - first
  const next = bytes[i]
  if (
    digits === 0 ||
    digits > 9 ||
    (next !== COMMA && next !== CLOSE && (next === undefined || next > 0x20))
  ) {
    return slowInt(scan, bytes, at, end, previous)
  }
  intEnd = i
  return negative ? -value | 0 : value
}

function slowInt(
  scan: CommandScan,
  bytes: Buffer,
  at: number,
  end: number,
  previous: number,
): number {
  const to = skipValue(scan, bytes, at, end)
  intEnd = to
  const quoted = bytes[at] === QUOTE || bytes[at] === APOSTROPHE
  const text = quoted ? unescapedText(bytes, at + 1, to - 1) : bytes.toString('latin1', at, to)
  if (text === 'null' || text === '') return previous
  if (text === 'true') return 1
  if (text === 'false') return 0
  if (!INT_TEXT.test(text)) throw refused('no integer', at)
  const value = Math.trunc(Number(text.replace(/[LBS]$/, '')))
  if (value < -2_147_483_648 || value > 2_147_483_647) throw refused('an integer too large', at)
  return value | 0
}

const languageBytes: readonly (readonly [Buffer, number])[] = Object.entries(LanguageCode).map(
  ([name, code]) => [Buffer.from(`"${name}"`), code] as const,
)

function readLanguage(bytes: Buffer, start: number, end: number): number {
  for (const [name, code] of languageBytes) {
    if (name.length === end - start && name.compare(bytes, start, end) === 0) return code
  }
  const text = bytes.toString('utf8', start, end).replace(/^["']|["']$/g, '')
  return languageOf(text)
}

function scanLanguage(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  // Nearly every peer says "JAVA".
  if (
    end - at > 6 &&
    bytes[at + 1] === 0x4a &&
    bytes[at + 2] === 0x41 &&
    bytes[at + 3] === 0x56 &&
    bytes[at + 4] === 0x41 &&
    bytes[at + 5] === QUOTE &&
    bytes[at] === QUOTE
  ) {
    scan.language = LanguageCode.JAVA
    return at + 6
  }
  const to = skipValue(scan, bytes, at, end)
  scan.language = readLanguage(bytes, at, to)
  return to
}

function scanRemark(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  if (isNull(bytes, at, end)) {
    scan.remarkStart = -1
    return at + 4
  }
  const to = skipValue(scan, bytes, at, end)
  const quoted = bytes[at] === QUOTE || bytes[at] === APOSTROPHE
  scan.remarkStart = quoted ? at + 1 : at
  scan.remarkEnd = quoted ? to - 1 : to
  scan.remarkEscaped = quoted && scan.escaped
  return to
}

function scanExtFields(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  scan.entryCount = 0
  if (isNull(bytes, at, end)) return at + 4
  if (bytes[at] === QUOTE && bytes[at + 1] === QUOTE) return at + 2
  if (bytes[at] !== OPEN) throw refused('extFields is no object', at)
  let i = skipSpace(bytes, at + 1, end)
  while (bytes[i] !== CLOSE) {
    if (i >= end || (bytes[i] !== QUOTE && bytes[i] !== APOSTROPHE)) throw refused('no key', i)
    const keyStart = i + 1
    const keyEnd = stringEnd(scan, bytes, i, end)
    let flags = scan.escaped ? KEY_ESCAPED : 0
    i = keyEnd + 1
    if (bytes[i] !== COLON) i = skipSpace(bytes, i, end)
    if (bytes[i] !== COLON) throw refused('no colon', i)
    i++
    if (bytes[i] !== QUOTE) i = skipSpace(bytes, i, end)
    if (bytes[i] === QUOTE || bytes[i] === APOSTROPHE) {
      const valueEnd = stringEnd(scan, bytes, i, end)
      if (scan.escaped) flags |= VALUE_ESCAPED
      scan.addEntry(keyStart, keyEnd, i + 1, valueEnd, flags)
      i = valueEnd + 1
    } else {
      const valueEnd = skipValue(scan, bytes, i, end)
      if (isNull(bytes, i, valueEnd)) flags |= VALUE_NULL
      scan.addEntry(keyStart, keyEnd, i, valueEnd, flags)
      i = valueEnd
    }
    i = nextMember(bytes, i, end)
  }
  return i + 1
}

/** From the end of a member's value to the next key or the closing brace; Java takes a comma before the brace. */
function nextMember(bytes: Buffer, at: number, end: number): number {
  let i = at
  if (bytes[i] !== COMMA) {
    i = skipSpace(bytes, i, end)
    if (i < end && bytes[i] === CLOSE) return i
    if (i >= end || bytes[i] !== COMMA) throw refused('no comma', i)
  }
  i++
  return bytes[i] === QUOTE ? i : skipSpace(bytes, i, end)
}

const CODE = 1
const FLAG = 2
const OPAQUE = 3
const REMARK = 4
const VERSION = 5
const LANGUAGE = 6
const EXT_FIELDS = 7
const UNKNOWN = 0

const members: ReadonlyMap<string, number> = new Map([
  ['code', CODE],
  ['flag', FLAG],
  ['opaque', OPAQUE],
  ['remark', REMARK],
  ['version', VERSION],
  ['language', LANGUAGE],
  ['extFields', EXT_FIELDS],
])
const memberBytes: readonly Buffer[] = ['', ...members.keys()].map((name) => Buffer.from(name))

function isMember(bytes: Buffer, start: number, member: number): boolean {
  const name = memberBytes[member] as Buffer
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false
  return true
}

function memberAt(scan: CommandScan, bytes: Buffer, start: number, end: number): number {
  if (scan.escaped) return members.get(unescapedText(bytes, start, end)) ?? UNKNOWN
  let member = UNKNOWN
  switch (end - start) {
    case 4:
      member = bytes[start] === 0x63 ? CODE : FLAG
      break
    case 6:
      member = bytes[start] === 0x6f ? OPAQUE : REMARK
      break
    case 7:
      member = VERSION
      break
    case 8:
      member = LANGUAGE
      break
    case 9:
      member = EXT_FIELDS
      break
  }
  return member !== UNKNOWN && isMember(bytes, start, member) ? member : UNKNOWN
}

function scanMember(
  scan: CommandScan,
  bytes: Buffer,
  at: number,
  end: number,
  member: number,
): number {
  switch (member) {
    case CODE:
      scan.code = scanInt(scan, bytes, at, end, scan.code)
      return intEnd
    case FLAG:
      scan.flag = scanInt(scan, bytes, at, end, scan.flag)
      return intEnd
    case OPAQUE:
      scan.opaque = scanInt(scan, bytes, at, end, scan.opaque)
      return intEnd
    case VERSION:
      scan.version = scanInt(scan, bytes, at, end, scan.version)
      return intEnd
    case LANGUAGE:
      return scanLanguage(scan, bytes, at, end)
    case REMARK:
      return scanRemark(scan, bytes, at, end)
    case EXT_FIELDS:
      return scanExtFields(scan, bytes, at, end)
    default:
      return skipValue(scan, bytes, at, end)
  }
}

/**
 * Scans `bytes[start … end)` into `scan`. Taken as Java takes them: any order and spacing, unknown members, null, single quotes,
 * a comma before a closing brace, numbers in quotes, fractions cut off.
 * @throws {RMQ_PROTOCOL} when it is no JSON object, or a member cannot be what it must be.
 */
export function scanJsonHeader(scan: CommandScan, bytes: Buffer, start: number, end: number): void {
  let i = skipSpace(bytes, start, end)
  if (i >= end || bytes[i] !== OPEN) throw refused('no object', i - start)
  i = skipSpace(bytes, i + 1, end)
  for (;;) {
    if (i >= end) throw refused('no end', i - start)
    if (bytes[i] === CLOSE) break
    if (bytes[i] !== QUOTE && bytes[i] !== APOSTROPHE) throw refused('no key', i - start)
    const keyEnd = stringEnd(scan, bytes, i, end)
    const member = memberAt(scan, bytes, i + 1, keyEnd)
    i = keyEnd + 1
    if (bytes[i] !== COLON) i = skipSpace(bytes, i, end)
    if (i >= end || bytes[i] !== COLON) throw refused('no colon', i - start)
    i = skipSpace(bytes, i + 1, end)
    if (i >= end) throw refused('no value', i - start)
    i = nextMember(bytes, scanMember(scan, bytes, i, end, member), end)
  }
  if (skipSpace(bytes, i + 1, end) !== end)
    throw refused('something after the object', i + 1 - start)
}
