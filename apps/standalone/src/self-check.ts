// SPDX-License-Identifier: Apache-2.0
// Sends messages through the running servers with our own client, reads them back, and measures both.
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { Producer, PushConsumer } from '@rocketmq-ts/client'

/** What the self-check found. Times in milliseconds. */
export interface SelfCheckResult {
  readonly messageCount: number
  readonly sendPerSecond: number
  readonly consumePerSecond: number
  /** From the call of send to its answer. */
  readonly sendLatencyMs: Percentiles
  /** From the call of send to the consumer's listener. */
  readonly endToEndLatencyMs: Percentiles
}

export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const TOPIC = 'SelfCheckTopic'
const GROUP = 'SelfCheckGroup'
const IN_FLIGHT = 32
const DEADLINE_MS = 30_000

/** Sorted ascending; the nearest rank. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (fraction: number): number =>
    sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? 0
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

/**
 * Sends `messageCount` messages with bodies of their own and waits until each has come back unaltered.
 * @throws when one is missing or altered after 30 s.
 */
export async function selfCheck(
  namesrvAddr: string,
  messageCount: number,
): Promise<SelfCheckResult> {
  const run = randomBytes(6).toString('hex')
  const sentAtMs = new Map<string, number>()
  const sendLatencies: number[] = []
  const endToEndLatencies: number[] = []
  let firstReceivedMs = 0
  let lastReceivedMs = 0
  const received = Promise.withResolvers<undefined>()

  await using consumer = new PushConsumer({
    namesrvAddr,
    group: GROUP,
    subscriptions: { [TOPIC]: run },
    consumeFrom: 'FIRST_OFFSET',
  })
  await using producer = await Producer.start({ namesrvAddr, group: `${GROUP}_PRODUCER` })
  // One message makes the topic, so that the consumer finds its queues at once.
  await producer.send({ topic: TOPIC, tags: 'warm-up', body: `warm-up ${run}` })
  await consumer.start((message) => {
    const body = Buffer.from(message.body).toString()
    const sentAt = sentAtMs.get(body)
    // Redelivery is allowed, another body under our tag is not.
    if (sentAt === undefined) {
      if (!body.startsWith(run)) received.reject(new Error(`a message came back altered: ${body}`))
      return
    }
    lastReceivedMs = performance.now()
    if (firstReceivedMs === 0) firstReceivedMs = lastReceivedMs
    endToEndLatencies.push(lastReceivedMs - sentAt)
    sentAtMs.delete(body)
    if (endToEndLatencies.length === messageCount) received.resolve(undefined)
  })

  const startedMs = performance.now()
  let next = 0
  async function sendInTurn(): Promise<void> {
    while (next < messageCount) {
      const body = `${run} ${next} ${'x'.repeat(100)}`
      next += 1
      const atMs = performance.now()
      sentAtMs.set(body, atMs)
      await producer.send({ topic: TOPIC, tags: run, body })
      sendLatencies.push(performance.now() - atMs)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendInTurn))
  const sendMs = performance.now() - startedMs

  const deadline = setTimeout(
    () =>
      received.reject(
        new Error(
          `only ${endToEndLatencies.length} of ${messageCount} messages came back within ${DEADLINE_MS / 1000} s`,
        ),
      ),
    DEADLINE_MS,
  )
  try {
    await received.promise
  } finally {
    clearTimeout(deadline)
  }
  return {
    messageCount,
    sendPerSecond: (messageCount / sendMs) * 1000,
    consumePerSecond: (messageCount / Math.max(1, lastReceivedMs - firstReceivedMs)) * 1000,
    sendLatencyMs: percentilesOf(sendLatencies),
    endToEndLatencyMs: percentilesOf(endToEndLatencies),
  }
}

/** Resident memory of this process in MiB. */
export function residentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20
}
