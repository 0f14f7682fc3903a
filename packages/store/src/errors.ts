// SPDX-License-Identifier: Apache-2.0
// What the store throws when the disk or the directory is not as it must be.

/**
 * | code | meaning | what to do |
 * |---|---|---|
 * | RMQ_STORE_LOCKED | another process uses the directory | stop it, or choose another directory |
 * | RMQ_STORE_LAYOUT | files of another size, or a gap between files | configure the size the files have; bring the missing file back |
 * | RMQ_STORE_DAMAGED | a deep scan found records that were altered | restore the files it names from a copy, or open without it |
 * | RMQ_STORE_IO | the disk refused an operation | see `cause` |
 * | RMQ_STORE_CLOSED | the store was closed | open it again |
 * | RMQ_STORE_CONFIG | a setting is missing or out of range | see the message |
 */
export type StoreErrorCode =
  | 'RMQ_STORE_LOCKED'
  | 'RMQ_STORE_LAYOUT'
  | 'RMQ_STORE_DAMAGED'
  | 'RMQ_STORE_IO'
  | 'RMQ_STORE_CLOSED'
  | 'RMQ_STORE_CONFIG'

/** An error of the store itself; refusals of single messages are a {@link PutStatus} instead. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StoreError'
    this.code = code
  }

  /** True for errors of this class, whichever copy of the package made them. */
  static is(error: unknown): error is StoreError {
    return error instanceof Error && error.name === 'StoreError'
  }
}
