// SPDX-License-Identifier: Apache-2.0
// Reads Java's JSON dialect: bare integer keys, objects as keys, exact 64-bit integers.
import { JavaJsonError, javaLong, JavaMap } from './values.ts'

/** Bounds on what is read from outside. */
export interface ParseLimits {
  /** Nesting of objects and arrays. */
  readonly maxDepth?: number
  /** Length of the text: bytes when bytes are given, UTF-16 units otherwise. */
  readonly maxLength?: number
}

const MAX_DEPTH = 128
const MAX_LENGTH = 256 * 1024 * 1024

/**
 * Parses one JSON value; anything but white space after it is refused.
 *
 * Objects become null-prototype records, or a {@link JavaMap} when a key is a number, a literal or an object.
 * Integers beyond the safe range become bigint. As Java's reader does, single quotes, trailing commas and raw control
 * characters in strings are taken.
 * @throws {JavaJsonError} with the position of the first character that does not fit.
 */
export function parseJavaJson(input: string | Uint8Array, limits: ParseLimits = {}): unknown {
  const maxLength = limits.maxLength ?? MAX_LENGTH
  if (input.length > maxLength) {
    throw new JavaJsonError(`JSON of ${input.length} bytes is longer than ${maxLength}`)
  }
  const text = typeof input === 'string' ? input : textOf(input)
  return new Parser(text, limits.maxDepth ?? MAX_DEPTH).document()
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
}

class Parser {
  readonly #text: string
  readonly #maxDepth: number
  #at = 0
  #depth = 0

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  document(): unknown {
    const value = this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('nothing more was expected')
    return value
  }

  #value(): unknown {
    this.#skipSpace()
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
      case "'":
        return this.#string()
      case 't':
        return this.#literal('true', true)
      case 'f':
        return this.#literal('false', false)
      case 'n':
        return this.#literal('null', null)
      default:
        return this.#number()
    }
  }

  #object(): unknown {
    this.#enter()
    const entries: [unknown, unknown][] = []
    let plain = true
    for (this.#skipSpace(); this.#text.charAt(this.#at) !== '}'; this.#skipSpace()) {
      const key = this.#value()
      if (typeof key !== 'string') plain = false
      this.#skipSpace()
      this.#expect(':')
      entries.push([key, this.#value()])
      this.#comma('}')
    }
    this.#leave()
    if (!plain) return new JavaMap(entries)
    const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>
    for (const [key, value] of entries) record[key as string] = value
    return record
  }

  #array(): unknown[] {
    this.#enter()
    const items: unknown[] = []
    for (this.#skipSpace(); this.#text.charAt(this.#at) !== ']'; this.#skipSpace()) {
      items.push(this.#value())
      this.#comma(']')
    }
    this.#leave()
    return items
  }

  #enter(): void {
    this.#at += 1
    this.#depth += 1
    if (this.#depth > this.#maxDepth) this.#fail(`nesting is deeper than ${this.#maxDepth}`)
  }

  #leave(): void {
    this.#at += 1
    this.#depth -= 1
  }

  /** A comma, or the closing bracket, which is left to the loop. */
  #comma(close: string): void {
    this.#skipSpace()
    if (this.#text.charAt(this.#at) !== close) this.#expect(',')
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at)
    const start = this.#at + 1
    // The common case: no escape before the closing quote.
    const close = this.#text.indexOf(quote, start)
    if (close < 0) return this.#fail('the text ends inside a string')
    const content = this.#text.slice(start, close)
    if (content.includes('\\')) return this.#escapedString(quote, start)
    this.#at = close + 1
    return content
  }

  #escapedString(quote: string, start: number): string {
    const text = this.#text
    let result = ''
    let from = start
    for (let at = start; at < text.length; at += 1) {
      const character = text.charAt(at)
      if (character === quote) {
        this.#at = at + 1
        return result + text.slice(from, at)
      }
      if (character !== '\\') continue
      result += text.slice(from, at)
      this.#at = at
      const length = this.#escapeLength(at)
      result += this.#unescape(at, length)
      at += length - 1
      from = at + 1
    }
    return this.#fail('the text ends inside a string')
  }

  #escapeLength(at: number): number {
    const kind = this.#text.charAt(at + 1)
    if (kind === 'u') return 6
    return kind === 'x' ? 4 : 2
  }

  #unescape(at: number, length: number): string {
    if (length === 2) {
      return ESCAPES[this.#text.charAt(at + 1)] ?? this.#fail('an unknown escape')
    }
    const digits = this.#text.slice(at + 2, at + length)
    if (digits.length !== length - 2 || !/^[0-9a-fA-F]+$/.test(digits)) {
      return this.#fail('an escape without its hexadecimal digits')
    }
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #number(): unknown {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) return this.#fail('a value was expected')
    const digits = match[0]
    this.#at += digits.length
    const value = Number(digits)
    if (Number.isSafeInteger(value) || /[.eE]/.test(digits)) return value
    if (digits.length > 20) return this.#fail('an integer beyond 64 bits')
    const exact = BigInt(digits)
    if (BigInt.asIntN(64, exact) !== exact) return this.#fail('an integer beyond 64 bits')
    return javaLong(exact)
  }

  #literal<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('a value was expected')
    this.#at += word.length
    return value
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at += 1
    }
  }

  #expect(character: string): void {
    if (this.#text.charAt(this.#at) !== character) this.#fail(`'${character}' was expected`)
    this.#at += 1
  }

  #fail(problem: string): never {
    const found =
      this.#at < this.#text.length ? JSON.stringify(this.#text.charAt(this.#at)) : 'the end'
    throw new JavaJsonError(`not JSON at character ${this.#at}, which is ${found}: ${problem}`)
  }
}
