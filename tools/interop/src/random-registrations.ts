// SPDX-License-Identifier: Apache-2.0
// Brokers that come, change and go at random, the same at two name servers, whose answers must agree after every step.

import { inOrder } from './in-order.ts'
import { sleep } from './processes.ts'
import { type Answer, Caller, type Fields } from './wire.ts'

const REGISTER_BROKER = 103
const UNREGISTER_BROKER = 104
const GET_ROUTE = 105
const GET_CLUSTER_INFO = 106
const WIPE_WRITE_PERM = 205
const GET_ALL_TOPICS = 206
const DELETE_TOPIC = 216
const REGISTER_TOPIC = 217
const GET_TOPICS_BY_CLUSTER = 224
const UPDATE_NAMESRV_CONFIG = 318
const ADD_WRITE_PERM = 327
const GET_MEMBERS = 901

const clusters: Readonly<Record<string, string>> = { a: 'C1', b: 'C1', c: 'C2' }
const names = Object.keys(clusters)
const topics = ['T1', 'T2', 'T3', 'T4', 'rmq_sys_SYNC_BROKER_MEMBER_a']

/** Java takes brokers that leave from a queue: it may be a moment behind. */
const patienceMs = 2000

/** A closed connection is noticed within this; not at all when nobody had registered on it. */
const noticedMs = 500

/** A step: what is sent on which broker's connection, or that it is closed. */
interface Step {
  readonly text: string
  readonly on: string
  readonly close?: boolean
  readonly code?: number
  readonly fields?: Fields
  readonly body?: Buffer
}

/** Numbers below one, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Makes steps, one after another. */
class Steps {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = numbers(seed)
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #one<T>(values: readonly T[]): T {
    const value = values[this.#below(values.length)]
    if (value === undefined) throw new Error('nothing to choose from')
    return value
  }

  next(): Step {
    const name = this.#one(names)
    const id = this.#below(3)
    // Mostly its own address; now and then that of another id, as when master and slave change places.
    const address = `10.0.${names.indexOf(name)}.${this.#below(5) === 0 ? this.#below(3) : id}:10911`
    const clusterName = clusters[name] ?? ''
    const who = { brokerName: name, brokerAddr: address, clusterName, brokerId: String(id) }
    const topic = this.#one(topics)
    const client = 'client'
    switch (this.#below(12)) {
      case 0:
        return this.#step(`${address} leaves`, address, UNREGISTER_BROKER, who)
      case 1:
        return { text: `${address} hangs up`, on: address, close: true }
      case 2:
        return this.#step(`wipe ${name}`, client, WIPE_WRITE_PERM, { brokerName: name })
      case 3:
        return this.#step(`restore ${name}`, client, ADD_WRITE_PERM, { brokerName: name })
      case 4: {
        const fields = this.#below(2) === 0 ? { topic } : { topic, clusterName }
        return this.#step(`delete ${topic}`, client, DELETE_TOPIC, fields)
      }
      case 5: {
        const queues = { brokerName: name, perm: 6, readQueueNums: 9, topicSysFlag: 0 }
        const body = { queueDatas: [{ ...queues, writeQueueNums: 9 }] }
        return this.#step(`topic ${topic} on ${name}`, client, REGISTER_TOPIC, { topic }, body)
      }
      case 6: {
        const key = this.#one(['supportActingMaster', 'deleteTopicWithBrokerRegistration'])
        const text = `${key}=${this.#below(2) === 0}`
        return { text, on: client, code: UPDATE_NAMESRV_CONFIG, body: Buffer.from(text) }
      }
      default:
        return this.#registration(who)
    }
  }

  #registration(who: Fields & { readonly brokerAddr: string }): Step {
    const { brokerAddr } = who
    const chosen = topics.filter(() => this.#below(3) > 0)
    const dataVersion = {
      counter: this.#below(4),
      stateVersion: this.#below(2),
      timestamp: 1_700_000_000_000,
    }
    const queues = this.#one([4, 8])
    const perm = this.#one([2, 4, 6])
    const acting = this.#one<Fields>([
      {},
      { enableActingMaster: 'true' },
      { enableActingMaster: 'true' },
      { enableActingMaster: 'false' },
    ])
    const zone: Fields = this.#below(4) === 0 ? { __ZONE_NAME: 'z' } : {}
    const table = Object.fromEntries(
      chosen.map((topicName) => [
        topicName,
        {
          attributes: {},
          order: false,
          perm,
          readQueueNums: queues,
          topicFilterType: 'SINGLE_TAG',
          topicName,
          topicSysFlag: 0,
          writeQueueNums: queues,
        },
      ]),
    )
    const body = {
      filterServerList: this.#below(6) === 0 ? [`${brokerAddr}0`] : [],
      topicConfigSerializeWrapper: {
        dataVersion,
        mappingDataVersion: dataVersion,
        topicConfigTable: table,
        topicQueueMappingDetailMap: {},
        topicQueueMappingInfoMap: {},
      },
    }
    const fields = {
      ...who,
      ...acting,
      ...zone,
      haServerAddr: brokerAddr.replace('10911', '10912'),
      compressed: 'false',
      bodyCrc32: '0',
    }
    const text = `register ${JSON.stringify(fields)} ${JSON.stringify(dataVersion)} ${chosen.join()}`
    return this.#step(text, brokerAddr, REGISTER_BROKER, fields, body)
  }

  #step(text: string, on: string, code: number, fields: Fields, body?: object): Step {
    const step = { text, on, code, fields }
    return body === undefined ? step : { ...step, body: Buffer.from(JSON.stringify(body)) }
  }
}

