// SPDX-License-Identifier: Apache-2.0
// What a check found, and where.

export interface Finding {
  /** Relative to the root of the workspace. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly message: string
}

/** In the form `file:line: message`, which editors and terminals turn into links. */
export function formatFinding({ file, line, message }: Finding): string {
  return `${file}:${line}: ${message}`
}
