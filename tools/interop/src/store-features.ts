// SPDX-License-Identifier: Apache-2.0
// Messages that a store keeps in ways of their own, put in by raw requests, and the settings under which it does.

import { randomBytes } from 'node:crypto'
import { createTopic } from './requests.ts'
import { Caller, type Fields } from './wire.ts'

const SEND_MESSAGE = 10
const PREPARED = 4

/** Its records are read from Java's compaction log, so only its bounds agree. */
export const compactedTopic = 'InteropCompacted'

/** Settings of the mixed store. */
export const mixedSettings: Fields = {
  // Two directories that take the files of the log in turn; seen from the working folder of the servers.
  storePathCommitLog: 'store/commitlog-a,store/commitlog-b',
  // Recovery refuses records whose checksum over everything is wrong or missing.
  enabledAppendPropCRC: 'true',
  forceVerifyPropCRC: 'true',
  // A killed broker's index is built again from the log. Without this Java gives up what the last index file held.
  messageIndexSafe: 'true',
  // Half messages and delayed ones stay what they are as long as the lane runs.
  transactionCheckInterval: '86400000',
  timerWheelEnable: 'true',
}

/** Topics that the messages of {@link putSpecial} need. */
export async function createSpecialTopics(brokerPort: number): Promise<void> {
  await createTopic(brokerPort, compactedTopic, 1, '+cleanup.policy=COMPACTION')
}

/** A delayed message and one of a compacted topic. */
export async function putSpecial(brokerPort: number, topic: string, turn: number): Promise<void> {
  await withCaller(brokerPort, async (caller) => {
    await send(caller, topic, `turn ${turn}`, { KEYS: `delay${turn}`, DELAY: '18' })
    await send(caller, compactedTopic, `turn ${turn}`, { KEYS: `compacted${turn % 2}` })
  })
}

/** A half message whose producer never comes back; only Java takes one. */
export async function putHalf(brokerPort: number, topic: string, turn: number): Promise<void> {
  const properties = { KEYS: `half${turn}`, TRAN_MSG: 'true', PGROUP: 'InteropHarness' }
  await withCaller(brokerPort, (caller) => send(caller, topic, 'half', properties, PREPARED))
}

/** A message for the timer wheel; only Java takes one. */
export async function putTimed(brokerPort: number, topic: string, turn: number): Promise<void> {
  const properties = { KEYS: `timed${turn}`, TIMER_DELAY_SEC: '86400' }
  await withCaller(brokerPort, (caller) => send(caller, topic, 'timed', properties))
}

async function withCaller(port: number, work: (caller: Caller) => Promise<void>): Promise<void> {
  const caller = await Caller.open(port)
  try {
    await work(caller)
  } finally {
    caller.close()
  }
}

async function send(
  caller: Caller,
  topic: string,
  body: string,
  properties: Fields,
  sysFlag = 0,
): Promise<void> {
  const all = { ...properties, UNIQ_KEY: randomBytes(16).toString('hex').toUpperCase() }
  const answer = await caller.call(
    SEND_MESSAGE,
    {
      producerGroup: 'InteropHarness',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: '4',
      queueId: '0',
      sysFlag: String(sysFlag),
      bornTimestamp: String(Date.now()),
      flag: '0',
      properties: Object.entries(all)
        .map(([name, value]) => `${name}\u0001${value}\u0002`)
        .join(''),
      reconsumeTimes: '0',
      unitMode: 'false',
      batch: 'false',
    },
    Buffer.from(body),
  )
  if (answer.code !== 0) {
    throw new Error(`send to ${topic}: code ${answer.code}: ${answer.remark ?? ''}`)
  }
}
