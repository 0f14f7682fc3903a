// SPDX-License-Identifier: Apache-2.0
// Lane: one set of brokers, Java's and ours, at a Java name server and at ours; both must say the same at every moment.

import { join } from 'node:path'
import { JavaAdmin } from '../drivers.ts'
import { lifeOf, noticesOf } from '../feigned-brokers.ts'
import { type Lane, type LaneContext, newFolder } from '../lane.ts'
import { inOrder } from '../in-order.ts'
import { differences } from '../mask.ts'
import { NameServerProcess } from '../name-servers.ts'
import { pickPorts } from '../ports.ts'
import { sleep, waitFor } from '../processes.ts'
import { disagreementAtRandom } from '../random-registrations.ts'
import { registeredBrokers } from '../requests.ts'
import { clusterName, Servers } from '../servers.ts'
import { lifeOfStoppedBroker, type Stopped } from '../stopped-brokers.ts'

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
      const stopped = stoppedBrokersGo(context, folder)
      // When the lane breaks off before, nobody waits for it.
      stopped.catch(() => undefined)
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
      await stopped
      await tablesAgree(context, sides)
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

interface Round {
  /** Asked of either name server, all at the same time: none may change what another one prints. */
  readonly lines: readonly string[]
  /** Sent to both name servers at once, before that. */
  readonly first?: readonly string[]
}

const cluster = `-c ${clusterName}`
const order = `${javaBroker}:4;${ourBroker}:4`

const rounds: readonly Round[] = [
  {
    first: [
      `updateTopic ${cluster} -t ${topic} -r 4 -w 6`,
      `updateTopic ${cluster} -t NamesrvGone -r 2 -w 2`,
    ],
    lines: [`topicRoute -t ${topic}`, `topicRoute -t ${topic} -l`, 'topicRoute -t NoSuchTopic'],
  },
  { lines: ['topicList', `topicClusterList -t ${topic}`, 'topicClusterList -t NoSuchTopic'] },
  { lines: ['clusterList', 'clusterList -m', `allocateMQ -t ${topic} -i 10.0.0.1,10.0.0.2`] },
  {
    lines: [`wipeWritePerm -b ${javaBroker}`, 'wipeWritePerm -b noSuchBroker', 'topicList -c'],
  },
  { lines: [`topicRoute -t ${topic}`] },
  { lines: [`wipeWritePerm -b ${ourBroker}`, `addWritePerm -b ${javaBroker}`] },
  { lines: [`topicRoute -t ${topic}`, 'addWritePerm -b noSuchBroker'] },
  { lines: [`addWritePerm -b ${ourBroker}`, 'updateKvConfig -s space -k key -v value'] },
  {
    lines: [
      'deleteKvConfig -s space -k key',
      'deleteKvConfig -s nowhere -k nothing',
      `updateOrderConf -m put -t ${topic} -v ${order}`,
    ],
  },
  {
    lines: [
      `updateOrderConf -m get -t ${topic}`,
      'updateOrderConf -m get -t NoSuchTopic',
      `topicRoute -t ${topic}`,
    ],
  },
  {
    lines: [
      'updateNamesrvConfig -k orderMessageEnable -v true',
      'updateNamesrvConfig -k waitSecondsForService -v 46',
      'updateNamesrvConfig -k serverWorkerThreads -v 9',
    ],
  },
  { lines: [`topicRoute -t ${topic}`, 'getNamesrvConfig'] },
  {
    lines: [
      `updateOrderConf -m delete -t ${topic}`,
      'updateNamesrvConfig -k waitSecondsForService -v soon',
      'updateNamesrvConfig -k noSuchKey -v 1',
    ],
  },
  {
    lines: [
      `topicRoute -t ${topic}`,
      'updateNamesrvConfig -k kvConfigPath -v /nowhere',
      'updateNamesrvConfig -k configBlackList -v none',
    ],
  },
  { lines: ['updateNamesrvConfig -k enableAllTopicList -v false'] },
  { lines: ['topicList', 'getNamesrvConfig'] },
  { lines: ['updateNamesrvConfig -k enableAllTopicList -v true'] },
  { first: [`deleteTopic ${cluster} -t NamesrvGone`], lines: ['topicList'] },
]

