// SPDX-License-Identifier: Apache-2.0
// Runs one mqadmin command: find it, read its arguments, do it, and say how it ended as Java does.
import type { ClientTls } from '@rocketmq-ts/client'
import { AdminClient } from '@rocketmq-ts/client/admin'
import { parseSerializeType, parseTlsSettings } from '@rocketmq-ts/remoting'
import type { Runtime } from '@rocketmq-ts/runtime'
import { parseCommandLine } from './command-line.ts'
import { commands } from './commands/index.ts'
import { readCredentials } from './credentials-file.ts'
import { standardOptions } from './standard-options.ts'
import { usageText } from './usage.ts'

/** What the process gives to a command. */
export interface MqadminOptions {
  /** Arguments after the program's name. */
  readonly args: readonly string[]
  /** Name servers when `-n` is not given. */
  readonly namesrvAddr: string | undefined
  /** A file such as Java's tls.properties: when given, everything is asked through TLS as it says. */
  readonly tlsConfigFile?: string | undefined
  /** Java's ROCKETMQ_HOME: who signs the requests stands in `conf/tools.yml` below it. */
  readonly rocketmqHome?: string | undefined
  /** Java's ROCKETMQ_SERIALIZE_TYPE: how requests are encoded, JSON unless told. */
  readonly serializeType?: string | undefined
  readonly runtime: Runtime
  readonly print: (text: string) => void
  readonly complain: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * Runs the command and returns the exit code. As with Java's mqadmin the code is 1 only when the arguments are
 * wrong: a command that fails says so on standard error and ends with 0. Source: MQAdminStartup.
 */
export async function mqadmin(options: MqadminOptions): Promise<number> {
  const { args, print } = options
  const [first, second] = args
  if (first === undefined) {
    print(overview())
    return 0
  }
  const helpAsked = first === 'help' && args.length === 2 && second !== undefined
  const name = helpAsked ? second : first
  const entry = commands.find((command) => command.name === name)
  if (entry === undefined) {
    print(`The sub command ${name} not exist.\n`)
    return 0
  }
  const command = await entry.load()
  const all = [...standardOptions, ...command.options]
  const example = command.example === undefined ? '' : `example: mqadmin ${command.example}\n`
  const usage = usageText(command.name, all) + example
  if (helpAsked) {
    print(usage)
    return 0
  }
  const line = parseCommandLine(all, args.slice(1))
  if (!line.ok) {
    options.complain(line.message)
    print(usage)
    return 1
  }
  if (line.values.has('help')) {
    print(usage)
    return 0
  }
  let admin: AdminClient | undefined
  try {
    const code = await command.run({
      values: line.values,
      admin: () => (admin ??= adminOf(options, line.values.get('namesrvAddr'))),
      runtime: options.runtime,
      print,
      complain: options.complain,
      signal: options.signal,
    })
    return code ?? 0
  } catch (error) {
    if (!options.signal.aborted) {
      const reason = error instanceof Error ? error.message : String(error)
      options.complain(`${command.name} command failed: ${reason}`)
    }
  } finally {
    await admin?.close()
  }
  return 0
}

function adminOf(options: MqadminOptions, given: string | undefined): AdminClient {
  const namesrvAddr = given ?? options.namesrvAddr
  if (namesrvAddr === undefined || namesrvAddr.trim() === '') {
    throw new Error('no name server is given: use -n host:port or set NAMESRV_ADDR')
  }
  const { runtime, tlsConfigFile, rocketmqHome } = options
  const credentials =
    rocketmqHome === undefined ? undefined : readCredentials(rocketmqHome, runtime.files)
  return new AdminClient({
    namesrvAddr,
    runtime,
    serializeType: parseSerializeType(options.serializeType),
    ...(credentials === undefined ? {} : { credentials }),
    ...(tlsConfigFile === undefined ? {} : { tls: readTls(tlsConfigFile, runtime) }),
  })
}

function readTls(path: string, { files }: Runtime): ClientTls | 'test' {
  if (files.stat(path) === undefined) throw new Error(`the TLS settings ${path} do not exist`)
  const settings = parseTlsSettings(new Map([['tls.config.file', path]]), files)
  return settings.testMode ? 'test' : settings.client
}

function overview(): string {
  const lines = commands.map(({ name, description }) => `   ${name.padEnd(35)} ${description}\n`)
  return `The most commonly used mqadmin commands are:\n${lines.join('')}\nSee 'mqadmin help <command>' for more information on a specific command.\n`
}
