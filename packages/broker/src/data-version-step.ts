// SPDX-License-Identifier: Apache-2.0
// The version of a table: a new one at start, the next one at each change.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'

/** The version of a table that has not changed since the broker was first started. */
export function firstVersion(nowMs: number): DataVersion {
  return { counter: 0, stateVersion: 0, timestamp: nowMs }
}

/** The version after one more change. @see DataVersion.nextVersion */
export function nextVersion(version: DataVersion, nowMs: number): DataVersion {
  return { counter: version.counter + 1, stateVersion: 0, timestamp: nowMs }
}
