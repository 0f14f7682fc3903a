// SPDX-License-Identifier: Apache-2.0
// The few requests that the harness itself makes: is a server ready, create a topic, how much is in a queue.

import { randomBytes } from 'node:crypto'
import { type Answer, Caller, callOnce } from './wire.ts'

const SEND_MESSAGE = 10
const GET_MAX_OFFSET = 30
const UPDATE_AND_CREATE_TOPIC = 17
const VIEW_MESSAGE_BY_ID = 33
const GET_ROUTE = 105
const GET_CLUSTER_INFO = 106

/** Names of the brokers that the name server knows; undefined while it does not answer. */
export async function registeredBrokers(namesrvPort: number): Promise<string | undefined> {
  try {
    return (await callOnce(namesrvPort, GET_CLUSTER_INFO)).body.toString()
  } catch {
    return undefined
  }
}

/** Whether the name server has a route for the topic. */
export async function hasRoute(namesrvPort: number, topic: string): Promise<boolean> {
  try {
    return (await callOnce(namesrvPort, GET_ROUTE, { topic })).code === 0
  } catch {
    return false
  }
}

export async function createTopic(
  brokerPort: number,
  topic: string,
  queues: number,
  attributes = '',
): Promise<void> {
  const answer = await callOnce(brokerPort, UPDATE_AND_CREATE_TOPIC, {
    topic,
    defaultTopic: 'TBW102',
    readQueueNums: String(queues),
    writeQueueNums: String(queues),
    perm: '6',
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: '0',
    order: 'false',
    attributes,
  })
  expectSuccess(answer, `create topic ${topic}`)
}

/** The sum of the queues' end offsets. */
export async function storedMessages(
  brokerPort: number,
  topic: string,
  queues: number,
): Promise<number> {
  const caller = await Caller.open(brokerPort)
  try {
    const answers = await Promise.all(
      Array.from({ length: queues }, (_, queueId) =>
        caller.call(GET_MAX_OFFSET, { topic, queueId: String(queueId) }),
      ),
    )
    let sum = 0
    for (const answer of answers) {
      expectSuccess(answer, `max offset of ${topic}`)
      sum += Number(answer.fields['offset'])
    }
    return sum
  } finally {
    caller.close()
  }
}

function expectSuccess(answer: Answer, what: string): void {
  if (answer.code !== 0) throw new Error(`${what}: code ${answer.code}: ${answer.remark ?? ''}`)
}

/** The sysFlag of a stored record, found by the id that tells its place in the log. */
export async function storedSysFlag(brokerPort: number, offsetMsgId: string): Promise<number> {
  // Address and port, then the offset, in hexadecimal.
  const offset = BigInt(`0x${offsetMsgId.slice(-16)}`)
  const answer = await callOnce(brokerPort, VIEW_MESSAGE_BY_ID, { offset: String(offset) })
  expectSuccess(answer, `view the message at ${offset}`)
  // Behind size, magic, checksum, queue id, flag and two offsets.
  return answer.body.readInt32BE(36)
}

/** Stores one message of known content in a known queue. */
export async function sendOne(
  caller: Caller,
  topic: string,
  queueId: number,
  body: string,
  timeoutMs = 5000,
  // With a key of its own: one made by the broker is longer where it has an IPv6 address only.
  properties: string = `UNIQ_KEY\u0001${randomBytes(16).toString('hex').toUpperCase()}`,
): Promise<Answer> {
  const answer = await caller.call(
    SEND_MESSAGE,
    {
      producerGroup: 'InteropHarness',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: '4',
      queueId: String(queueId),
      sysFlag: '0',
      bornTimestamp: String(Date.now()),
      flag: '0',
      properties,
      reconsumeTimes: '0',
      unitMode: 'false',
      batch: 'false',
    },
    Buffer.from(body),
    timeoutMs,
  )
  expectSuccess(answer, `send to ${topic}`)
  return answer
}