const randomSteps = 500

/** A command of mqadmin takes up to 3 s to end, whatever it does: several run at a time. */
const adminsPerSide = 3

async function commandsAgree(
  context: LaneContext,
  folder: string,
  sides: readonly Side[],
  addresses: string,
): Promise<void> {
  const admins = await Promise.all(
    Array.from({ length: sides.length * adminsPerSide }, () =>
      JavaAdmin.start(context.java, folder),
    ),
  )
  const print = async (line: string, index: number): Promise<[string[], string[]]> => {
    const [java = [], ours = []] = await Promise.all(
      sides.map(async (side, at) => {
        const admin = admins[at * adminsPerSide + index]
        return masked(line, side, (await admin?.run(`${line} -n ${side.server.address}`)) ?? [])
      }),
    )
    return [java, ours]
  }
  for (const { first = [], lines } of rounds) {
    for (const line of first) await admins[0]?.run(`${line} -n ${addresses}`)
    // Brokers tell the name servers in their own time.
    if (first.length > 0) await sleep(500)
    const printed = await Promise.all(lines.map(print))
    for (const [index, line] of lines.entries()) {
      const [java, ours] = printed[index] ?? [[], ['nothing was asked']]
      const found = differences(java, ours)
      context.report.check(line, found.length === 0, found.join('\n'))
    }
  }
  await Promise.all(admins.map((one) => one.close()))
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

/** Each leaves by another time-out: Java's promises one and sends heartbeats, ours leaves a connection without traffic. */
async function stoppedBrokersGo(context: LaneContext, folder: string): Promise<void> {
  const { built, java, ours } = context
  const common = { built, java, namesrv: ours }
  const [javas, own] = await Promise.all([
    lifeOfStoppedBroker({
      ...common,
      broker: 'java',
      folder: join(folder, 'stopped-java'),
      namesrvConfig: { scanNotActiveBrokerInterval: '500' },
      brokerConfig: {
        enableSlaveActingMaster: 'true',
        skipPreOnline: 'true',
        brokerHeartbeatInterval: '500',
        brokerNotActiveTimeoutMillis: '4000',
      },
      wellMs: 6000,
    }),
    lifeOfStoppedBroker({
      ...common,
      broker: ours,
      folder: join(folder, 'stopped-ours'),
      namesrvConfig: { serverChannelMaxIdleTimeSeconds: '12' },
      brokerConfig: {},
      wellMs: 14_000,
    }),
  ])
  // It was last heard of up to a heartbeat, or up to a registration, before.
  checkStopped(context, 'Java’s broker', javas, [3000, 7000])
  checkStopped(context, 'our broker', own, [1500, 15_000])
}

function checkStopped(
  { report }: LaneContext,
  name: string,
  stopped: Stopped,
  [leastMs, mostMs]: readonly [number, number],
): void {
  const { stayed, goneAfterStopMs, backAfterContinueMs, goneAfterKillMs } = stopped
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
  report.check(`${name} stays as long as it is heard of`, stayed)
  report.check(
    `${name}, stopped with SIGSTOP, leaves after the configured time`,
    goneAfterStopMs >= leastMs && goneAfterStopMs <= mostMs,
    seconds(goneAfterStopMs),
  )
  report.check(
    `${name}, going on, is back with its next registration`,
    backAfterContinueMs < 20_000,
    seconds(backAfterContinueMs),
  )
  report.check(
    `${name}, killed with SIGKILL, leaves at once`,
    goneAfterKillMs < 1500,
    seconds(goneAfterKillMs),
  )
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

/** Another seed with each run, so that every run sees something new; it is printed with a failure. */
async function tablesAgree(context: LaneContext, sides: readonly Side[]): Promise<void> {
  const [java, ours] = sides.map(({ server }) => server.port)
  if (java === undefined || ours === undefined) return
  const seed = Date.now() % 2 ** 31
  const found = await disagreementAtRandom([java, ours], seed, randomSteps)
  context.report.check(
    `the tables agree after each of ${randomSteps} random steps`,
    found.length === 0,
    [`seed ${seed}`, ...found].join('\n'),
  )
}