/** One name server with a connection for each broker. */
class Table {
  readonly #port: number
  readonly #callers = new Map<string, Caller>()

  constructor(port: number) {
    this.#port = port
  }

  async #caller(on: string): Promise<Caller> {
    let caller = this.#callers.get(on)
    if (caller === undefined) {
      caller = await Caller.open(this.#port)
      this.#callers.set(on, caller)
    }
    return caller
  }

  /** What the name server answers, as text. */
  async take({ body, close, code, fields, on }: Step): Promise<string> {
    if (close === true) {
      this.#callers.get(on)?.close()
      this.#callers.delete(on)
      return 'closed'
    }
    return shown(await (await this.#caller(on)).call(code ?? 0, fields, body))
  }

  /** Returns once an address is known no more, or when it stays. */
  async untilGone(address: string): Promise<void> {
    const caller = await this.#caller('reader')
    const giveUp = performance.now() + noticedMs
    while (performance.now() < giveUp) {
      if (!(await caller.call(GET_CLUSTER_INFO)).body.includes(`"${address}"`)) return
      await sleep(5)
    }
  }

  /** All that anybody can ask it, one line per question. */
  async look(): Promise<string[]> {
    const caller = await this.#caller('reader')
    const ask = async (code: number, fields: Fields = {}): Promise<string> =>
      `${code} ${JSON.stringify(fields)}: ${shown(await caller.call(code, fields))}`
    return await Promise.all([
      ask(GET_CLUSTER_INFO),
      ask(GET_ALL_TOPICS),
      ...topics.map((topic) => ask(GET_ROUTE, { topic })),
      ...['C1', 'C2', 'C3'].map((cluster) => ask(GET_TOPICS_BY_CLUSTER, { cluster })),
      ...names.map((brokerName) => ask(GET_MEMBERS, { brokerName, clusterName: 'C' })),
    ])
  }

  close(): void {
    for (const caller of this.#callers.values()) caller.close()
  }
}

function shown({ body, code, fields, remark }: Answer): string {
  const text = body.toString()
  const content: unknown =
    text === '' ? undefined : JSON.parse(text.replaceAll(/([{,])(\d+):/g, '$1"$2":'))
  return JSON.stringify({ code, remark, fields: inOrder(fields), body: inOrder(content) })
}

/** Takes random steps at both; returns what differs after the first step at which they do not agree, empty when there is none. */
export async function disagreementAtRandom(
  [java, ours]: readonly [number, number],
  seed: number,
  count: number,
): Promise<string[]> {
  const steps = new Steps(seed)
  const tables = [new Table(java), new Table(ours)] as const
  const taken: string[] = []
  try {
    for (let i = 0; i < count; i++) {
      const step = steps.next()
      taken.push(step.text)
      const [expected, found] = await Promise.all(tables.map((table) => table.take(step)))
      // While neither has noticed they agree, and might do so about different things a moment later.
      if (step.close === true) await Promise.all(tables.map((table) => table.untilGone(step.on)))
      const lines =
        expected === found ? await stillDiffers(tables) : [`Java: ${expected}`, `ours: ${found}`]
      if (lines.length > 0) return [...lines, 'after:', ...taken.slice(-8)]
    }
    return []
  } finally {
    for (const table of tables) table.close()
  }
}

async function stillDiffers([java, ours]: readonly [Table, Table]): Promise<string[]> {
  const giveUp = performance.now() + patienceMs
  for (;;) {
    const [expected, found] = await Promise.all([java.look(), ours.look()])
    const lines = expected.flatMap((line, i) =>
      line === found[i] ? [] : [`Java: ${line}`, `ours: ${found[i]}`],
    )
    if (lines.length === 0 || performance.now() > giveUp) return lines
    await sleep(20)
  }
}
