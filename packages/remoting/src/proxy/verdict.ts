// SPDX-License-Identifier: Apache-2.0
// What may be done to a frame that passes the proxy, and rules that choose frames for it.
import type { Direction, SeenFrame } from './seen-frame.ts'

/** Answers a request in the target's place: the request goes no further. */
export interface AnswerInstead {
  readonly answer: { readonly code: number; readonly remark?: string }
}

/**
 * What is done with a frame:
 * `pass` hands it on unchanged, `drop` swallows it, `duplicate` hands it on twice, `close` cuts both sides of the connection;
 * `delayMs` holds it back while later frames overtake it; `truncateTo` hands on that many bytes and cuts the connection;
 * `replaceWith` hands on another whole frame; `answer` sends an answer back to where the request came from.
 */
export type Verdict =
  | 'pass'
  | 'drop'
  | 'duplicate'
  | 'close'
  | { readonly delayMs: number }
  | { readonly truncateTo: number }
  | { readonly replaceWith: Uint8Array }
  | AnswerInstead

/** Looks at each frame before it goes on. May answer later: the frames behind it wait. */
export type Intercept = (frame: SeenFrame) => Verdict | Promise<Verdict>

/** Chooses frames and says what happens to them. All conditions that are given must hold. */
export interface FaultRule {
  readonly do: Verdict
  /** Request code; of an answer the code of the request it answers. */
  readonly code?: number
  readonly kind?: 'request' | 'answer'
  readonly direction?: Direction
  readonly where?: (frame: SeenFrame) => boolean
  /** The rule lets this many matching frames pass first; default 0. */
  readonly after?: number
  /** The rule is used up after this many frames; default 1. `Infinity` for all. */
  readonly times?: number
}

/** An {@link Intercept} of rules: the first that matches and is not used up decides. Everything else passes. */
export function faults(rules: readonly FaultRule[]): Intercept {
  const states = rules.map((rule) => ({ rule, skip: rule.after ?? 0, left: rule.times ?? 1 }))
  return (frame) => {
    for (const state of states) {
      if (state.left <= 0 || !matches(state.rule, frame)) continue
      if (state.skip > 0) {
        state.skip--
        continue
      }
      state.left--
      return state.rule.do
    }
    return 'pass'
  }
}

function matches(rule: FaultRule, frame: SeenFrame): boolean {
  if (rule.code !== undefined && frame.requestCode !== rule.code) return false
  if (rule.kind !== undefined && (rule.kind === 'answer') !== frame.isAnswer) return false
  if (rule.direction !== undefined && rule.direction !== frame.direction) return false
  return rule.where?.(frame) ?? true
}
