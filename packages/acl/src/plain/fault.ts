// SPDX-License-Identifier: Apache-2.0
// What is wrong with accounts of access control 1.0, in Java's words where it has some.

/** Raised while accounts are read or changed; the message never holds a secret key. */
export class PlainAclError extends Error {
  override readonly name: string = 'PlainAclError'
}
