// SPDX-License-Identifier: Apache-2.0
// Lane: stores of either broker are damaged, repaired by our toolbox and opened by Java's broker, whose consumers get everything else.

import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsumerDriver, produce, readBack, type Stage, untilReceived } from '../drivers.ts'
import { repositoryRoot } from '../java.ts'
import { checkArrived, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent, type Sent } from '../ledger.ts'
import { sleep } from '../processes.ts'
import { createTopic } from '../requests.ts'
import type { ServerKind } from '../servers.ts'

const topic = 'InteropRepair'
const LOG_FILE_BYTES = 256 * 1024
/** In the body of any message of this lane: a record's body begins at byte 88. */
const IN_BODY = 90
/** Long enough for the queues to have everything. */
const SETTLE_MS = 1000

export const repair: Lane = {
  name: 'repair',
  summary:
    'stores of both brokers, damaged and repaired by our toolbox, are read to the end by Java',
  async run(context) {
    const brokerConfig = {
      mappedFileSizeCommitLog: String(LOG_FILE_BYTES),
      mappedFileSizeConsumeQueue: String(20 * 1000),
      maxHashSlotNum: '1000',
      maxIndexNum: '4000',
    }
    const options = { namesrv: context.ours, broker: context.ours, brokerConfig }
    await withServers(context, 'repair', options, async (stage) => {
      await createTopic(stage.servers.ports.broker, topic, 2)
      const sent: Sent[] = []
      const damaged = new Set<Sent>()
      for (const writer of [context.ours, 'java'] as const) {
        await round(context, stage, { writer, sent, damaged })
      }
    })
  },
}

interface Round {
  readonly writer: ServerKind
  /** Everything that was ever sent, and what of it has been damaged. */
  readonly sent: Sent[]
  readonly damaged: Set<Sent>
}

/** What the running broker writes is damaged when it is dead, and a Java broker takes over. */
async function round(context: LaneContext, stage: Stage, state: Round): Promise<void> {
  const { report } = context
  const { writer, sent, damaged } = state
  const part = await add(stage, `written-by-${writer}`)
  sent.push(...part)
  await sleep(SETTLE_MS)
  await stage.servers.killBroker()

  for (const message of victims(sent, damaged)) {
    await writeInLog(stage, logOffsetOf(message) + IN_BODY, Buffer.from('damaged!'))
    damaged.add(message)
  }
  await tearTail(stage, sent)
  const { code, text } = await storeRepair(stage)
  const repaired = `what a killed ${writer} broker wrote is repaired`
  report.check(`${repaired}, ${damaged.size} bodies damaged`, code === 0 || code === 3, text)

  await stage.servers.startBroker('java')
  // Behind the repaired end Java goes on.
  sent.push(...(await add(stage, `behind-${writer}`)))
  const sound = sent.filter((message) => !damaged.has(message))
  const consumer = await ConsumerDriver.start(stage, {
    name: `consumer-${writer}`,
    group: `InteropRepair_${writer}`,
    topic,
  })
  await untilReceived([consumer], sound.length, 8000)
  const what = `Java's consumer gets all undamaged messages from Java's broker, ${writer} writing`
  // In the place of a lost message of the first log file the next one comes twice.
  const duplicatesAllowed = true
  checkArrived(context, what, sound, await consumer.stop(), { duplicatesAllowed })
  if (writer !== 'java') return
  const { messages } = await readBack(stage, topic)
  checkArrived(context, `and so does its pull client`, sound, messages, { duplicatesAllowed })
}

async function add(stage: Stage, name: string): Promise<Sent[]> {
  const { ledger } = await produce(stage, {
    name,
    topic,
    tags: ['TagA', 'TagB'],
    keys: true,
    bodyBytes: [200, 1500],
    plan: 'sync:500',
    threads: 2,
  })
  return await readSent(ledger)
}

/** Of each queue: its very first message, one in the middle of the first log file, two neighbours in a later one. */
function victims(sent: readonly Sent[], damaged: ReadonlySet<Sent>): Sent[] {
  const found = new Set<Sent>()
  for (const queueId of new Set(sent.map((one) => one.queueId))) {
    const queue = sent
      .filter((one) => one.queueId === queueId && !damaged.has(one))
      .toSorted((a, b) => a.queueOffset - b.queueOffset)
    const inFirst = queue.filter((one) => logOffsetOf(one) < LOG_FILE_BYTES / 2)
    const later = queue.findIndex((one) => logOffsetOf(one) > 1.5 * LOG_FILE_BYTES)
    for (const at of [
      0,
      Math.floor(inFirst.length / 2),
      later + damaged.size,
      later + damaged.size + 1,
    ]) {
      const message = queue[at]
      if (message !== undefined) found.add(message)
    }
  }
  return [...found]
}

/** The id of a message says where it lies. */
function logOffsetOf({ offsetMsgId }: Sent): number {
  return Number(`0x${offsetMsgId.slice(-16)}`)
}

/** Half a record where the log ends, as a broker leaves it that dies while it writes. */
async function tearTail(stage: Stage, sent: readonly Sent[]): Promise<void> {
  const folder = join(stage.servers.storeFolder, 'commitlog')
  const last = Math.max(...sent.map(logOffsetOf))
  const start = last - (last % LOG_FILE_BYTES)
  const file = await readFile(join(folder, fileName(start)))
  const bytes = file.readInt32BE(last - start)
  const end = last + bytes
  if (end + bytes > start + LOG_FILE_BYTES) return
  const half = Buffer.from(file.subarray(last - start, last - start + Math.floor(bytes / 2)))
  half.writeBigInt64BE(BigInt(end), 28)
  await writeInLog(stage, end, half)
}

async function writeInLog(stage: Stage, offset: number, bytes: Buffer): Promise<void> {
  const start = offset - (offset % LOG_FILE_BYTES)
  const path = join(stage.servers.storeFolder, 'commitlog', fileName(start))
  const file = await open(path, 'r+')
  try {
    await file.write(bytes, 0, bytes.length, offset - start)
  } finally {
    await file.close()
  }
}

function fileName(start: number): string {
  return String(start).padStart(20, '0')
}

/** Runs the command as an operator does. */
async function storeRepair(stage: Stage): Promise<{ code: number | null; text: string }> {
  const script = join(repositoryRoot, 'apps/mqadmin/src/main.ts')
  const args = [script, 'storeRepair', '-d', stage.servers.storeFolder, '-y']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const texts: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => texts.push(data.toString()))
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, text: texts.join('').trimEnd() }
}
