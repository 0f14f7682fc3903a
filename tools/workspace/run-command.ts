// SPDX-License-Identifier: Apache-2.0
// Runs another program and keeps what it printed.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { readManifest, workspaceRoot } from './packages.ts'

export interface CommandResult {
  /** 0 when the program ended well; 1 when it could not be started or died of a signal. */
  readonly exitCode: number
  /** Everything it wrote to stdout and stderr, in the order in which it arrived. */
  readonly output: string
  readonly stdout: string
}

export interface CommandOptions {
  /** Default: the root of the workspace. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Also print the output while it arrives. */
  readonly show?: boolean
  readonly timeoutMs?: number
}

/** The workspace's own tools, its own Node among them, come before what the machine has. */
const searchPath = [path.join(workspaceRoot, 'node_modules/.bin'), process.env['PATH']].join(
  path.delimiter,
)

/** Never rejects: a program that cannot be started is a result with its reason in `output`. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? workspaceRoot,
      env: { ...process.env, PATH: searchPath, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      ...(options.timeoutMs === undefined
        ? {}
        : { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
    })
    let output = ''
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      stdout += text
      if (options.show === true) process.stdout.write(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (options.show === true) process.stderr.write(text)
    })
    child.on('error', (error) => {
      resolve({ exitCode: 1, output: `cannot start ${command}: ${error.message}\n`, stdout })
    })
    child.on('close', (code, signal) => {
      if (signal !== null) output += `${command} ${args.join(' ')} was ended by ${signal}\n`
      resolve({ exitCode: code ?? 1, output, stdout })
    })
  })
}

/** Runs a command of a step that cannot go on without it. @throws {Error} with all it printed. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(command, args, options)
  if (result.exitCode === 0) return result
  throw new Error(
    `${command} ${args.join(' ')} ended with code ${result.exitCode}\n${result.output}`,
  )
}

/** Runs the pnpm that package.json pins; npm brings it when it is not on PATH. */
export async function runPnpm(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [command, ...first] = await pnpmCommand()
  return await runCommand(command, [...first, ...args], options)
}

let foundPnpm: Promise<readonly [string, ...string[]]> | undefined

function pnpmCommand(): Promise<readonly [string, ...string[]]> {
  foundPnpm ??= findPnpm()
  return foundPnpm
}

async function findPnpm(): Promise<readonly [string, ...string[]]> {
  const { packageManager } = readManifest(workspaceRoot)
  if (packageManager === undefined) throw new Error('package.json names no packageManager')
  const onPath = await runCommand('pnpm', ['--version'])
  if (onPath.exitCode === 0 && `pnpm@${onPath.stdout.trim()}` === packageManager) return ['pnpm']
  return ['npx', '-y', packageManager]
}
