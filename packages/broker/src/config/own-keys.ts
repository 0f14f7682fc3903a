// SPDX-License-Identifier: Apache-2.0
// Keys of this broker alone: Java's has nothing of the kind.
import type { JavaKey } from './java-key.ts'

/** Limits for peers before their first request has passed access control; 0 sets none, which is what Java has. */
export const ownKeys: readonly JavaKey[] = [
  ['newcomerMaxFrameBytes', 'int', '0'],
  ['newcomerMaxConnectionsPerAddress', 'int', '0'],
  ['maxRefusedRequestsPerMinute', 'int', '0'],
]
