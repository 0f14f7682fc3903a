// SPDX-License-Identifier: Apache-2.0
// The JSON header: reading it in place, with the liberties Java's reader takes.
import { isUtf8 } from 'node:buffer'
import { RocketMQError } from '../errors.ts'
import {
  ENTRY_SIZE,
  KEY_ESCAPED,
  VALUE_ESCAPED,
  VALUE_NULL,
  type CommandScan,
} from './command-scan.ts'
import { hexUnitAt, isSimpleEscape, unescapedText } from './json-text.ts'
import { LanguageCode, languageOf, UNKNOWN_LANGUAGE } from './language-code.ts'

const QUOTE = 0x22
const APOSTROPHE = 0x27
const ASTERISK = 0x2a
const SLASH = 0x2f
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
    if (byte === SLASH) at = commentEnd(bytes, at, end)
    else if (byte > 0x20 || (byte !== 0x20 && (byte < 8 || byte === 11 || byte > 13))) return at
    else at++
  }
  return at
}

/** The end of the comment that begins at `at`. */
function commentEnd(bytes: Buffer, at: number, end: number): number {
  const close = bytes[at + 1] === ASTERISK ? bytes.indexOf('*/', at + 2, 'latin1') : -1
  if (close < 0 || close + 2 > end) throw refused('a slash', at)
  return close + 2
}

/** `at` is a backslash; returns the end of its escape. */
function escapeEnd(bytes: Buffer, at: number, end: number): number {
  const letter = at + 1 < end ? (bytes[at + 1] as number) : 0
  if (letter === 0x75) {
    if (hexUnitAt(bytes, at + 2, end) < 0) throw refused('a cut escape', at)
    return at + 6
  }
  if (!isSimpleEscape(letter)) throw refused('an unknown escape', at)
  return at + 2
}

/** 1 for the bytes that mean nothing but themselves inside a string: this table is what makes its loop short. */
const plain = new Uint8Array(256).fill(1, 0, 0x80)
plain[QUOTE] = plain[APOSTROPHE] = plain[BACKSLASH] = 0

/** `at` is the opening quote; returns the position of the closing one, and leaves in `scan.escaped` whether there were escapes. */
function stringEnd(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  const quote = bytes[at]
  let escaped = false
  let i = at + 1
  for (;;) {
    // Past the end of the buffer nothing is plain.
    while (plain[bytes[i] as number] === 1) i++
    if (i >= end) throw refused('a string without end', at)
    const byte = bytes[i] as number
    if (byte === quote) {
      scan.escaped = escaped
      return i
    }
    if (byte === BACKSLASH) {
      escaped = true
      i = escapeEnd(bytes, i, end)
    } else {
      if (byte > 0x7f) scan.nonAscii = true
      i++
    }
  }
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
  let text = quoted ? unescapedText(bytes, at + 1, to - 1) : bytes.toString('latin1', at, to)
  if (text === 'null' || text === '') return previous
  // Java takes the first of a list, and 0 for an object.
  if (text.startsWith('{')) return 0
  if (text.startsWith('[')) text = text.slice(1, -1).trim()
  if (text === 'true') return 1
  if (text === 'false') return 0
  if (!INT_TEXT.test(text)) throw refused('no integer', at)
  const value = Math.trunc(Number(text.replace(/[LBS]$/, '')))
  if (value < -2_147_483_648 || value > 2_147_483_647) throw refused('an integer too large', at)
  return value | 0
}

// Peers that are not Java say one and the same name again and again.
let lastLanguage: Uint8Array = Buffer.from('"NODE_JS"')
let lastLanguageCode: number = LanguageCode.NODE_JS

function isLastLanguage(bytes: Buffer, at: number, end: number): boolean {
  const length = lastLanguage.length
  if (end - at < length) return false
  for (let i = 0; i < length; i++) if (bytes[at + i] !== lastLanguage[i]) return false
  return true
}

