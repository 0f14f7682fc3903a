// SPDX-License-Identifier: Apache-2.0
// Lane: Java's mqadmin against Java servers and against ours; what it prints must be the same.

import { setTimeout } from 'node:timers/promises'
import { JavaAdmin, ConsumerDriver, type Stage } from '../drivers.ts'
import { type Lane, type LaneContext, withServers } from '../lane.ts'
import { differences, maskOutput } from '../mask.ts'
import { pickPorts, type Ports } from '../ports.ts'
import { waitFor } from '../processes.ts'
import { sendOne } from '../requests.ts'
import { clusterName, type ServerKind } from '../servers.ts'
import { Caller } from '../wire.ts'

const topic = 'AdminTopic'
const group = 'AdminGroup'
const queues = 4
const perQueue = 5

interface Step {
  readonly command: string
  /** Done before the command, on either side. */
  readonly before?: (stage: Stage) => Promise<void>
}

function steps(ports: Ports): Step[] {
  const namesrv = `-n 127.0.0.1:${ports.namesrv}`
  const broker = `-b 127.0.0.1:${ports.broker}`
  const cluster = `-c ${clusterName}`
  return [
    { command: `updateTopic ${namesrv} ${broker} -t ${topic} -r ${queues} -w ${queues}` },
    { command: `updateTopic ${namesrv} ${cluster} -t AdminByCluster -r 8 -w 6 -p 4` },
    { command: `updateTopic ${namesrv} ${cluster} -t bad*name` },
    { command: `topicRoute ${namesrv} -t ${topic}` },
    { command: `topicRoute ${namesrv} -t AdminByCluster` },
    { command: `topicRoute ${namesrv} -t ${topic} -l` },
    { command: `topicRoute ${namesrv} -t NoSuchTopic` },
    { command: `topicList ${namesrv}`, before: fill },
    { command: `topicList ${namesrv} -c` },
    { command: `topicClusterList ${namesrv} -t ${topic}` },
    { command: `clusterList ${namesrv}` },
    { command: `clusterList ${namesrv} -m` },
    { command: `topicStatus ${namesrv} -t ${topic}` },
    { command: `topicStatus ${namesrv} -t NoSuchTopic` },
    { command: `brokerStatus ${namesrv} ${broker}` },
    { command: `brokerStatus ${namesrv} ${cluster}` },
    { command: `getBrokerConfig ${namesrv} ${broker}` },
    { command: `consumerProgress ${namesrv} -g ${group}` },
    { command: `consumerProgress ${namesrv}` },
    { command: `consumerProgress ${namesrv} -g NoSuchGroup` },
    { command: `queryMsgByKey ${namesrv} -t ${topic} -k order-1`, before: sendKeyed },
    { command: `queryMsgByKey ${namesrv} -t ${topic} -k all` },
    { command: `queryMsgByKey ${namesrv} -t ${topic} -k all -m 2` },
    { command: `queryMsgByKey ${namesrv} -t ${topic} -k none` },
    { command: `queryMsgByKey ${namesrv} -t ${topic} -k all -b 1000 -e 2000` },
    { command: `queryMsgByUniqueKey ${namesrv} -t ${topic} -i ${keyed(2)}` },
    { command: `queryMsgByUniqueKey ${namesrv} -t ${topic} -i ${keyed(9)}` },
    { command: `cleanExpiredCQ ${namesrv} ${broker}` },
    { command: `cleanUnusedTopic ${namesrv} ${broker}` },
    { command: `deleteExpiredCommitLog ${namesrv} ${broker}` },
    { command: `deleteTopic ${namesrv} ${cluster} -t AdminByCluster` },
    { command: `topicRoute ${namesrv} -t AdminByCluster` },
    { command: `topicList ${namesrv}` },
    { command: `noSuchCommand ${namesrv}` },
  ]
}

export const admin: Lane = {
  name: 'admin',
  summary: 'mqadmin prints the same for our servers as for Java’s',
  async run(context) {
    // The same ports for both, one after the other: addresses then need no masking.
    const ports = await pickPorts()
    const java = await answers(context, 'java', ports)
    const ours = await answers(context, context.ours, ports)
    for (const [command, expected] of java) {
      const found = differences(expected, ours.get(command) ?? [])
      context.report.check(command.replace(/ -n \S+/, ''), found.length === 0, found.join('\n'))
    }
  },
}

async function answers(
  context: LaneContext,
  kind: ServerKind,
  ports: Ports,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  context.report.say(`${kind} servers: ${steps(ports).length} commands`)
  await withServers(
    context,
    `admin-${kind}`,
    { namesrv: kind, broker: kind, ports },
    async (stage) => {
      const mqadmin = await JavaAdmin.start(context.java, stage.folder)
      for (const { command, before } of steps(ports)) {
        await before?.(stage)
        const name = found.has(command) ? `${command} (again)` : command
        const printed = await mqadmin.run(command)
        found.set(name, maskOutput(command.split(' ')[0] ?? '', stage.folder, printed))
      }
      await mqadmin.close()
    },
  )
  return found
}

/** A unique key of fixed length. */
function keyed(number: number): string {
  return `7F00000100002A139A9900000000000${number}`
}

/** Messages with keys, a unique key and a tag. */
async function sendKeyed(stage: Stage): Promise<void> {
  const caller = await Caller.open(stage.servers.ports.broker)
  for (let i = 0; i < 4; i++) {
    const properties = `KEYS\u0001order-${i} all\u0002UNIQ_KEY\u0001${keyed(i)}\u0002TAGS\u0001a`
    await sendOne(caller, topic, i, `keyed ${i}`, 5000, properties)
  }
  caller.close()
  await setTimeout(1000)
}

/** Known messages in each queue, all of them consumed by a group that has gone again. */
async function fill(stage: Stage): Promise<void> {
  const caller = await Caller.open(stage.servers.ports.broker)
  for (let queueId = 0; queueId < queues; queueId++) {
    for (let i = 0; i < perQueue + queueId; i++) {
      await sendOne(caller, topic, queueId, `message ${i}`)
    }
  }
  caller.close()
  const count = queues * perQueue + 6
  const consumer = await ConsumerDriver.start(stage, { name: 'admin-consumer', topic, group })
  await waitFor('the consumer has everything', () => consumer.received >= count, 60_000)
  await consumer.stop()
}
