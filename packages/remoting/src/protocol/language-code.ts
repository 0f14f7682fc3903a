// SPDX-License-Identifier: Apache-2.0
// What language a peer says it is written in.

/** Numbers of the binary header; the JSON header carries the names. Source: LanguageCode. */
export const LanguageCode = {
  JAVA: 0,
  CPP: 1,
  DOTNET: 2,
  PYTHON: 3,
  DELPHI: 4,
  ERLANG: 5,
  RUBY: 6,
  OTHER: 7,
  HTTP: 8,
  GO: 9,
  PHP: 10,
  OMS: 11,
  RUST: 12,
  NODE_JS: 13,
} as const

/** What stands for a name or number nobody knows. */
export const UNKNOWN_LANGUAGE = -1

const names: readonly string[] = Object.keys(LanguageCode)

/** The name of a language number, `undefined` when it has none. */
export function languageName(code: number): string | undefined {
  return names[code]
}

/** The number for a name in any case, or for a number in digits, as Java's JSON reader takes them. */
export function languageOf(text: string): number {
  const byName = names.indexOf(text.toUpperCase())
  if (byName >= 0) return byName
  const byNumber = /^\d+$/.test(text) ? Number(text) : UNKNOWN_LANGUAGE
  return byNumber < names.length ? byNumber : UNKNOWN_LANGUAGE
}
