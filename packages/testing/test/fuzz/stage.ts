// SPDX-License-Identifier: Apache-2.0
// A name server and a broker that spoiled frames are sent to, and what they must not say.
import type { Logger } from '@rocketmq-ts/runtime'
import { startTestCluster, type TestCluster } from '../../src/index.ts'
import { entry, layOut } from './compose.ts'
import { Peer } from './peer.ts'
import type { Target } from './session.ts'
import { unflushedRuntime } from './unflushed-runtime.ts'

const PUT_KV_CONFIG = 100
const GET_KV_CONFIG = 101
const GET_MAX_OFFSET = 30
const UPDATE_AND_CREATE_TOPIC = 17
const NOT_SUPPORTED = 3

/** Running servers. */
export interface Stage {
  readonly cluster: TestCluster
  readonly targets: readonly [Target, Target]
  /** Errors of our own making since the start: a peer must not be able to cause one. */
  readonly mistakes: readonly unknown[]
}

/** Starts both and asks them which of `codes` they serve. */
export async function startStage(codes: readonly number[]): Promise<Stage> {
  const mistakes: unknown[] = []
  const cluster = await startTestCluster({
    logger: mistakeLogger(mistakes),
    runtime: unflushedRuntime(),
  })
  const nameServerPort = cluster.nameServer.port
  const brokerPort = cluster.broker.port
  await demand(nameServerPort, PUT_KV_CONFIG, {
    namespace: 'FuzzProbe',
    key: 'alive',
    value: 'yes',
  })
  await demand(brokerPort, UPDATE_AND_CREATE_TOPIC, {
    topic: 'FuzzTopic',
    defaultTopic: 'TBW102',
    readQueueNums: '4',
    writeQueueNums: '4',
    perm: '6',
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: '0',
    order: 'false',
  })
  return {
    cluster,
    mistakes,
    targets: [
      {
        name: 'name server',
        port: nameServerPort,
        codes: await servedOf(nameServerPort, codes),
        probeCode: GET_KV_CONFIG,
        probeFields: { namespace: 'FuzzProbe', key: 'alive' },
      },
      {
        name: 'broker',
        port: brokerPort,
        codes: await servedOf(brokerPort, codes),
        probeCode: GET_MAX_OFFSET,
        probeFields: { topic: 'FuzzProbe', queueId: '0' },
      },
    ],
  }
}

/** What the language or an assertion throws; what our code throws on purpose says what the peer did wrong. */
function isMistake(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    (error instanceof Error && error.name === 'AssertionError')
  )
}

/** Keeps errors that only a mistake of ours can raise. */
function mistakeLogger(mistakes: unknown[]): Logger {
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (facts) => {
      const error = 'err' in facts ? facts.err : facts
      if (isMistake(error)) mistakes.push(error)
    },
    child: () => logger,
  }
  return logger
}

async function demand(
  port: number,
  code: number,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const answered = await ask(port, code, fields)
  if (answered !== 0) throw new Error(`code ${code} was answered ${answered}`)
}

/** The code of the answer; undefined when none came. */
async function ask(
  port: number,
  code: number,
  fields: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const peer = await Peer.open(port)
  const entries = Object.entries(fields).map(([name, value]) => entry(name, value))
  peer.send(
    layOut({
      encoding: 'json',
      code,
      opaque: 1,
      flag: 0,
      entries,
      body: undefined,
    }),
  )
  await peer.until(() => peer.answerTo(1) !== undefined)
  peer.destroy()
  return peer.answerTo(1)?.code
}

async function servedOf(port: number, codes: readonly number[]): Promise<number[]> {
  const served: number[] = []
  for (const code of codes) {
    const answered = await ask(port, code, {})
    if (answered !== undefined && answered !== NOT_SUPPORTED) served.push(code)
  }
  return served
}
