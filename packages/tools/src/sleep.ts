// SPDX-License-Identifier: Apache-2.0
// Waits between two rounds of a command that repeats itself.
import type { CommandContext } from './command.ts'

/** Rejects when the user asks to stop. */
export function sleep(context: CommandContext, delayMs: number): Promise<void> {
  const { signal } = context
  return new Promise((resolve, reject) => {
    const cancel = context.runtime.timers.after(delayMs, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    const stop = (): void => {
      cancel()
      reject(new Error('stopped'))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
