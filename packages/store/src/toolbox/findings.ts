// SPDX-License-Identifier: Apache-2.0
// What a verification can find, how bad it is, and what to do about it.

/** `error`: something that was stored is wrong or gone. `warning`: the next start puts it right, or only queries miss it. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

/** Kinds of findings. */
export type FindingCode =
  | 'LOG_FILE_MISSING'
  | 'LOG_FILE_SIZE'
  | 'RECORD_DAMAGED'
  | 'BYTES_CHANGED'
  | 'CHECKSUMS_FOREIGN'
  | 'LOG_TORN'
  | 'QUEUE_MISSING'
  | 'QUEUE_UNKNOWN'
  | 'QUEUE_FILE_MISSING'
  | 'QUEUE_FILE_SIZE'
  | 'ENTRY_WRONG'
  | 'ENTRY_MISSING'
  | 'ENTRY_NOT_WRITTEN'
  | 'ENTRY_POINTS_NOWHERE'
  | 'UNIT_WRONG'
  | 'INDEX_FILE_SIZE'
  | 'INDEX_WRONG'
  | 'INDEX_INCOMPLETE'
  | 'INDEX_BEHIND'
  | 'CHECKPOINT_WRONG'
  | 'NOT_STOPPED'
  | 'TABLE_UNREADABLE'
  | 'QUEUE_TABLE_WRONG'
  | 'COMPACTION_WRONG'
  | 'COMPACTION_UNFINISHED'
  | 'COMPACTION_POSITION'

/** One thing that is not as it should be. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly path: string
  /** Log offset for files of the log, else byte position in the file. */
  readonly offset?: number | undefined
  readonly what: string
  readonly toDo: string
}

const REPAIR = 'storeRepair'
const START = 'nothing: the next start of the broker does it'

const kinds: Readonly<Record<FindingCode, readonly [Severity, string]>> = {
  LOG_FILE_MISSING: ['error', `bring the file back from a copy; ${REPAIR} goes on without it`],
  LOG_FILE_SIZE: ['error', `bring the file back from a copy; ${REPAIR} fills it up`],
  RECORD_DAMAGED: ['error', `restore the file from a copy; ${REPAIR} takes the record out`],
  BYTES_CHANGED: ['error', `check the disk, restore the file from a copy, or run ${REPAIR}`],
  CHECKSUMS_FOREIGN: ['warning', 'nothing: they are put away when they are read'],
  LOG_TORN: ['warning', START],
  QUEUE_MISSING: ['error', `${REPAIR} builds the queue again from the log`],
  QUEUE_UNKNOWN: ['note', 'nothing, if the topic was deleted'],
  QUEUE_FILE_MISSING: ['error', `${REPAIR} builds the queue again from the log`],
  QUEUE_FILE_SIZE: ['error', `${REPAIR} builds the queue again from the log`],
  ENTRY_WRONG: ['error', `${REPAIR} builds the queue again from the log`],
  ENTRY_MISSING: ['error', `${REPAIR} builds the queue again from the log`],
  ENTRY_NOT_WRITTEN: ['warning', START],
  ENTRY_POINTS_NOWHERE: ['error', `${REPAIR} makes consumers pass over it`],
  UNIT_WRONG: ['error', `${REPAIR} builds the queue again from the log`],
  INDEX_FILE_SIZE: ['warning', 'give the numbers of slots and entries, or build the index again'],
  INDEX_WRONG: ['error', `${REPAIR} builds the index again from the log`],
  INDEX_INCOMPLETE: ['warning', `nothing, or ${REPAIR} to build the index again from the log`],
  INDEX_BEHIND: ['note', 'nothing: it is brought up to the log after the next start'],
  CHECKPOINT_WRONG: ['warning', 'remove the file: the next start then checks all of the log'],
  NOT_STOPPED: ['warning', START],
  TABLE_UNREADABLE: ['error', 'restore the file from its .bak or from a copy'],
  QUEUE_TABLE_WRONG: ['error', `remove the file, or ${REPAIR} does it: it spares the start time`],
  COMPACTION_WRONG: [
    'error',
    `restore the queue from a copy; ${REPAIR} copies it again if the log still has all of it`,
  ],
  COMPACTION_UNFINISHED: ['warning', START],
  COMPACTION_POSITION: ['warning', 'remove the file: every queue is then compacted once more'],
}

/** Keeps the first findings of each kind and counts all. */
export class Findings {
  readonly #most: number
  readonly #kept: Finding[] = []
  readonly #counts = new Map<FindingCode, number>()
  readonly #hear: ((finding: Finding) => void) | undefined

  /** @param most Kept of each kind, so that a store that is wrong everywhere takes no more memory than another. */
  constructor(most: number, hear?: (finding: Finding) => void) {
    this.#most = most
    this.#hear = hear
  }

  add(
    code: FindingCode,
    where: { readonly path: string; readonly offset?: number | undefined },
    what: string,
  ): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count > this.#most) return
    const [severity, toDo] = kinds[code]
    const finding = { code, severity, path: where.path, offset: where.offset, what, toDo }
    this.#kept.push(finding)
    this.#hear?.(finding)
  }

  get kept(): readonly Finding[] {
    return this.#kept
  }

  /** How many there are of each kind, with those that were not kept. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }

  has(code: FindingCode): boolean {
    return this.#counts.has(code)
  }

  count(severity: Severity): number {
    let total = 0
    for (const [code, count] of this.#counts) if (kinds[code][0] === severity) total += count
    return total
  }
}
