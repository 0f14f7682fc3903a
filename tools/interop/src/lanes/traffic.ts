// SPDX-License-Identifier: Apache-2.0
// Lanes with the full traffic: producers and push consumers of either client on either side's servers.

import {
  type ClientKind,
  ConsumerDriver,
  type ProduceOptions,
  produce,
  type Stage,
  untilReceived,
} from '../drivers.ts'
import { checkArrived, checkStored, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent, type Sent } from '../ledger.ts'
import { waitFor } from '../processes.ts'
import { createTopic } from '../requests.ts'
import type { ServerKind } from '../servers.ts'
import { compressedBodies } from './compressed.ts'

const topic = 'InteropMain'
const tags = ['TagA', 'TagB', 'TagC']
const queues = 8

export const javaOnOurs: Lane = {
  name: 'java-on-ours',
  summary: 'Java producers and push consumers on our servers',
  run: (context) => traffic(context, 'java-on-ours', context.ours, ['java', 'java']),
}

export const oursOnJava: Lane = {
  name: 'ours-on-java',
  summary: 'our producers on Java servers, our push consumer beside a Java one in its group',
  run: (context) => traffic(context, 'ours-on-java', 'java', ['ours', 'java']),
}

export const oursOnOurs: Lane = {
  name: 'ours-on-ours',
  summary: 'our producers and push consumers on our servers',
  run: (context) => traffic(context, 'ours-on-ours', context.ours, ['ours', 'ours']),
}

interface Traffic {
  readonly context: LaneContext
  readonly stage: Stage
  /** Whose producers and consumers are tried. */
  readonly client: ClientKind
  /** Whose consumer is the second of the group. */
  readonly secondClient: ClientKind
}

/** On a busy machine Java drops what waits for 200 ms, and nobody is told when that is a one-way message. */
const patientJava = { waitTimeMillsInSendQueue: '30000', osPageCacheBusyTimeOutMills: '30000' }

async function traffic(
  context: LaneContext,
  name: string,
  servers: ServerKind,
  [client, secondClient]: readonly [ClientKind, ClientKind],
): Promise<void> {
  const options = {
    namesrv: servers,
    broker: servers,
    ...(servers === 'java' ? { brokerConfig: patientJava } : {}),
  }
  await withServers(context, name, options, async (stage) => {
    const given = { context, stage, client, secondClient }
    await createTopic(stage.servers.ports.broker, topic, queues)
    const sent = await sendAndConsume(given)
    await restartConsumer(given, sent)
    await retries(given)
    await autoCreated(given)
    await compressedBodies(context, stage, client)
  })
}

/** How the messages are divided among kinds of sending, header encodings and header versions. */
function producers(messages: number, client: ClientKind): ProduceOptions[] {
  const share = (percent: number): number => Math.ceil((messages * percent) / 100)
  const common = { client, topic, tags, keys: true }
  const all: ProduceOptions[] = [
    {
      ...common,
      name: 'binary',
      encoding: 'binary',
      threads: 16,
      plan: `sync:${share(25)},async:${share(15)},batch:${share(10)},oneway:${share(2)},select:${share(3)}`,
    },
    {
      ...common,
      name: 'json',
      encoding: 'json',
      threads: 8,
      plan: `sync:${share(15)},async:${share(10)},batch:${share(5)},oneway:${share(2)},select:${share(2)}`,
    },
    {
      ...common,
      name: 'long-header',
      encoding: 'json',
      longHeader: true,
      threads: 8,
      plan: `sync:${share(5)},async:${share(3)},batch:${share(2)},oneway:${share(1)}`,
    },
    {
      ...common,
      name: 'large-bodies',
      encoding: 'binary',
      threads: 4,
      bodyBytes: [3000, 60_000],
      plan: `sync:${share(1)},async:${share(0.5)}`,
    },
  ]
  // Our client always sends the short names; its share of this producer goes the usual way.
  return client === 'java' ? all : all.map((one) => ({ ...one, longHeader: false }))
}

