// SPDX-License-Identifier: Apache-2.0
// Command line of our client's drivers: --name value pairs, as the Java drivers take them.

/** Reads pairs; a missing option without a default ends the program. */
export class DriverOptions {
  readonly #values = new Map<string, string>()

  constructor(words: readonly string[]) {
    for (let i = 0; i + 1 < words.length; i += 2) {
      this.#values.set((words[i] ?? '').replace(/^--/, ''), words[i + 1] ?? '')
    }
  }

  text(name: string, otherwise?: string): string {
    const value = this.#values.get(name) ?? otherwise
    if (value === undefined) throw new Error(`--${name} is missing`)
    return value
  }

  number(name: string, otherwise: number): number {
    return Number(this.#values.get(name) ?? otherwise)
  }

  flag(name: string): boolean {
    return this.#values.get(name) === 'true'
  }

  list(name: string): string[] {
    const value = this.text(name, '')
    return value === '' ? [] : value.split(',')
  }
}
