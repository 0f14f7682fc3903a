// SPDX-License-Identifier: Apache-2.0
// Where refused requests and changes of access are written down.

/** The part of a logger that is needed; of @rocketmq-ts/runtime's Logger, the child named `audit`. */
export interface AuditLog {
  info(facts: object, sentence: string): void
}

/** Writes nothing down. */
export const silentAudit: AuditLog = { info: () => undefined }

/** How much of a peer's text goes into a line. */
const MAX_TEXT = 255

/** A peer's text, short enough for a line; the logger escapes it. */
export function auditText(text: string | undefined): string | undefined {
  return text === undefined || text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`
}
