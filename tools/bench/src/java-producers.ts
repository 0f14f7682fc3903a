// SPDX-License-Identifier: Apache-2.0
// The two Java producers: Apache's benchmark producer for throughput, our closed loop for latencies.

import { type Java, startJava } from '../../interop/src/java.ts'
import { sleep } from '../../interop/src/processes.ts'
import { storedMessages } from '../../interop/src/requests.ts'
import type { Servers } from '../../interop/src/servers.ts'
import { cpuSeconds } from './process-cost.ts'

export const benchTopic = 'BenchTopic'
export const benchQueues = 8

/** The client's virtual machine: the same for every run of every side. */
const clientOptions = ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC']

export interface Window {
  readonly messagesPerSecond: number
  readonly brokerMicrosPerMessage: number
}

export interface ApacheOptions {
  readonly threads: number
  readonly bodyBytes: number
  /** Messages per request; above 1 Apache's BatchProducer. */
  readonly batch: number
}

/** Runs Apache's benchmark producer; what the broker stored and spent in the window is what counts. */
export async function runApacheProducer(
  java: Java,
  servers: Servers,
  folder: string,
  options: ApacheOptions,
  warmUpSeconds: number,
  seconds: number,
): Promise<Window> {
  const batched = options.batch > 1
  const child = await startJava(java, {
    name: 'Apache benchmark producer',
    main: `org.apache.rocketmq.example.benchmark.${batched ? 'BatchProducer' : 'Producer'}`,
    folder,
    options: clientOptions,
    args: [
      '-n',
      servers.namesrvAddress,
      '-t',
      benchTopic,
      '-w',
      String(options.threads),
      '-s',
      String(options.bodyBytes),
      '-ri',
      '1000',
      ...(batched ? ['-b', String(options.batch)] : []),
    ],
  })
  try {
    const stored = (): Promise<number> =>
      storedMessages(servers.ports.broker, benchTopic, benchQueues)
    const empty = await stored()
    const deadline = Date.now() + 30_000
    while ((await stored()) === empty) {
      if (!child.running || Date.now() > deadline) {
        throw new Error(`the benchmark producer sends nothing${child.tail()}`)
      }
      await sleep(100)
    }
    await sleep(warmUpSeconds * 1000)
    const begin = performance.now()
    const cpuBefore = cpuSeconds(servers.brokerPid)
    const before = await stored()
    await sleep(seconds * 1000)
    const messages = (await stored()) - before
    const cpu = cpuSeconds(servers.brokerPid) - cpuBefore
    const elapsed = (performance.now() - begin) / 1000
    const failures = child.lines.findLast((line) => line.includes('Send Failed'))
    if (failures !== undefined && !/Send Failed: 0 /.test(failures)) {
      console.log(`  note: ${failures}`)
    }
    return {
      messagesPerSecond: messages / elapsed,
      brokerMicrosPerMessage: (cpu * 1e6) / messages,
    }
  } finally {
    await child.stop('SIGKILL', 1000)
  }
}

export interface ClosedLoopOptions {
  readonly threads?: number
  /** Asynchronous sends with this many in flight, in place of threads. */
  readonly inFlight?: number
  readonly bodyBytes: number
  readonly batch: number
  /** Ends after so many requests, without a window. */
  readonly count?: number
}

export interface ClosedLoopResult extends Window {
  /** Microseconds by percentile name, p50 to p100. */
  readonly latency: Readonly<Record<string, number>>
}

/** Runs our own Java producer; undefined when it ends after a count. */
export async function runClosedLoop(
  java: Java,
  servers: Servers,
  folder: string,
  options: ClosedLoopOptions,
  warmUpSeconds: number,
  seconds: number,
): Promise<ClosedLoopResult | undefined> {
  const child = await startJava(java, {
    name: 'closed-loop producer',
    main: 'BenchSend',
    folder,
    options: clientOptions,
    properties: { 'rocketmq.serialize.type': 'ROCKETMQ' },
    args: Object.entries({
      namesrv: servers.namesrvAddress,
      topic: benchTopic,
      threads: options.threads ?? 1,
      'in-flight': options.inFlight ?? 0,
      batch: options.batch,
      body: options.bodyBytes,
      count: options.count ?? 0,
      'warm-up': warmUpSeconds,
      seconds,
    }).flatMap(([name, value]) => [`--${name}`, String(value)]),
  })
  let cpu = 0
  child.onLine((line) => {
    if (line === 'WINDOW BEGIN') cpu -= cpuSeconds(servers.brokerPid)
    if (line === 'WINDOW END') cpu += cpuSeconds(servers.brokerPid)
  })
  const end = await child.exited
  if (end !== 'exit code 0') throw new Error(`the producer ended: ${end}${child.tail()}`)
  const failed = Number(
    /failed=(\d+)/.exec(child.lines.findLast((line) => line.startsWith('DONE')) ?? '')?.[1],
  )
  if (failed > 0) console.log(`  note: ${failed} sends failed`)
  const result = child.lines.find((line) => line.startsWith('RESULT '))
  if (result === undefined) return undefined
  const numbers: Record<string, number> = {}
  for (const [, name = '', value] of result.matchAll(/([\w.]+)=([\d.E-]+)/g)) {
    numbers[name] = Number(value)
  }
  const messages = numbers['messages'] ?? Number.NaN
  return {
    messagesPerSecond: messages / (numbers['seconds'] ?? Number.NaN),
    brokerMicrosPerMessage: (cpu * 1e6) / messages,
    latency: Object.fromEntries(Object.entries(numbers).filter(([name]) => /^p\d/.test(name))),
  }
}
