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
  {
    row: 'a policy entry without `actions`',
    cases: /^acl: create acl /,
    lines: /Java: 1 \| ours: 16$/,
  },
  {
    row: '1.0: the secret key in a refusal',
    cases: /^plain acl: update account/,
    lines: /secretKey=\*\*\* cannot be null/,
  },
  {
    row: '1.0: an account of which a part is changed',
    cases: /^plain acl: send\w+ of freshKey from 127\.0\.0\.1/,
    lines: /Java: (?:1 .*topic:Ordinary \| ours: 0|0 \| ours: 1 .*permission for topic:Orders)$/,
  },
  {
    row: '1.0: address patterns',
    cases: /^plain acl: (update account .*whiteRemoteAddress|white list )/,
    lines: /ours: 2(09|11) .*(netaddress|Netaddress)/,
  },
  { row: '1.0: GET_BROKER_CLUSTER_ACL_CONFIG (54)', cases: /^plain acl: all / },
  { row: '1.0: a change without its required fields', cases: /^plain acl: .* without / },
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
