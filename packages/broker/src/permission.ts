// SPDX-License-Identifier: Apache-2.0
// Permission bits of brokers and topics.

export const READ = 4
export const WRITE = 2
export const INHERIT = 1

/** `RW-` and the like, as Java prints it. @see PermName.perm2String */
export function permissionText(bits: number): string {
  const read = (bits & READ) === READ ? 'R' : '-'
  const write = (bits & WRITE) === WRITE ? 'W' : '-'
  const inherit = (bits & INHERIT) === INHERIT ? 'X' : '-'
  return read + write + inherit
}
