// SPDX-License-Identifier: Apache-2.0
// Pages of checksum files that were read last, so that scattered reads of the log need one read each, not two.
import type { OpenFile } from '@rocketmq-ts/runtime'

/** The checksums of 2 MiB of the log. */
export const SUM_PAGE_BYTES = 4096
const MOST_PAGES = 64

type Got = (page: Uint8Array) => void

/** The pages of all checksum files, named by the log offset of the first byte that they are about. */
export class SumPages {
  readonly #pages = new Map<number, Uint8Array>()
  readonly #loading = new Map<number, Got[]>()

  /** The page `key`, which begins at `position` of the file; one that cannot be read, or part of it, has zeros, which are no checksums. */
  get(key: number, fileOf: () => OpenFile, position: number, got: Got): void {
    const page = this.#pages.get(key)
    if (page !== undefined) {
      got(page)
      return
    }
    const waiting = this.#loading.get(key)
    if (waiting !== undefined) {
      waiting.push(got)
      return
    }
    this.#read(key, fileOf, position, got)
  }

  /** The files are about to be altered, or have been: also what is being read may be half of the old and half of the new. */
  forgetAll(): void {
    this.#pages.clear()
    this.#loading.clear()
  }

  #read(key: number, fileOf: () => OpenFile, position: number, got: Got): void {
    const page = new Uint8Array(SUM_PAGE_BYTES)
    const waiting = [got]
    this.#loading.set(key, waiting)
    const done = (error: Error | undefined): void => {
      if (this.#loading.get(key) === waiting) {
        this.#loading.delete(key)
        if (error === undefined) this.#keep(key, page)
      }
      for (const tell of waiting) tell(page)
    }
    try {
      fileOf().read(page, position, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #keep(key: number, page: Uint8Array): void {
    this.#pages.set(key, page)
    if (this.#pages.size <= MOST_PAGES) return
    const oldest = this.#pages.keys().next().value
    if (oldest !== undefined) this.#pages.delete(oldest)
  }
}
