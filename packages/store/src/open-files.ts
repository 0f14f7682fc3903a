// SPDX-License-Identifier: Apache-2.0
// A bounded set of open files: the one used longest ago is closed when another must be opened.
import type { Files, OpenFile } from '@rocketmq-ts/runtime'

/** Opens files by path and keeps at most `limit` of them open. Closing waits for operations under way, so a handle may be closed while it is in use. */
export class OpenFiles {
  readonly #files: Files
  readonly #limit: number
  readonly #open = new Map<string, OpenFile>()

  constructor(files: Files, limit: number) {
    this.#files = files
    this.#limit = limit
  }

  get count(): number {
    return this.#open.size
  }

  /** The open file at `path`, which must exist. Ask again for each operation: a handle kept longer may have been closed. */
  get(path: string, mode: 'read' | 'write' = 'write'): OpenFile {
    const known = this.#open.get(path)
    if (known !== undefined) {
      this.#open.delete(path)
      this.#open.set(path, known)
      return known
    }
    return this.#keep(path, this.#files.open(path, mode))
  }

  /** Creates the file with `byteLength` bytes that read as zero and take no space yet. */
  create(path: string, byteLength: number): OpenFile {
    const file = this.#files.open(path, 'create')
    if (file.byteLength() !== byteLength) file.truncate(byteLength)
    return this.#keep(path, file)
  }

  /** As {@link create}, without waiting on the event loop; the directories above it are made as well. */
  createLater(path: string, byteLength: number): Promise<OpenFile> {
    return new Promise((resolve, reject) => {
      this.#files.createLater(path, byteLength, (error, file) => {
        if (file === undefined) reject(error ?? new Error(`cannot create ${path}`))
        else resolve(this.#keep(path, file))
      })
    })
  }

  /** Closes the file at `path` when it is open. */
  close(path: string): void {
    this.#open.get(path)?.close()
    this.#open.delete(path)
  }

  closeAll(): void {
    for (const file of this.#open.values()) file.close()
    this.#open.clear()
  }

  #keep(path: string, file: OpenFile): OpenFile {
    this.#open.set(path, file)
    if (this.#open.size > this.#limit) {
      const oldest = this.#open.keys().next().value
      if (oldest !== undefined) this.close(oldest)
    }
    return file
  }
}
