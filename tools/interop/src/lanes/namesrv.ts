// SPDX-License-Identifier: Apache-2.0
// Lane: one set of brokers, Java's and ours, at a Java name server and at ours; both must say the same at every moment.

import { join } from 'node:path'
import { JavaAdmin } from '../drivers.ts'
import { lifeOf, noticesOf } from '../feigned-brokers.ts'
import { type Lane, type LaneContext, newFolder } from '../lane.ts'
import { differences } from '../mask.ts'
import { NameServerProcess } from '../name-servers.ts'
import { pickPorts } from '../ports.ts'
import { sleep, waitFor } from '../processes.ts'
import { registeredBrokers } from '../requests.ts'
import { clusterName, Servers } from '../servers.ts'

const javaBroker = 'lane-java-broker'
const ourBroker = 'lane-our-broker'
const topic = 'NamesrvTopic'

interface Side {
  readonly name: 'Java' | 'ours'
  readonly server: NameServerProcess
  /** What is masked in its output. */
  readonly folder: string
}

export const namesrv: Lane = {
  name: 'namesrv',
  summary: 'the same brokers at a Java name server and at ours: the same text to every command',
  async run(context) {
    const folder = await newFolder(context, 'namesrv')
    const sides = await startSides(context, folder)
    const addresses = sides.map(({ server }) => server.address).join(';')
    try {
      // Needs no broker: runs beside their start.
      const life = lifeOfSilentBrokers(context, sides)
      const brokers = await startBrokers(context, folder, addresses)
      try {
        await untilBothKnow(sides)
        context.report.check('Java’s broker and ours are registered with both', true)
        await commandsAgree(context, folder, sides, addresses)
      } finally {
        await Promise.all(brokers.map((one) => one.close()))
      }
      await noticesAgree(context, sides)
      await life
    } finally {
      await Promise.all(sides.map(({ server }) => server.kill()))
    }
  },
}

async function startSides(context: LaneContext, folder: string): Promise<readonly Side[]> {
  const { built, java, ours } = context
  const kinds = [
    ['Java', 'java'],
    ['ours', ours],
  ] as const
  return await Promise.all(
    kinds.map(async ([name, kind]) => {
      const own = join(folder, `at-${name}`)
      const { namesrv: port } = await pickPorts()
      const options = { java, kind, folder: own, port, built }
      return { name, folder: own, server: await NameServerProcess.start(options) }
    }),
  )
}

async function startBrokers(
  context: LaneContext,
  folder: string,
  namesrvAddr: string,
): Promise<readonly Servers[]> {
  const { built, java, ours } = context
  const brokers = [
    [javaBroker, 'java'],
    [ourBroker, ours],
  ] as const
  return await Promise.all(
    brokers.map(async ([brokerName, kind]) => {
      const servers = await Servers.startNamesrvOnly({
        java,
        // Not used: the brokers are told of other name servers.
        namesrv: ours,
        broker: kind,
        brokerName,
        folder: join(folder, brokerName),
        built,
        brokerConfig: { namesrvAddr },
      })
      await servers.spawnBroker(kind)
      return servers
    }),
  )
}

async function untilBothKnow(sides: readonly Side[]): Promise<void> {
  for (const { name, server } of sides) {
    await waitFor(
      `both brokers are registered with the name server of ${name}`,
      async () => {
        const known = (await registeredBrokers(server.port)) ?? ''
        return known.includes(javaBroker) && known.includes(ourBroker)
      },
      60_000,
    )
  }
}

interface Command {
  readonly line: string
  /** Goes to both name servers at once, before the next is compared. */
  readonly both?: boolean
}

const cluster = `-c ${clusterName}`

