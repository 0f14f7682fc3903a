// SPDX-License-Identifier: Apache-2.0
// The logger that packages take: pino's shape, without pino.

/** First argument an object with the facts, second a constant sentence. pino's logger satisfies it. */
export interface Logger {
  debug(facts: object, sentence: string): void
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
  child(bindings: object): Logger
}

const nothing = (): void => undefined

/** Says nothing: the default everywhere. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
}
