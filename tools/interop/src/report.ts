// SPDX-License-Identifier: Apache-2.0
// Says what goes on, counts the checks, and sums up at the end.

interface Row {
  readonly lane: string
  passed: number
  failed: number
  messages: number
  seconds: number
}

/** What one program run found. */
export class Report {
  readonly #rows: Row[] = []
  readonly #failures: string[] = []
  #lane: Row | undefined
  #begunAt = 0

  begin(lane: string, summary: string): void {
    this.#lane = { lane, passed: 0, failed: 0, messages: 0, seconds: 0 }
    this.#rows.push(this.#lane)
    this.#begunAt = performance.now()
    console.log(`\n== ${lane}${summary === '' ? '' : `: ${summary}`}`)
  }

  end(): void {
    if (this.#lane !== undefined) this.#lane.seconds = (performance.now() - this.#begunAt) / 1000
  }

  say(text: string): void {
    const seconds = ((performance.now() - this.#begunAt) / 1000).toFixed(1).padStart(6)
    console.log(`${seconds} s  ${text}`)
  }

  /** Adds to the number of messages that this lane has compared. */
  compared(messages: number): void {
    if (this.#lane !== undefined) this.#lane.messages += messages
  }

  check(what: string, passed: boolean, detail = ''): void {
    const lane = this.#lane
    if (lane === undefined) throw new Error('check() outside a lane')
    if (passed) lane.passed++
    else {
      lane.failed++
      this.#failures.push(`${lane.lane}: ${what}${detail === '' ? '' : `: ${detail}`}`)
    }
    const indented = detail.split('\n').join('\n            ')
    this.say(`${passed ? 'pass' : 'FAIL'}  ${what}${detail === '' ? '' : `: ${indented}`}`)
  }

  get failed(): number {
    return this.#rows.reduce((sum, row) => sum + row.failed, 0)
  }

  get passed(): number {
    return this.#rows.reduce((sum, row) => sum + row.passed, 0)
  }

  summary(): string {
    const width = Math.max(4, ...this.#rows.map((row) => row.lane.length))
    const line = (cells: readonly string[]): string =>
      `${(cells[0] ?? '').padEnd(width)}  ${cells
        .slice(1)
        .map((cell) => cell.padStart(10))
        .join('')}`
    const lines = [
      line(['lane', 'passed', 'failed', 'compared', 'seconds']),
      ...this.#rows.map((row) =>
        line([
          row.lane,
          String(row.passed),
          String(row.failed),
          row.messages.toLocaleString('en'),
          row.seconds.toFixed(0),
        ]),
      ),
    ]
    if (this.#failures.length > 0) {
      lines.push('', 'failed:', ...this.#failures.map((text) => `  ${text.split('\n')[0]}`))
    }
    lines.push('', `${this.passed} passed, ${this.failed} failed`)
    return lines.join('\n')
  }
}
