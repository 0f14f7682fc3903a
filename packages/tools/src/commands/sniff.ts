// SPDX-License-Identifier: Apache-2.0
// mqadmin sniff: prints the frames that pass between clients and a server, decoded, as they pass.
import {
  followRoutes,
  FrameProxy,
  frameLine,
  frameRecord,
  requestCodeName,
  type Intercept,
  type SeenFrame,
} from '@rocketmq-ts/remoting/proxy'
import { parseAddress } from '@rocketmq-ts/remoting'
import {
  flagOption,
  optional,
  required,
  valueOption,
  type Command,
  type CommandContext,
} from '../command.ts'

/** Not in Java's mqadmin. */
export const sniff: Command = {
  name: 'sniff',
  options: [
    valueOption('t', 'target', 'host:port of the server whose frames are shown', 'required'),
    valueOption(
      'l',
      'listen',
      'host:port for clients to connect to, default 127.0.0.1 and a free port',
    ),
    valueOption(
      'k',
      'codes',
      'show only these requests and their answers: numbers or names, comma separated',
    ),
    flagOption(
      'r',
      'follow',
      'the target is a name server: proxy the brokers in its routes as well',
    ),
    flagOption('b', 'bodies', 'show the beginning of bodies'),
    valueOption('o', 'output', 'text or json (one object per line), default text'),
  ],

  async run(context) {
    const { runtime, signal } = context
    const intercept = printer(context)
    const target = required(context, 'target')
    const listen = optional(context, 'listen') ?? '127.0.0.1:0'
    const { host, port } = listenAddress(listen)
    const opened = (proxy: FrameProxy): void =>
      context.complain(`${proxy.target} can be reached at ${proxy.address}`)
    const follower = context.values.has('follow')
      ? followRoutes({ runtime, host, intercept, opened })
      : undefined
    const proxy = await FrameProxy.listen({
      runtime,
      target,
      host,
      port,
      intercept: follower?.intercept ?? intercept,
    })
    opened(proxy)
    try {
      await untilAborted(signal)
    } finally {
      await Promise.all([proxy.close(), follower?.close()])
    }
  },
}

function listenAddress(text: string): { host: string; port: number } {
  // Port 0 is no address to connect to, but one to listen on.
  if (text.endsWith(':0')) return { host: text.slice(0, -2), port: 0 }
  return parseAddress(text)
}

function printer(context: CommandContext): Intercept {
  const output = optional(context, 'output') ?? 'text'
  if (output !== 'text' && output !== 'json') {
    throw new Error(`cannot print as '${output}': -o takes text or json`)
  }
  const wanted = codesOf(optional(context, 'codes'))
  const bodies = context.values.has('bodies')
  const startedMs = context.runtime.clock.monotonicMs()
  return (frame) => {
    if (!isWanted(frame, wanted)) return 'pass'
    const atMs = frame.atMs - startedMs
    if (output === 'text') {
      context.print(`${(atMs / 1000).toFixed(3).padStart(9)} ${frameLine(frame, { bodies })}\n`)
    } else {
      context.print(`${JSON.stringify({ atMs, ...frameRecord(frame, { bodies }) })}\n`)
    }
    return 'pass'
  }
}

function isWanted(frame: SeenFrame, wanted: ReadonlySet<string> | undefined): boolean {
  if (wanted === undefined) return true
  const { requestCode } = frame
  if (requestCode === undefined) return false
  return wanted.has(String(requestCode)) || wanted.has(requestCodeName(requestCode))
}

function codesOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined
  return new Set(text.split(',').map((code) => code.trim().toUpperCase()))
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
