// SPDX-License-Identifier: Apache-2.0
// Brings the tail into the files: one gathered positional write at a time; what is appended meanwhile goes into the next one.
import type { Logger, OpenFile, Timers, Turn } from '@rocketmq-ts/runtime'
import type { CommitLog } from './commit-log.ts'
import { WarmUp } from './warm-up.ts'

/** Most bytes of one write, so that a write on the event loop does not hold it up for long. */
const MAX_WRITE_BYTES = 4 * 1024 * 1024
/**
 * What the kernel takes for a page is several times what it takes for a page of a large write. So a turn that has brought this much
 * is not written at its end: the next one, which begins at once, may bring more.
 */
const GATHER_FROM_BYTES = 8 * 1024
/** Enough for a write, however many turns it took. */
const GATHER_TO_BYTES = 256 * 1024
/** Nobody waits for more turns than this for his bytes to be written. */
const GATHER_TURNS = 16
/** After a failed write the same bytes are tried again in this interval. */
const RETRY_MS = 1000
/** The next segment is made when this part of the current one is used. */
const PREPARE_AT = 0.5

/** Hears of the log's progress. */
export interface WriteListener {
  /** `log.written` has moved. */
  written(): void
  /** A write failed: nothing above `log.written` is safe, and appends must be refused while {@link LogWriter.failure} is set. */
  writeFailed(error: Error): void
}

/** How long less than so many bytes may wait for more. */
export interface Patience {
  readonly leastBytes: number
  readonly intervalMs: number
}

