// SPDX-License-Identifier: Apache-2.0
// One small table on disk: loaded with its backup, written at once or in the background, never torn.
import {
  readFileOrBackup,
  writeFileAtomically,
  type Files,
  type Logger,
} from '@rocketmq-ts/runtime'

/** What a table needs of the outside to be kept in a file. */
export interface TableFileOptions<T> {
  readonly files: Files
  readonly logger: Logger
  readonly path: string
  readonly decode: (bytes: Uint8Array) => T
  readonly encode: (table: T) => Uint8Array
}

/** A table's file and its `.bak`. */
export class TableFile<T> {
  readonly #options: TableFileOptions<T>
  #writing = false
  #next: Uint8Array | undefined

  constructor(options: TableFileOptions<T>) {
    this.#options = options
  }

  /**
   * The table as last written; undefined when there is no file at all.
   * @throws when neither the file nor its backup can be read: starting empty would forget what clients rely on.
   */
  load(): T | undefined {
    const { files, path, decode } = this.#options
    const table = readFileOrBackup(files, path, decode)
    if (table !== undefined) return table
    const present = [path, `${path}.bak`].filter((one) => (files.stat(one)?.byteLength ?? 0) > 0)
    if (present.length === 0) return undefined
    throw new Error(
      `cannot read the table in ${present.join(' or ')}; repair the file, or remove it to start without its content`,
    )
  }

  /** Writes now; on return the new table is on disk. For changes that are answered for. */
  save(table: T): void {
    writeFileAtomically(this.#options.files, this.#options.path, this.#options.encode(table))
  }

  /**
   * Writes without holding up the event loop; what is asked for meanwhile is written next. For periodic progress:
   * the backup stays what the last {@link TableFile.save} left.
   */
  saveSoon(table: T): void {
    const bytes = this.#options.encode(table)
    if (this.#writing) this.#next = bytes
    else this.#write(bytes)
  }

  #write(bytes: Uint8Array): void {
    const { files, path, logger } = this.#options
    this.#writing = true
    const finish = (error: Error | undefined): void => {
      if (error !== undefined) logger.error({ err: error, path }, 'a table could not be written')
      this.#writing = false
      const next = this.#next
      this.#next = undefined
      if (next !== undefined) this.#write(next)
    }
    try {
      const temporary = `${path}.background`
      const file = files.open(temporary, 'create')
      file.truncate(0)
      const replace = (error: Error | undefined): void => {
        file.close()
        if (error !== undefined) return finish(error)
        try {
          // One rename: whatever the power does, the name stands for the old table or the new one.
          files.rename(temporary, path)
          finish(undefined)
        } catch (caught) {
          finish(asError(caught))
        }
      }
      file.write([bytes], 0, (error) =>
        error === undefined ? file.flush(replace) : replace(error),
      )
    } catch (caught) {
      finish(asError(caught))
    }
  }
}

function asError(caught: unknown): Error {
  return caught instanceof Error ? caught : new Error(String(caught))
}
