// SPDX-License-Identifier: Apache-2.0
// The bits of a pull request's sysFlag.

/** @see PullSysFlag */
export const PullFlag = {
  /** commitOffset is to be recorded. */
  COMMIT_OFFSET: 0x1,
  /** The broker may hold the request until messages come. */
  SUSPEND: 0x2,
  /** The subscription comes with the request. */
  SUBSCRIPTION: 0x4,
  CLASS_FILTER: 0x8,
  LITE_PULL: 0x10,
} as const
export type PullFlag = (typeof PullFlag)[keyof typeof PullFlag]
