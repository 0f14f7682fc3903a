// SPDX-License-Identifier: Apache-2.0
// Differences that docs/differences.md says are meant or still to come; a lane passes over them, and over no others.

interface KnownDifference {
  /** The row of docs/differences.md. */
  readonly row: string
  /** Cases it explains. */
  readonly cases: RegExp
  /** Lines of difference it explains; all of the case's when absent. */
  readonly lines?: RegExp
}

const known: readonly KnownDifference[] = [
  { row: 'encoding of an answer', cases: /./, lines: /^serialize type: / },
  { row: 'TLS, PROXY protocol', cases: /PROXY/ },
  {
    row: 'members in a JSON header named after internals of the Java class',
    cases: /^members of the Java class that are not wire members/,
  },
  {
    row: 'null or unknown names inside a body',
    cases:
      /^(34: sets null|41: queues null|41: body an empty object|200: body null|200: retry policy unknown)/,
  },
  { row: 'digits of other scripts in a header number', cases: /full-width digits/ },
  { row: 'remark of GET_MIN_OFFSET', cases: /^min offset/, lines: /remark/ },
  { row: 'stored properties', cases: /^properties are stored in|^pull: what had one twice/ },
  { row: 'transactional messages', cases: /^10: properties with prepared transaction/ },
  { row: 'UPDATE_BROKER_CONFIG', cases: /^pull: two messages by configuration/ },
]

/** What is left of a case's differences once the known ones are taken away. */
export function unknownDifferences(caseName: string, lines: readonly string[]): string[] {
  return lines.filter(
    (line) =>
      !known.some(
        (one) => one.cases.test(caseName) && (one.lines === undefined || one.lines.test(line)),
      ),
  )
}
