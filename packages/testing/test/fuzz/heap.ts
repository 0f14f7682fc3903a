// SPDX-License-Identifier: Apache-2.0
// How much of the heap is in use once everything that can go is gone.
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is in use. */
export interface UsedBytes {
  readonly heap: number
  /** Bytes outside the heap, of buffers that the heap holds. */
  readonly buffers: number
}

/** Collects twice with a pause: sockets that were closed are let go in later turns. */
export async function usedBytes(): Promise<UsedBytes> {
  collect()
  await sleep(300)
  collect()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers }
}
