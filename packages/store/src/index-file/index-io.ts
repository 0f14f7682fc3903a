// SPDX-License-Identifier: Apache-2.0
// Reads, writes and flushes of index files as promises: few and large enough that a promise each does not matter.
import type { OpenFile } from '@rocketmq-ts/runtime'

/** Resolves with the bytes read, fewer than `into` holds only at the end of the file. */
export function readAt(file: OpenFile, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    file.read(into, position, (error, bytesRead) => {
      if (error === undefined) resolve(bytesRead)
      else reject(error)
    })
  })
}

export function writeAt(
  file: OpenFile,
  chunks: readonly Uint8Array[],
  position: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    file.write(chunks, position, (error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
  })
}

export function flush(file: OpenFile): Promise<void> {
  return new Promise((resolve, reject) => {
    file.flush((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
  })
}
