// SPDX-License-Identifier: Apache-2.0
// Compiles the Java recorders once and runs them on the class path of the fetched jars.

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fetchRocketmqJars, missingCommands, missingCommandsLine } from './rocketmq-jars.ts'

/** No recorder takes half of this; a server that never gets ready must not hang the recording. */
const commandTimeoutMs = 120_000

const javaFolder = resolve(import.meta.dirname, '../java')

/** The compiled recorders, ready to run. */
export interface JavaRecorders {
  /** The class path with the recorders and all jars. */
  readonly classPath: string
  /** The version of the Java that records, for instance `17.0.15`. */
  readonly javaVersion: string
  /** Runs one recorder class to its end. @throws Error when it exits with another status than `status`. */
  run(mainClass: string, args: readonly string[], options?: RunOptions): void
  /** Starts one recorder class and returns its process. */
  spawn(
    mainClass: string,
    args: readonly string[],
    options?: RunOptions,
  ): ChildProcessWithoutNullStreams
}

/** How a recorder class is run. */
export interface RunOptions {
  readonly jvmArgs?: readonly string[]
  /** The exit status that means success, 0 unless told. */
  readonly status?: number
}

/** Fetches, compiles and returns the recorders; classes go under `workFolder`. */
export async function prepareRecorders(workFolder: string): Promise<JavaRecorders> {
  const missing = missingCommands(['java', 'javac', 'mvn'])
  if (missing.length > 0) throw new Error(missingCommandsLine(missing))
  const jars = await fetchRocketmqJars()

  const classes = join(workFolder, 'classes')
  mkdirSync(classes, { recursive: true })
  const sources = readdirSync(javaFolder)
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(javaFolder, name))
  const jarPath = join(jars, '*')
  runOrThrow('javac', ['-nowarn', '-proc:none', '-d', classes, '-cp', jarPath, ...sources], 0)

  const classPath = [classes, jarPath].join(delimiter)
  const javaVersion = javaVersionOf()
  return {
    classPath,
    javaVersion,
    run(mainClass, args, options = {}) {
      runOrThrow('java', commandLine(classPath, mainClass, args, options), options.status ?? 0)
    },
    spawn(mainClass, args, options = {}) {
      return spawn('java', commandLine(classPath, mainClass, args, options))
    },
  }
}

function commandLine(
  classPath: string,
  mainClass: string,
  args: readonly string[],
  options: RunOptions,
): string[] {
  // Index file names and the log cleaner's hour follow the time zone.
  const jvmArgs = ['-Xmx512m', '-Duser.timezone=UTC', ...(options.jvmArgs ?? [])]
  return [...jvmArgs, '-cp', classPath, mainClass, ...args]
}

function javaVersionOf(): string {
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return /version "([^"]+)"/.exec(answer.stderr)?.[1] ?? 'unknown'
}

function runOrThrow(command: string, args: readonly string[], status: number): void {
  const run = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: commandTimeoutMs,
    killSignal: 'SIGKILL',
  })
  if (run.status === status) return
  const output = `${run.stdout ?? ''}${run.stderr ?? ''}`.trim().split('\n').slice(-20).join('\n')
  throw new Error(`${command} ended with ${run.status ?? run.signal}: ${args.at(-1)}\n${output}`)
}
