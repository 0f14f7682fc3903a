// SPDX-License-Identifier: Apache-2.0
// Scenario: questions for routes, uniformly over 1,000 topics of 100 brokers, while ten routes change each second.

import { connect, type Socket } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { NameServerProcess } from '../../../interop/src/name-servers.ts'
import { pickPorts } from '../../../interop/src/ports.ts'
import { sleep } from '../../../interop/src/processes.ts'
import { Caller } from '../../../interop/src/wire.ts'
import type { BenchContext, Figures, Side } from '../options.ts'
import { cpuSeconds, residentMib } from '../process-cost.ts'
import { RouteLoad } from '../route-load.ts'
import { short } from '../statistics.ts'

const REGISTER_BROKER = 103

const brokerCount = 100
const topicCount = 1000
const changesPerSecond = 10
const idleConnections = 10_000

/** Java's name server gets what its start script would give it on a small machine. */
const javaOptions = ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC']

const topicNames = Array.from({ length: topicCount }, (_, i) => `RouteTopic${i}`)

/** How many of the brokers have each topic. */
const spreads = [4, brokerCount]

export async function runRouteScenario(context: BenchContext, figures: Figures): Promise<void> {
  console.log(
    `\n== route: ${topicCount} topics, ${brokerCount} brokers, ${changesPerSecond} changes per second`,
  )
  for (let run = 1; run <= context.runs; run++) {
    for (const brokersPerTopic of spreads) {
      for (const side of context.kinds) await measure(context, side, brokersPerTopic, figures)
    }
  }
}

async function measure(
  context: BenchContext,
  side: Side,
  brokersPerTopic: number,
  figures: Figures,
): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, 'route-'))
  const { namesrv: port } = await pickPorts()
  const { built, java } = context
  const server = await NameServerProcess.start({
    java,
    kind: side.kind,
    folder,
    port,
    built,
    javaOptions,
  })
  const brokers = new Brokers(brokersPerTopic)
  try {
    await brokers.register(port)
    const stopChanging = brokers.keepChanging()
    const load = await RouteLoad.start({ port, topics: topicNames, connections: 8, inFlight: 8 })
    await sleep(context.warmUpSeconds * 1000)
    const begin = { at: performance.now(), answered: load.answered, cpu: cpuSeconds(server.pid) }
    const changesBefore = brokers.changes
    await sleep(context.seconds * 1000)
    const seconds = (performance.now() - begin.at) / 1000
    const answered = load.answered - begin.answered
    const cpu = cpuSeconds(server.pid) - begin.cpu
    const changes = brokers.changes - changesBefore
    load.stop()
    stopChanging()
    if (load.failed > 0) throw new Error(`${load.failed} questions were not answered with a route`)
    if (changes < changesPerSecond * seconds * 0.8) {
      console.log(`  note: only ${short(changes / seconds)} changes per second`)
    }
    const what = `topics on ${brokersPerTopic} brokers`
    const bodyBytes = load.answeredBytes / load.answered
    figures.add(
      side,
      { scenario: 'route', what: `${what}: per CPU second`, unit: 'answers', better: 'more' },
      answered / cpu,
    )
    figures.add(
      side,
      { scenario: 'route', what: `${what}: per second`, unit: 'answers', better: 'more' },
      answered / seconds,
    )
    console.log(
      `  ${side.name.padEnd(8)} ${what} (${short(bodyBytes)} bytes): ${short(answered / cpu)} answers per CPU second, ` +
        `${short(answered / seconds)} per second at ${short((cpu / seconds) * 100)} % CPU, ${short(changes / seconds)} changes per second`,
    )
    if (brokersPerTopic === spreads[0]) await measureIdle(side, server, port, figures)
  } finally {
    brokers.close()
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureIdle(
  side: Side,
  server: NameServerProcess,
  port: number,
  figures: Figures,
): Promise<void> {
  await sleep(2000)
  const before = residentMib(server.pid)
  const sockets: Socket[] = []
  try {
    while (sockets.length < idleConnections) {
      // As many at a time as a backlog takes.
      const more = await Promise.all(Array.from({ length: 250 }, () => openSocket(port)))
      sockets.push(...more)
    }
    await sleep(2000)
    const after = residentMib(server.pid)
    figures.add(
      side,
      {
        scenario: 'route',
        what: `resident with ${idleConnections.toLocaleString('en')} idle connections`,
        unit: 'MiB',
        better: 'less',
      },
      after,
    )
    console.log(
      `  ${side.name.padEnd(8)} ${short(before)} MiB, ${short(after)} MiB with ${idleConnections} idle connections`,
    )
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

interface TopicEntry {
  readonly topicName: string
  queues: number
}

/** Brokers that exist only for the name server: they register, and change one topic at a time. */
class Brokers {
  changes = 0
  readonly #topics: TopicEntry[][]
  readonly #callers: Caller[] = []
  readonly #counters: number[] = []

  constructor(brokersPerTopic: number) {
    this.#topics = Array.from({ length: brokerCount }, () => [])
    for (const [index, topicName] of topicNames.entries()) {
      for (let i = 0; i < brokersPerTopic; i++) {
        this.#topics[(index + i) % brokerCount]?.push({ topicName, queues: 8 })
      }
    }
  }

  async register(port: number): Promise<void> {
    for (let broker = 0; broker < brokerCount; broker++) {
      this.#callers.push(await Caller.open(port))
      this.#counters.push(0)
      await this.#tell(broker)
    }
  }

  /** Changes the queues of a random topic on a random broker, ten times a second, until the returned function is called. */
  keepChanging(): () => void {
    const timer = setInterval(() => {
      const broker = Math.floor(Math.random() * brokerCount)
      const topics = this.#topics[broker] ?? []
      const topic = topics[Math.floor(Math.random() * topics.length)]
      if (topic === undefined) return
      topic.queues = topic.queues === 8 ? 16 : 8
      void this.#tell(broker).then(
        () => this.changes++,
        () => undefined,
      )
    }, 1000 / changesPerSecond)
    return () => clearInterval(timer)
  }

  async #tell(broker: number): Promise<void> {
    const counter = (this.#counters[broker] ?? 0) + 1
    this.#counters[broker] = counter
    const dataVersion = { counter, stateVersion: 0, timestamp: 1_700_000_000_000 }
    const topicConfigTable = Object.fromEntries(
      (this.#topics[broker] ?? []).map(({ queues, topicName }) => [
        topicName,
        {
          attributes: {},
          order: false,
          perm: 6,
          readQueueNums: queues,
          topicFilterType: 'SINGLE_TAG',
          topicName,
          topicSysFlag: 0,
          writeQueueNums: queues,
        },
      ]),
    )
    const body = JSON.stringify({
      filterServerList: [],
      topicConfigSerializeWrapper: {
        dataVersion,
        mappingDataVersion: dataVersion,
        topicConfigTable,
        topicQueueMappingDetailMap: {},
        topicQueueMappingInfoMap: {},
      },
    })
    const fields = {
      brokerName: `route-broker-${broker}`,
      brokerAddr: `10.0.0.${broker}:10911`,
      clusterName: 'RouteCluster',
      haServerAddr: `10.0.0.${broker}:10912`,
      brokerId: '0',
      compressed: 'false',
      bodyCrc32: '0',
    }
    const answer = await this.#callers[broker]?.call(
      REGISTER_BROKER,
      fields,
      Buffer.from(body),
      20_000,
    )
    if (answer?.code !== 0) throw new Error(`broker ${broker} was refused: ${answer?.remark}`)
  }

  close(): void {
    for (const caller of this.#callers) caller.close()
  }
}
