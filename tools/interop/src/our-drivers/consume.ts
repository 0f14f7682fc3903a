// SPDX-License-Identifier: Apache-2.0
// Push consumer driver on our client: the commands, output and ledger of the Java driver Consume.

import { createInterface } from 'node:readline'
import { PushConsumer } from '@rocketmq-ts/client'
import { bodyHash, LedgerWriter } from './ledger-writer.ts'
import { DriverOptions } from './options.ts'

const options = new DriverOptions(process.argv.slice(2))
const ledger = new LedgerWriter(options.text('ledger'))
const retryEvery = options.number('retry-every', 0)
let received = 0

const consumer = new PushConsumer({
  namesrvAddr: options.text('namesrv'),
  group: options.text('group'),
  instanceName: options.text('instance'),
  serializeType: options.text('serialize', 'json') === 'binary' ? 'rocketmq' : 'json',
  subscriptions: Object.fromEntries(
    options.list('topic').map((topic) => [topic, options.text('tags', '*')]),
  ),
  consumeFrom: 'FIRST_OFFSET',
  concurrency: options.number('threads', 4),
  pollNameServerIntervalMs: 1000,
  heartbeatBrokerIntervalMs: 2000,
  rebalanceIntervalMs: 2000,
})

await consumer.start((message) => {
  const { properties } = message
  ledger.line(
    'R',
    message.topic,
    message.msgId,
    message.offsetMsgId,
    message.queueId,
    message.queueOffset,
    message.reconsumeTimes,
    bodyHash(message.body),
    message.body.length,
    message.tags,
    message.keys.join(' '),
    properties['sequence'],
    '',
    properties['text'],
  )
  received++
  if (retryEvery === 0 || message.reconsumeTimes > 0) return 'consumed'
  return Number(properties['sequence']) % retryEvery === 0 ? { delayLevel: 1 } : 'consumed'
})
console.log('READY')

let last = ''
const progress = setInterval(() => {
  const queues = consumer.assignedQueues
    .filter(({ topic }) => !topic.startsWith('%'))
    .map(({ topic, queueId }) => `${topic}:${queueId}`)
    .sort()
  const now = `RECEIVED ${received} QUEUES ${queues.join(',')}`
  if (now !== last) console.log(now)
  last = now
}, 100)

const input = createInterface({ input: process.stdin })
input.on('line', (line) => {
  if (line === 'stop') input.close()
})
input.on('close', () => void stop())

async function stop(): Promise<void> {
  clearInterval(progress)
  await consumer.close()
  console.log(`DONE received=${received}`)
  process.exit(0)
}
