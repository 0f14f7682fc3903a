// SPDX-License-Identifier: Apache-2.0
// The refusals of a pull, with the kind of ban that goes with some of them. @see ForbiddenType

/** Who forbids: told in the header field forbiddenType. */
export const Forbidden = {
  BROKER: 1,
  GROUP: 2,
  TOPIC: 3,
  BROADCASTING: 4,
  SUBSCRIPTION: 5,
} as const

/** Why a pull is not served. */
export interface PullRefusal {
  readonly kind: 'refusal'
  readonly code: number
  readonly remark: string
  readonly forbiddenType: number | undefined
}

export function pullRefusal(code: number, remark: string, forbiddenType?: number): PullRefusal {
  return { kind: 'refusal', code, remark, forbiddenType }
}
