// SPDX-License-Identifier: Apache-2.0
// Runs the drivers: producers and push consumers on Java's client or ours, Java's pull reader, and mqadmin.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Java, startJava } from './java.ts'
import { type Received, readReceived } from './ledger.ts'
import { Child } from './processes.ts'
import type { Servers } from './servers.ts'
import type { Encoding } from './wire.ts'

/** Where the drivers of one lane run. */
export interface Stage {
  readonly java: Java
  readonly servers: Servers
  readonly folder: string
}

export type ClientKind = 'java' | 'ours'

interface ClientOptions {
  /** Whose client; default Java's. */
  readonly client?: ClientKind
  /** Names the process and its ledger; unique within a lane. */
  readonly name: string
  readonly topic: string
  readonly encoding?: Encoding
  /** Name servers, in place of the stage's. */
  readonly namesrv?: string
}

export type Compression = 'ZLIB' | 'ZSTD' | 'LZ4'

export interface ProduceOptions extends ClientOptions {
  /** Steps kind:count, for example sync:1000,batch:320. */
  readonly plan: string
  readonly threads?: number
  /** SEND_MESSAGE with full field names in place of SEND_MESSAGE_V2. */
  readonly longHeader?: boolean
  readonly tags?: readonly string[]
  readonly keys?: boolean
  readonly bodyBytes?: readonly [min: number, max: number]
  /** How bodies of 4,096 bytes and more are compressed; ZLIB unless told. */
  readonly compression?: Compression
  readonly paused?: boolean
  /** How often routes are asked for anew; Java's 30 s unless told. */
  readonly pollMs?: number
  /** For each send with its retries; 3,000 unless told. */
  readonly timeoutMs?: number
  /** Further system properties of a Java producer. */
  readonly properties?: Readonly<Record<string, string>>
}

export interface Counts {
  readonly acknowledged: number
  readonly oneway: number
  readonly failed: number
}

type DriverName = 'Produce' | 'Consume' | 'ReadBack'

async function startDriver(
  stage: Stage,
  driver: DriverName,
  client: ClientOptions,
  args: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const given = Object.entries({
    namesrv: client.namesrv ?? stage.servers.namesrvAddress,
    topic: client.topic,
    ledger: ledgerOf(stage, client.name),
    ...args,
  }).flatMap(([key, value]) => [`--${key}`, value])
  if (client.client === 'ours') return startOurs(stage, driver, client, given)
  return await startJava(stage.java, {
    name: client.name,
    main: driver,
    folder: stage.folder,
    properties: {
      'rocketmq.serialize.type': client.encoding === 'binary' ? 'ROCKETMQ' : 'JSON',
      'rocketmq.client.name': client.name,
      ...properties,
    },
    args: given,
  })
}

function startOurs(
  stage: Stage,
  driver: DriverName,
  client: ClientOptions,
  args: readonly string[],
): Child {
  const script = join(import.meta.dirname, 'our-drivers', `${driver.toLowerCase()}.ts`)
  const encoding = client.encoding ?? 'json'
  return new Child({
    name: client.name,
    command: process.execPath,
    args: [script, ...args, '--instance', client.name, '--serialize', encoding],
    folder: stage.folder,
  })
}

function ledgerOf(stage: Stage, name: string): string {
  return join(stage.folder, `${name}.ledger`)
}

function countsIn(line: string): Counts {
  const number = (name: string): number =>
    Number(new RegExp(`${name}=(\\d+)`).exec(line)?.[1] ?? Number.NaN)
  return {
    acknowledged: number('acknowledged'),
    oneway: number('oneway'),
    failed: number('failed'),
  }
}

/** A producer at work. */
export class ProducerDriver {
  readonly ledger: string
  readonly child: Child
  counts: Counts = { acknowledged: 0, oneway: 0, failed: 0 }
  #obeyed = ''

  private constructor(child: Child, ledger: string) {
    this.child = child
    this.ledger = ledger
    child.onLine((line) => {
      if (/^(PROGRESS|DONE|OBEYED)/.test(line)) this.counts = countsIn(line)
      if (line.startsWith('OBEYED')) this.#obeyed = line.split(' ')[1] ?? ''
    })
  }

  static async start(stage: Stage, options: ProduceOptions): Promise<ProducerDriver> {
    const [bodyMin, bodyMax] = options.bodyBytes ?? [64, 512]
    const child = await startDriver(
      stage,
      'Produce',
      options,
      {
        plan: options.plan,
        threads: String(options.threads ?? 8),
        tags: (options.tags ?? []).join(','),
        keys: String(options.keys ?? false),
        'body-min': String(bodyMin),
        'body-max': String(bodyMax),
        paused: String(options.paused ?? false),
        'poll-ms': String(options.pollMs ?? 30_000),
        ...(options.timeoutMs === undefined ? {} : { timeout: String(options.timeoutMs) }),
        compression: options.compression ?? 'ZLIB',
        group: `producer_${options.name}`,
        run: randomBytes(8).toString('hex'),
      },
      {
        'org.apache.rocketmq.client.sendSmartMsg': String(options.longHeader !== true),
        'rocketmq.message.compressType': options.compression ?? 'ZLIB',
        ...options.properties,
      },
    )
    const producer = new ProducerDriver(child, ledgerOf(stage, options.name))
    await child.until('the producer has started', () => child.lines.includes('READY'), 30_000)
    return producer
  }

  /** Waits until the plan is done. */
  async done(timeoutMs = 300_000): Promise<Counts> {
    const timer = setTimeout(() => this.child.signal('SIGKILL'), timeoutMs)
    const end = await this.child.exited
    clearTimeout(timer)
    if (end !== 'exit code 0')
      throw new Error(`${this.child.name} ended: ${end}${this.child.tail()}`)
    return this.counts
  }

