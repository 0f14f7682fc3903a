// SPDX-License-Identifier: Apache-2.0
// After how long a message that failed is consumed again.
import {
  initially,
  longArray,
  offset,
  oneOf,
  optional,
  record,
  type Shape,
} from '../java-json/shape.ts'
import type { JavaLong } from '../java-json/values.ts'

/** Java's ExponentialRetryPolicy; milliseconds. */
export interface ExponentialRetryPolicy {
  readonly initial: number
  readonly max: number
  readonly multiplier: number
}

/** Java's CustomizedRetryPolicy: the delay before each retry in milliseconds. */
export interface CustomizedRetryPolicy {
  readonly next: readonly JavaLong[]
}

/** Java's GroupRetryPolicy. */
export interface GroupRetryPolicy {
  readonly customizedRetryPolicy?: CustomizedRetryPolicy | undefined
  readonly exponentialRetryPolicy?: ExponentialRetryPolicy | undefined
  readonly type: 'EXPONENTIAL' | 'CUSTOMIZED'
}

const customizedShape: Shape<CustomizedRetryPolicy> = record<CustomizedRetryPolicy>({
  next: initially(longArray, () => []),
})

const exponentialShape: Shape<ExponentialRetryPolicy> = record<ExponentialRetryPolicy>({
  initial: initially(offset, () => 5_000),
  max: initially(offset, () => 7_200_000),
  multiplier: initially(offset, () => 2),
})

export const groupRetryPolicyShape: Shape<GroupRetryPolicy> = record<GroupRetryPolicy>({
  customizedRetryPolicy: optional(customizedShape),
  exponentialRetryPolicy: optional(exponentialShape),
  type: initially(oneOf(['EXPONENTIAL', 'CUSTOMIZED']), () => 'CUSTOMIZED'),
})
