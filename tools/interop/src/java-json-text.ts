// SPDX-License-Identifier: Apache-2.0
// Java's JSON dialect (keys may be numbers or objects) as text in which the order of members no longer matters.

/** Members of every object sorted by key. @throws on text that is not JSON of that dialect. */
export function sortedJson(text: string): string {
  const reader = new Reader(text)
  const value = reader.value()
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): string {
    const next = this.#text[this.#at]
    if (next === '{')
      return `{${this.#list('}', () => this.#member())
        .sort()
        .join(',')}}`
    if (next === '[') return `[${this.#list(']', () => this.value()).join(',')}]`
    return this.#take(next === '"' ? /"(?:[^"\\]|\\.)*"/y : /[^,:[\]{}"]+/y)
  }

  end(): void {
    if (this.#at !== this.#text.length) throw this.#wrong('the end')
  }

  #member(): string {
    const key = this.value()
    this.#take(/:/y)
    return `${key}:${this.value()}`
  }

  #list(close: string, item: () => string): string[] {
    const items: string[] = []
    this.#at++
    while (this.#text[this.#at] !== close) {
      if (items.length > 0) this.#take(/,/y)
      items.push(item())
    }
    this.#at++
    return items
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found === undefined) throw this.#wrong(String(pattern))
    this.#at += found.length
    return found
  }

  #wrong(expected: string): Error {
    return new Error(`expected ${expected} at ${this.#at} of ${this.#text.slice(0, 200)}`)
  }
}