  async #command(word: string): Promise<void> {
    this.#obeyed = ''
    this.child.write(word)
    await this.child.until(`the producer obeys ${word}`, () => this.#obeyed === word, 60_000)
  }

  /** Returns when no send is under way any more. */
  pause(): Promise<void> {
    return this.#command('pause')
  }

  resume(): Promise<void> {
    return this.#command('resume')
  }

  async stop(): Promise<Counts> {
    this.child.write('stop')
    return await this.done(60_000)
  }
}

/** Runs a plan to its end; returns the ledger file. */
export async function produce(
  stage: Stage,
  options: ProduceOptions,
): Promise<{ ledger: string; counts: Counts }> {
  const producer = await ProducerDriver.start(stage, options)
  return { counts: await producer.done(), ledger: producer.ledger }
}

export interface ConsumeOptions extends ClientOptions {
  readonly group: string
  /** Subscription expression. */
  readonly tags?: string
  readonly threads?: number
  readonly retryEvery?: number
}

/** A push consumer at work. */
export class ConsumerDriver {
  readonly ledger: string
  readonly child: Child
  received = 0
  /** Queues it holds, as topic:id. */
  queues: readonly string[] = []
  #lastArrival = performance.now()

  private constructor(child: Child, ledger: string) {
    this.child = child
    this.ledger = ledger
    child.onLine((line) => {
      const found = /^RECEIVED (\d+) QUEUES (.*)$/.exec(line)
      if (found === null) return
      const received = Number(found[1])
      if (received !== this.received) this.#lastArrival = performance.now()
      this.received = received
      this.queues = found[2] === '' ? [] : (found[2] ?? '').split(',')
    })
  }

  static async start(stage: Stage, options: ConsumeOptions): Promise<ConsumerDriver> {
    const child = await startDriver(
      stage,
      'Consume',
      options,
      {
        group: options.group,
        tags: options.tags ?? '*',
        threads: String(options.threads ?? 4),
        'retry-every': String(options.retryEvery ?? 0),
      },
      { 'rocketmq.client.rebalance.waitInterval': '2000' },
    )
    const consumer = new ConsumerDriver(child, ledgerOf(stage, options.name))
    await child.until('the consumer has started', () => child.lines.includes('READY'), 30_000)
    return consumer
  }

  get idleMs(): number {
    return performance.now() - this.#lastArrival
  }

  /** Commits offsets, leaves the group and ends. */
  async stop(): Promise<Received[]> {
    this.child.write('stop')
    const timer = setTimeout(() => this.child.signal('SIGKILL'), 30_000)
    const end = await this.child.exited
    clearTimeout(timer)
    if (end !== 'exit code 0')
      throw new Error(`${this.child.name} ended: ${end}${this.child.tail()}`)
    return await readReceived(this.ledger)
  }
}

/**
 * Waits until the consumers have received `count` together, then a moment longer for what nobody expects.
 *
 * Returns without complaint when nothing has come for `idleMs`: the comparison then says what is missing.
 */
export async function untilReceived(
  consumers: readonly { readonly received: number; readonly idleMs: number }[],
  count: number,
  idleMs = 30_000,
): Promise<number> {
  const sum = (): number => consumers.reduce((total, one) => total + one.received, 0)
  while (sum() < count && consumers.some((one) => one.idleMs < idleMs)) await pause(50)
  await pause(500)
  return sum()
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export interface ReadBackResult {
  readonly messages: readonly Received[]
  /** Holes in queues and reads that got stuck. */
  readonly complaints: readonly string[]
}

let readers = 0

/** Reads every queue of the topics from its first to its last offset. */
export async function readBack(
  stage: Stage,
  topic: string,
  encoding: Encoding = 'json',
): Promise<ReadBackResult> {
  const name = `reader-${++readers}`
  const child = await startDriver(
    stage,
    'ReadBack',
    { name, topic, encoding },
    { group: `group_${name}` },
  )
  const timer = setTimeout(() => child.signal('SIGKILL'), 300_000)
  const end = await child.exited
  clearTimeout(timer)
  const complaints = child.lines.filter((line) => /^(HOLE|STUCK)/.test(line))
  if (end !== 'exit code 0') complaints.push(`the reader ended: ${end}${child.tail()}`)
  return { messages: await readReceived(ledgerOf(stage, name)), complaints }
}

/** mqadmin in one process, so that a command costs no start of a virtual machine. */
export class JavaAdmin {
  readonly #child: Child
  #answer: string[] = []
  #done = false

  private constructor(child: Child) {
    this.#child = child
    child.onLine((line) => {
      if (line.startsWith('| ')) this.#answer.push(line.slice(2))
      if (line.startsWith('END ')) this.#done = true
    })
  }

  static async start(java: Java, folder: string): Promise<JavaAdmin> {
    const child = await startJava(java, { name: 'mqadmin', main: 'Admin', folder, args: [] })
    await child.until('mqadmin has started', () => child.lines.includes('READY'), 30_000)
    return new JavaAdmin(child)
  }

  /** Runs one command; returns what it printed. */
  async run(command: string): Promise<string[]> {
    this.#answer = []
    this.#done = false
    this.#child.write(command)
    await this.#child.until(`the answer to ${command}`, () => this.#done, 60_000)
    return this.#answer
  }

  async close(): Promise<void> {
    this.#child.write('stop')
    await this.#child.stop('SIGTERM', 5000)
  }
}