/** Owns the writes to the log's segments. */
export class LogWriter {
  readonly #log: CommitLog
  readonly #turn: Turn
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #listener: WriteListener
  readonly #patience: Patience | undefined
  readonly #warmUp: WarmUp | undefined
  #scheduled = false
  #underWay = false
  #looping = false
  #preparing = false
  #isTimerSet = false
  #isInCall = false
  #wroteAtOnce = false
  #closed = false
  #failure: Error | undefined
  #target = 0
  #gatheredBytes = 0
  #gatheredTurns = 0
  #progress: (() => void)[] = []
  readonly #runAtEnd: () => void = () => {
    if (this.#isGathering()) {
      this.#turn.atEnd(this.#runAtEnd)
      return
    }
    this.#scheduled = false
    this.#gatheredBytes = 0
    this.#gatheredTurns = 0
    this.#run()
  }
  readonly #done: (error: Error | undefined) => void = (error) => this.#finished(error)

  constructor(options: {
    log: CommitLog
    turn: Turn
    timers: Timers
    logger: Logger
    listener: WriteListener
    patience?: Patience | undefined
    /** Segments made ahead are written over with zeros before the log comes to them. */
    warmsUp?: boolean
  }) {
    this.#patience = options.patience
    const { segments } = options.log
    const { timers, logger } = options
    // Never where the log writes.
    const mayWrite = (start: number): boolean =>
      !this.#closed && this.#failure === undefined && this.#isAhead(start)
    this.#warmUp =
      options.warmsUp === true ? new WarmUp({ segments, timers, logger, mayWrite }) : undefined
    this.#log = options.log
    this.#turn = options.turn
    this.#timers = options.timers
    this.#logger = options.logger
    this.#listener = options.listener
  }

  /** Set while writes fail. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** True when writes run on the event loop: whoever chose that trusts the disk not to stall. */
  get wroteAtOnce(): boolean {
    return this.#wroteAtOnce
  }

  get isIdle(): boolean {
    return !this.#underWay && this.#log.written === this.#log.end
  }

  /** Something was appended: it is written at the end of the turn or after the write under way, or may wait for more. */
  appended(): void {
    if (this.#scheduled || this.#underWay || this.#failure !== undefined) return
    const patience = this.#patience
    if (patience !== undefined && this.#log.end - this.#log.written < patience.leastBytes) {
      this.#writeWithin(patience.intervalMs)
      return
    }
    this.#scheduled = true
    this.#turn.atEnd(this.#runAtEnd)
  }

  /** Resolves when everything appended is in the kernel, or a write has failed. */
  async drained(): Promise<void> {
    while (!this.isIdle && this.#failure === undefined) {
      if (this.#isTimerSet) this.#run()
      if (this.isIdle) break
      await new Promise<void>((resolve) => this.#progress.push(resolve))
    }
  }

  /** No retry after this. */
  close(): void {
    this.#closed = true
  }

  /** True when this turn has brought more, and not enough yet. */
  #isGathering(): boolean {
    const waiting = this.#log.end - this.#log.written
    if (waiting < GATHER_FROM_BYTES || waiting >= GATHER_TO_BYTES) return false
    if (waiting === this.#gatheredBytes || this.#gatheredTurns === GATHER_TURNS) return false
    this.#gatheredBytes = waiting
    this.#gatheredTurns++
    return true
  }

  #writeWithin(intervalMs: number): void {
    if (this.#isTimerSet) return
    this.#isTimerSet = true
    this.#timers.after(intervalMs, () => {
      this.#isTimerSet = false
      this.#run()
    })
  }

  // A loop, because a file may finish its write before `write` returns.
  #run(): void {
    if (this.#underWay || this.#looping) return
    this.#looping = true
    while (!this.#underWay && this.#failure === undefined && this.#log.written < this.#log.end) {
      this.#writeOnce()
    }
    this.#looping = false
  }

  #writeOnce(): void {
    const log = this.#log
    const { segments } = log
    const slices: Uint8Array[] = []
    const from = log.written
    const segmentStart = segments.startOf(from)
    const segmentEnd = segmentStart + segments.segmentBytes
    this.#target = log.tail.gather(from, segmentEnd, MAX_WRITE_BYTES, slices)
    this.#underWay = true
    let file: OpenFile
    try {
      file = this.#segmentFor(from)
    } catch (error) {
      this.#finished(error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#isInCall = true
    file.write(slices, from - segmentStart, this.#done)
    this.#isInCall = false
  }

  #finished(error: Error | undefined): void {
    this.#underWay = false
    this.#wroteAtOnce = this.#isInCall
    if (error !== undefined) {
      this.#failed(error)
      this.#tellProgress()
      return
    }
    this.#log.written = this.#target
    if (this.#failure !== undefined) {
      this.#failure = undefined
      this.#logger.info({ offset: this.#target }, 'the commit log can be written again')
    }
    this.#listener.written()
    this.#tellProgress()
    this.#run()
  }

  #tellProgress(): void {
    const progress = this.#progress
    if (progress.length === 0) return
    this.#progress = []
    for (const resolve of progress) resolve()
  }

  // The bytes stay in the tail and the same write is tried again: so no gap can appear in the log.
  #failed(error: Error): void {
    if (this.#failure === undefined) {
      const path = this.#log.segments.path(this.#log.segments.startOf(this.#log.written))
      this.#logger.error(
        { err: error, path, offset: this.#log.written },
        'the commit log cannot be written; messages are refused until a write succeeds',
      )
    }
    this.#failure = error
    this.#listener.writeFailed(error)
    if (!this.#closed) this.#timers.after(RETRY_MS, () => this.#retry())
  }

  #retry(): void {
    if (this.#closed || this.#underWay || this.#failure === undefined) return
    if (this.#log.written < this.#log.end) this.#writeOnce()
  }

  #segmentFor(offset: number): OpenFile {
    const { segments } = this.#log
    if (!segments.holds(offset)) segments.append(segments.startOf(offset))
    // Also what could not be flushed before: nothing in a file whose name may vanish is safe.
    if (segments.hasUnflushedNames) segments.flushNames()
    const used = offset % segments.segmentBytes
    const isLast = segments.startOf(offset) + segments.segmentBytes === segments.end
    if (isLast && used > segments.segmentBytes * PREPARE_AT) this.#prepareNext()
    return segments.fileAt(offset)
  }

  /** True while the log has not come to the segment that starts at `start`, also not in memory. */
  #isAhead(start: number): boolean {
    return this.#log.end < start && this.#log.segments.holds(start)
  }

  // Off the path: the log needs it only when this segment is full.
  #prepareNext(): void {
    if (this.#preparing) return
    this.#preparing = true
    this.#timers.after(0, () => {
      this.#preparing = false
      if (this.#closed || this.#failure !== undefined) return
      try {
        const { segments } = this.#log
        if (segments.startOf(this.#log.written) + segments.segmentBytes !== segments.end) return
        const start = segments.end
        segments.append(0)
        segments.flushNames()
        this.#warmUp?.begin(start)
      } catch (error) {
        this.#logger.warn({ err: error }, 'the next commit log file cannot be made ahead')
      }
    })
  }
}