/** The number of a language given by name or number. A name nobody knows is unknown; a number nobody knows is refused. */
function readLanguage(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('utf8', start, end)
  if (text === 'null') return UNKNOWN_LANGUAGE
  const name = text.replace(/^["']|["']$/g, '')
  const language = languageOf(name)
  if (name === text && language === UNKNOWN_LANGUAGE) throw refused('no language', start)
  return language
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
  if (isLastLanguage(bytes, at, end)) {
    scan.language = lastLanguageCode
    return at + lastLanguage.length
  }
  const to = skipValue(scan, bytes, at, end)
  scan.language = readLanguage(bytes, at, to)
  if (scan.language !== UNKNOWN_LANGUAGE && bytes[at] === QUOTE) {
    lastLanguage = Uint8Array.from(bytes.subarray(at, to))
    lastLanguageCode = scan.language
  }
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

/** Each field's positions go straight into the entries: this loop is most of what reading a JSON header costs. */
function scanExtFields(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  scan.entryCount = 0
  if (isNull(bytes, at, end)) return at + 4
  if (bytes[at] === QUOTE && bytes[at + 1] === QUOTE) return at + 2
  if (bytes[at] !== OPEN) throw refused('extFields is no object', at)
  let i = skipSpace(bytes, at + 1, end)
  let entries = scan.entries
  let entry = 0
  while (bytes[i] !== CLOSE) {
    if (i >= end || (bytes[i] !== QUOTE && bytes[i] !== APOSTROPHE)) throw refused('no key', i)
    const keyStart = i + 1
    // A key of one letter is what most requests have.
    let keyEnd = i + 2
    let flags = 0
    if (bytes[keyEnd] !== QUOTE || bytes[keyStart] === BACKSLASH || bytes[i] !== QUOTE) {
      keyEnd = stringEnd(scan, bytes, i, end)
      if (scan.escaped) flags = KEY_ESCAPED
    }
    i = keyEnd + 1
    if (bytes[i] !== COLON) i = skipSpace(bytes, i, end)
    if (bytes[i] !== COLON) throw refused('no colon', i)
    i++
    if (bytes[i] !== QUOTE) i = skipSpace(bytes, i, end)
    let valueStart = i + 1
    let valueEnd: number
    if (bytes[i] === QUOTE || bytes[i] === APOSTROPHE) {
      valueEnd = stringEnd(scan, bytes, i, end)
      if (scan.escaped) flags |= VALUE_ESCAPED
      i = valueEnd + 1
    } else {
      valueStart = i
      i = valueEnd = skipValue(scan, bytes, i, end)
      if (isNull(bytes, valueStart, valueEnd)) flags |= VALUE_NULL
    }
    if (entry === entries.length) entries = scan.growEntries()
    entries[entry] = keyStart
    entries[entry + 1] = keyEnd
    entries[entry + 2] = valueStart
    entries[entry + 3] = valueEnd
    entries[entry + 4] = flags
    entry += ENTRY_SIZE
    if (bytes[i] === COMMA && bytes[i + 1] === QUOTE) i++
    else i = nextMember(bytes, i, end)
  }
  scan.entryCount = entry / ENTRY_SIZE
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
/** Says what the frame's header word has said; nobody reads it. */
const SERIALIZE_TYPE = 8
const UNKNOWN = 0

const members: ReadonlyMap<string, number> = new Map([
  ['code', CODE],
  ['flag', FLAG],
  ['opaque', OPAQUE],
  ['remark', REMARK],
  ['version', VERSION],
  ['language', LANGUAGE],
  ['extFields', EXT_FIELDS],
  ['serializeTypeCurrentRPC', SERIALIZE_TYPE],
])
/** Names with their closing quote. */
const memberBytes: readonly Uint8Array[] = ['', ...members.keys()].map(
  (name) => new Uint8Array(Buffer.from(`${name}"`)),
)

/** The member whose name stands at `start`, its closing quote included; UNKNOWN also for known names that are escaped. */
function memberAt(bytes: Buffer, start: number): number {
  switch (bytes[start]) {
    case 0x63:
      return isMember(bytes, start, CODE) ? CODE : UNKNOWN
    case 0x65:
      return isMember(bytes, start, EXT_FIELDS) ? EXT_FIELDS : UNKNOWN
    case 0x66:
      return isMember(bytes, start, FLAG) ? FLAG : UNKNOWN
    case 0x6c:
      return isMember(bytes, start, LANGUAGE) ? LANGUAGE : UNKNOWN
    case 0x6f:
      return isMember(bytes, start, OPAQUE) ? OPAQUE : UNKNOWN
    case 0x72:
      return isMember(bytes, start, REMARK) ? REMARK : UNKNOWN
    case 0x73:
      return isMember(bytes, start, SERIALIZE_TYPE) ? SERIALIZE_TYPE : UNKNOWN
    case 0x76:
      return isMember(bytes, start, VERSION) ? VERSION : UNKNOWN
    default:
      return UNKNOWN
  }
}

function isMember(bytes: Buffer, start: number, member: number): boolean {
  const name = memberBytes[member] as Uint8Array
  const length = name.length
  for (let i = 1; i < length; i++) if (bytes[start + i] !== name[i]) return false
  return true
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

const FLAG_KEY = Buffer.from('"flag":')
const LANGUAGE_KEY = Buffer.from(',"language":')
const OPAQUE_KEY = Buffer.from(',"opaque":')
const VERSION_KEY = Buffer.from(',"serializeTypeCurrentRPC":"JSON","version":')

/** Bytes past the end may count: the caller looks whether it has come too far. */
function isAt(bytes: Buffer, at: number, text: Uint8Array): boolean {
  const length = text.length
  for (let i = 0; i < length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

/**
 * What follows the ext fields in nearly every header, in Java's order and without blanks, read at one go;
 * returns where the next key begins, or the closing brace stands. `at` is the quote of a key.
 */
function scanUsualMembers(scan: CommandScan, bytes: Buffer, at: number, end: number): number {
  if (!isAt(bytes, at, FLAG_KEY)) return at
  scan.flag = scanInt(scan, bytes, at + FLAG_KEY.length, end, scan.flag)
  let i = intEnd
  if (!isAt(bytes, i, LANGUAGE_KEY)) return nextMember(bytes, i, end)
  i = scanLanguage(scan, bytes, i + LANGUAGE_KEY.length, end)
  if (!isAt(bytes, i, OPAQUE_KEY)) return nextMember(bytes, i, end)
  scan.opaque = scanInt(scan, bytes, i + OPAQUE_KEY.length, end, scan.opaque)
  i = intEnd
  if (!isAt(bytes, i, VERSION_KEY)) return nextMember(bytes, i, end)
  scan.version = scanInt(scan, bytes, i + VERSION_KEY.length, end, scan.version)
  return nextMember(bytes, intEnd, end)
}

/**
 * Scans `bytes[start … end)` into `scan`. Taken as Java takes them: any order and spacing, unknown members, null, single quotes,
 * a comma before a closing brace, numbers in quotes, fractions cut off.
 * @throws {RMQ_PROTOCOL} when it is no JSON object, or a member cannot be what it must be.
 */
export function scanJsonHeader(scan: CommandScan, bytes: Buffer, start: number, end: number): void {
  scan.nonAscii = false
  let i = skipSpace(bytes, start, end)
  if (i >= end || bytes[i] !== OPEN) throw refused('no object', i - start)
  i = skipSpace(bytes, i + 1, end)
  for (;;) {
    if (bytes[i + 1] === 0x66) i = scanUsualMembers(scan, bytes, i, end)
    if (i >= end) throw refused('no end', i - start)
    if (bytes[i] === CLOSE) break
    if (bytes[i] !== QUOTE && bytes[i] !== APOSTROPHE) throw refused('no key', i - start)
    let member = bytes[i] === QUOTE ? memberAt(bytes, i + 1) : UNKNOWN
    if (member !== UNKNOWN) {
      i += 1 + (memberBytes[member] as Uint8Array).length
    } else {
      const keyStart = i + 1
      i = stringEnd(scan, bytes, i, end) + 1
      if (scan.escaped || bytes[i - 1] === APOSTROPHE) {
        member = members.get(unescapedText(bytes, keyStart, i - 1)) ?? UNKNOWN
      }
    }
    if (bytes[i] !== COLON) i = skipSpace(bytes, i, end)
    if (i >= end || bytes[i] !== COLON) throw refused('no colon', i - start)
    i++
    // Digits, quotes and braces are above these; a slash is not.
    if ((bytes[i] as number) <= SLASH && bytes[i] !== QUOTE) i = skipSpace(bytes, i, end)
    if (i >= end) throw refused('no value', i - start)
    i = scanMember(scan, bytes, i, end, member)
    if (bytes[i] === COMMA && bytes[i + 1] === QUOTE) i++
    else i = nextMember(bytes, i, end)
  }
  if (skipSpace(bytes, i + 1, end) !== end)
    throw refused('something after the object', i + 1 - start)
  if (scan.nonAscii && !isUtf8(bytes.subarray(start, end))) throw refused('no UTF-8', 0)
}
