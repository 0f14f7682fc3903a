// SPDX-License-Identifier: Apache-2.0
// The command line of mqstandalone.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What the command line says. */
export interface StandaloneOptions {
  readonly help: boolean
  /** End after the report. */
  readonly exit: boolean
  readonly dataDirectory: string
  readonly namesrvPort: number
  readonly brokerPort: number
  /** Messages of the self-check. */
  readonly messageCount: number
}

export const usage = `usage: mqstandalone [--exit] [--data DIR] [--namesrv-port N] [--broker-port N] [--messages N]

Runs a name server and a broker in one process, for development.

  --exit            end with the report instead of staying up
  --data DIR        where messages and settings are kept (default ./data)
  --namesrv-port N  port of the name server (default 9876)
  --broker-port N   port of the broker (default 10911; the port two below it is taken as well)
  --messages N      messages of the self-check (default 1000)
  -h, --help        this text
`

function whole(text: string, name: string, least: number, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} needs a whole number from ${least} to ${most}, not "${text}"`)
  }
  return value
}

/** @throws with a sentence for people when the command line is not understood. */
export function parseOptions(args: readonly string[]): StandaloneOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      exit: { type: 'boolean', default: false },
      data: { type: 'string', default: 'data' },
      'namesrv-port': { type: 'string', default: '9876' },
      'broker-port': { type: 'string', default: '10911' },
      messages: { type: 'string', default: '1000' },
    },
  })
  return {
    help: values.help,
    exit: values.exit,
    dataDirectory: resolve(values.data),
    namesrvPort: whole(values['namesrv-port'], 'namesrv-port', 0, 65_535),
    brokerPort: whole(values['broker-port'], 'broker-port', 0, 65_535),
    messageCount: whole(values.messages, 'messages', 1, 10_000_000),
  }
}
