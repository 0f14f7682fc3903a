// SPDX-License-Identifier: Apache-2.0
// Child processes: lines of output as they come, the last of them for failure reports, and no orphan left behind.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const alive = new Set<Child>()
const keptLines = 400
let started = 0

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** One running program. */
export class Child {
  readonly name: string
  readonly exited: Promise<string>
  /** Grows with each process that is started. */
  readonly serial: number = ++started
  /** The last lines of both outputs. */
  readonly lines: string[] = []
  readonly #process: ChildProcess
  readonly #listeners = new Set<(line: string) => void>()
  #end: string | undefined

  constructor(options: ChildOptions) {
    this.name = options.name
    this.#process = spawn(options.command, [...options.args], {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    alive.add(this)
    // A peer that has gone must not take the harness with it.
    this.#process.stdin?.on('error', () => {})
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
    this.exited = new Promise((resolve) => {
      const end = (text: string): void => {
        this.#end ??= text
        alive.delete(this)
        for (const listener of this.#listeners) listener('')
        resolve(this.#end)
      }
      this.#process.once('error', (error) => end(`could not start: ${error.message}`))
      // 'close' rather than 'exit': by then every line has been read.
      this.#process.once('close', (code, signal) => end(signal ?? `exit code ${code}`))
    })
  }

  /** Process id; 0 when the program could not be started. */
  get pid(): number {
    return this.#process.pid ?? 0
  }

  get running(): boolean {
    return this.#end === undefined
  }

  /** How the process ended, undefined while it runs. */
  get end(): string | undefined {
    return this.#end
  }

  #hear(line: string): void {
    this.lines.push(line)
    if (this.lines.length > keptLines) this.lines.shift()
    for (const listener of this.#listeners) listener(line)
  }

  write(line: string): void {
    this.#process.stdin?.write(`${line}\n`)
  }

  closeInput(): void {
    this.#process.stdin?.end()
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#process.kill(signal)
  }

  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Waits until `done` holds; it is asked again after each line and every 50 ms. */
  async until(what: string, done: () => boolean, timeoutMs: number): Promise<void> {
    const giveUp = Date.now() + timeoutMs
    while (!done()) {
      if (!this.running)
        throw new Error(`${this.name} ended (${this.#end}) before: ${what}${this.tail()}`)
      if (Date.now() > giveUp) {
        throw new Error(`${this.name}: not within ${timeoutMs / 1000} s: ${what}${this.tail()}`)
      }
      await this.#nextLine(50)
    }
  }

  #nextLine(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer)
        off()
        resolve()
      }
      const timer = setTimeout(finish, timeoutMs)
      const off = this.onLine(finish)
    })
  }

  /** Sends `signal`, and SIGKILL when the process has not ended in time. Returns how it ended. */
  async stop(signal: NodeJS.Signals, timeoutMs: number): Promise<string> {
    this.signal(signal)
    const timer = setTimeout(() => this.signal('SIGKILL'), timeoutMs)
    const end = await this.exited
    clearTimeout(timer)
    return end
  }

  /** The last lines, for an error message. */
  tail(count = 25): string {
    const shown = this.lines.filter((line) => !line.startsWith('PROGRESS')).slice(-count)
    return shown.length === 0 ? ' (it printed nothing)' : `\n    ${shown.join('\n    ')}`
  }
}

/** Ends everything that was started; for the end of the program and for Ctrl-C. */
export function killAll(): void {
  for (const child of alive) child.signal('SIGKILL')
}

/** How many processes have been started so far; for {@link killSince}. */
export function startedProcesses(): number {
  return started
}

/** Ends what was started after `mark` and still runs. */
export function killSince(mark: number): void {
  for (const child of alive) {
    if (child.serial > mark) child.signal('SIGKILL')
  }
}

process.once('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll()
    process.exit(130)
  })
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until `done` holds, asking every `everyMs`. */
export async function waitFor(
  what: string,
  done: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 50,
): Promise<void> {
  const giveUp = Date.now() + timeoutMs
  while (!(await done())) {
    if (Date.now() > giveUp) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`)
    await sleep(everyMs)
  }
}