const commands: readonly Command[] = [
  { line: `updateTopic ${cluster} -t ${topic} -r 4 -w 6`, both: true },
  { line: `updateTopic ${cluster} -t NamesrvGone -r 2 -w 2`, both: true },
  { line: `updateTopic ${cluster} -t NamesrvUnit -r 2 -w 2 -u true`, both: true },
  { line: `topicRoute -t ${topic}` },
  { line: `topicRoute -t ${topic} -l` },
  { line: 'topicRoute -t NoSuchTopic' },
  { line: 'topicList' },
  { line: `topicClusterList -t ${topic}` },
  { line: 'topicClusterList -t NoSuchTopic' },
  { line: `allocateMQ -t ${topic} -i 10.0.0.1,10.0.0.2` },
  { line: 'clusterList' },
  { line: 'clusterList -m' },
  { line: `wipeWritePerm -b ${javaBroker}` },
  { line: `topicRoute -t ${topic}` },
  { line: `wipeWritePerm -b ${ourBroker}` },
  { line: `addWritePerm -b ${javaBroker}` },
  { line: `addWritePerm -b ${ourBroker}` },
  { line: `topicRoute -t ${topic}` },
  { line: 'wipeWritePerm -b noSuchBroker' },
  { line: 'addWritePerm -b noSuchBroker' },
  { line: 'updateKvConfig -s space -k key -v value' },
  { line: 'deleteKvConfig -s space -k key' },
  { line: 'deleteKvConfig -s nowhere -k nothing' },
  { line: `updateOrderConf -m put -t ${topic} -v ${javaBroker}:4;${ourBroker}:4` },
  { line: `updateOrderConf -m get -t ${topic}` },
  { line: `updateOrderConf -m get -t NoSuchTopic` },
  { line: `topicRoute -t ${topic}` },
  { line: 'updateNamesrvConfig -k orderMessageEnable -v true' },
  { line: `topicRoute -t ${topic}` },
  { line: `updateOrderConf -m delete -t ${topic}` },
  { line: `topicRoute -t ${topic}` },
  { line: 'getNamesrvConfig' },
  { line: 'updateNamesrvConfig -k waitSecondsForService -v 46' },
  { line: 'updateNamesrvConfig -k waitSecondsForService -v soon' },
  { line: 'updateNamesrvConfig -k serverWorkerThreads -v 9' },
  { line: 'updateNamesrvConfig -k noSuchKey -v 1' },
  { line: 'updateNamesrvConfig -k kvConfigPath -v /nowhere' },
  { line: 'updateNamesrvConfig -k configBlackList -v none' },
  { line: 'getNamesrvConfig' },
  { line: 'updateNamesrvConfig -k enableAllTopicList -v false' },
  { line: 'topicList' },
  { line: 'updateNamesrvConfig -k enableAllTopicList -v true' },
  { line: 'updateNamesrvConfig -k needWaitForService -v true' },
  { line: `deleteTopic ${cluster} -t NamesrvGone`, both: true },
  { line: 'topicList' },
]

async function commandsAgree(
  context: LaneContext,
  folder: string,
  sides: readonly Side[],
  addresses: string,
): Promise<void> {
  const mqadmin = await Promise.all(sides.map(() => JavaAdmin.start(context.java, folder)))
  for (const { line, both } of commands) {
    if (both === true) {
      await mqadmin[0]?.run(`${line} -n ${addresses}`)
      // Brokers tell the name servers in their own time.
      await sleep(500)
      continue
    }
    const [java = [], ours = []] = await Promise.all(
      sides.map(async (side, index) => {
        const printed = (await mqadmin[index]?.run(`${line} -n ${side.server.address}`)) ?? []
        return masked(line, side, printed)
      }),
    )
    const found = differences(java, ours)
    context.report.check(line, found.length === 0, found.join('\n'))
  }
  await Promise.all(mqadmin.map((one) => one.close()))
}

/** Times of processes, rates and loads. */
const fraction = /(?<![\d.])\d+\.\d+(?![\d.])/g

function masked(line: string, side: Side, printed: readonly string[]): string[] {
  const command = line.split(' ')[0] ?? ''
  const lines = printed
    // Where a Java program noticed what it prints.
    .filter((text) => !/^\s+(at |\.\.\. )/.test(text) && !text.startsWith('rocketmqHome '))
    .map((text) =>
      text
        .replaceAll(side.folder, '<folder>')
        .replaceAll(new RegExp(`\\b${side.server.port}\\b`, 'g'), '<port>')
        .trimEnd(),
    )
  if (command === 'clusterList') {
    return lines.map((text) => text.replaceAll(fraction, '#').replaceAll(/ +/g, ' '))
  }
  // Both are printed in the order of a hash table.
  if (command === 'topicList' || command === 'getNamesrvConfig') return lines.toSorted()
  return command === 'topicRoute' ? withoutHashOrder(lines) : lines
}

/** A route as printed, with its lists in the order of their text: Java lists brokers in the order of a hash table. */
function withoutHashOrder(lines: string[]): string[] {
  try {
    const route: unknown = JSON.parse(lines.join('\n').replaceAll(/([{,]\s*)(\d+):/g, '$1"$2":'))
    return JSON.stringify(inOrder(route), undefined, 1).split('\n')
  } catch {
    return lines.toSorted()
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, inOrder(one)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** A broker that is silent for longer than it promised goes, one that only sends heartbeats stays, on either side. */
async function lifeOfSilentBrokers(context: LaneContext, sides: readonly Side[]): Promise<void> {
  const lives = await Promise.all(
    sides.map(async ({ name, server }) => ({ name, ...(await lifeOf(server.port)) })),
  )
  for (const { name, silentGoneMs, slowStays } of lives) {
    const seconds = (silentGoneMs / 1000).toFixed(1)
    // Looked at every 5 s; and this machine may be busy.
    const inTime = silentGoneMs >= 2000 && silentGoneMs <= 8500
    context.report.check(`${name}: a silent broker goes after its time`, inTime, `${seconds} s`)
    context.report.check(`${name}: a slow broker stays`, slowStays)
  }
}

/** Brokers that only listen: what each name server tells them of the smallest id must be the same. */
async function noticesAgree(context: LaneContext, sides: readonly Side[]): Promise<void> {
  const [java = [], ours = []] = await Promise.all(
    sides.map(({ server }) => noticesOf(server.port)),
  )
  const found = differences(java, ours)
  context.report.check(
    'brokers are told of a new smallest id in the same words',
    found.length === 0 && java.length > 0,
    [`${java.length} notices`, ...found].join('\n'),
  )
}