async function sendAndConsume({ context, stage, client, secondClient }: Traffic): Promise<Sent[]> {
  const { report } = context
  const first = await ConsumerDriver.start(stage, {
    client,
    name: 'consumer-1',
    topic,
    group: 'InteropGroup',
    encoding: 'binary',
  })
  await waitFor('the first consumer holds all queues', () => first.queues.length === queues, 30_000)
  const second = await ConsumerDriver.start(stage, {
    client: secondClient,
    name: 'consumer-2',
    topic,
    group: 'InteropGroup',
  })
  await waitFor(
    'two consumers share the queues',
    () => first.queues.length === queues / 2 && second.queues.length === queues / 2,
    30_000,
  ).catch(() => {})
  const shared = new Set([...first.queues, ...second.queues])
  report.check(
    'two consumers share the queues evenly',
    first.queues.length === queues / 2 &&
      second.queues.length === queues / 2 &&
      shared.size === queues,
    `${first.queues.length} and ${second.queues.length} of ${queues}`,
  )
  const filtered = await ConsumerDriver.start(stage, {
    client,
    name: 'consumer-tags',
    topic,
    group: 'InteropTags',
    tags: 'TagA || TagC',
  })

  const ledgers: string[] = []
  for (const options of producers(context.messages, client)) {
    const begin = performance.now()
    const { ledger, counts } = await produce(stage, options)
    const seconds = (performance.now() - begin) / 1000
    report.say(
      `${options.name}: ${counts.acknowledged} acknowledged, ${counts.oneway} one way, ${counts.failed} failed in ${seconds.toFixed(1)} s`,
    )
    report.check(`${options.name}: no send failed`, counts.failed === 0)
    ledgers.push(ledger)
  }
  const sent = await readSent(...ledgers)
  const filteredSent = sent.filter((one) => one.tag !== 'TagB')
  await untilReceived([first, second], sent.length)
  await untilReceived([filtered], filteredSent.length)

  // The survivor takes over the queues of the one that left.
  const fromSecond = await second.stop()
  await waitFor(
    'the first consumer takes over',
    () => first.queues.length === queues,
    30_000,
  ).catch(() => {})
  report.check(
    'the remaining consumer takes all queues',
    first.queues.length === queues,
    `${first.queues.length} of ${queues}`,
  )
  const fromFirst = await first.stop()
  checkArrived(context, 'clustering consumers got everything once', sent, [
    ...fromFirst,
    ...fromSecond,
  ])
  report.check('both consumers had work', fromFirst.length > 0 && fromSecond.length > 0)
  checkArrived(
    context,
    'the tag filter let through its tags only',
    filteredSent,
    await filtered.stop(),
  )
  await checkStored(
    context,
    stage,
    'queues hold everything in place and order (binary)',
    topic,
    sent,
    { encoding: 'binary' },
  )
  await checkStored(context, stage, 'queues hold everything in place and order (JSON)', topic, sent)
  return sent
}

async function restartConsumer(
  { context, stage, client }: Traffic,
  before: readonly Sent[],
): Promise<void> {
  const { ledger } = await produce(stage, { client, name: 'after', topic, tags, plan: 'sync:1000' })
  const later = await readSent(ledger)
  const again = await ConsumerDriver.start(stage, {
    client,
    name: 'consumer-again',
    topic,
    group: 'InteropGroup',
  })
  await untilReceived([again], later.length)
  const received = await again.stop()
  const old = new Set(before.map((one) => one.uniqueKey))
  const repeated = received.filter((one) => old.has(one.uniqueKey)).length
  context.report.check(
    'committed offsets are honoured after a restart',
    repeated === 0,
    `${repeated} old messages came again`,
  )
  checkArrived(
    context,
    'a restarted consumer gets what came since',
    later,
    received.filter((one) => !old.has(one.uniqueKey)),
  )
}

async function retries({ context, stage, client }: Traffic): Promise<void> {
  const retryTopic = 'InteropRetry'
  await createTopic(stage.servers.ports.broker, retryTopic, 4)
  const consumer = await ConsumerDriver.start(stage, {
    client,
    name: 'consumer-retry',
    topic: retryTopic,
    group: 'InteropRetryGroup',
    retryEvery: 10,
  })
  const { ledger } = await produce(stage, {
    client,
    name: 'retry',
    topic: retryTopic,
    tags,
    keys: true,
    plan: 'sync:200',
  })
  const sent = await readSent(ledger)
  const sentBack = sent.filter((one) => one.sequence % 10 === 0)
  await untilReceived([consumer], sent.length + sentBack.length)
  const received = await consumer.stop()
  const secondTime = received.filter((one) => one.reconsumeTimes === 1)
  checkArrived(context, 'messages to be retried arrive', sent, received, {
    duplicatesAllowed: true,
  })
  checkArrived(context, 'RECONSUME_LATER brings them once more, unaltered', sentBack, secondTime)
}

async function autoCreated({ context, stage, client }: Traffic): Promise<void> {
  const newTopic = 'InteropAutoCreated'
  const { ledger, counts } = await produce(stage, {
    client,
    name: 'auto',
    topic: newTopic,
    plan: 'sync:100,batch:32',
  })
  const sent = await readSent(ledger)
  context.report.check(
    'sending creates an unknown topic',
    counts.failed === 0,
    `${counts.acknowledged} acknowledged`,
  )
  await checkStored(context, stage, 'the created topic holds everything', newTopic, sent)
}
