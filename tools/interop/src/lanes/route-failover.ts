// SPDX-License-Identifier: Apache-2.0
// Lane: three of our name servers, killed under load, two of them in every order; then all three.

import { join } from 'node:path'
import { ConsumerDriver, produce, ProducerDriver, type Stage, untilReceived } from '../drivers.ts'
import { checkArrived, type Lane, type LaneContext, withServers } from '../lane.ts'
import { readSent } from '../ledger.ts'
import { NameServerProcess } from '../name-servers.ts'
import { pickPorts } from '../ports.ts'
import { sleep, waitFor } from '../processes.ts'
import { createTopic, hasRoute } from '../requests.ts'

const topic = 'FailoverTopic'
const queues = 4
/** Clients of this lane ask for routes every second instead of every 30. */
const pollMs = 1000
/** Time for a poll that meets a dead name server, waits for it, and goes on to the next. */
const settleMs = 4000

export const routeFailover: Lane = {
  name: 'route-failover',
  summary: 'three name servers, killed in turn under load: nobody notices',
  async run(context) {
    const nameServers = await startThree(context)
    const namesrvAddr = nameServers.map(({ address }) => address).join(';')
    try {
      const ports = await pickPorts()
      // The stage's own is told to the broker only, so that the stage knows when it is up.
      const brokerConfig = {
        namesrvAddr: `${namesrvAddr};127.0.0.1:${ports.namesrv}`,
        registerNameServerPeriod: '10000',
      }
      const { ours } = context
      await withServers(
        context,
        'route-failover',
        { namesrv: ours, broker: ours, ports, brokerConfig },
        (stage) => underLoad(context, stage, nameServers, namesrvAddr),
      )
    } finally {
      await Promise.all(nameServers.map((one) => one.kill()))
    }
  },
}

async function startThree(context: LaneContext): Promise<readonly NameServerProcess[]> {
  const { built, java, ours: kind, scratch } = context
  const started: NameServerProcess[] = []
  for (const index of [0, 1, 2]) {
    const { namesrv: port } = await pickPorts()
    const folder = join(scratch, `name-server-${index}`)
    started.push(await NameServerProcess.start({ java, kind, folder, port, built }))
  }
  return started
}

async function underLoad(
  context: LaneContext,
  stage: Stage,
  nameServers: readonly NameServerProcess[],
  namesrv: string,
): Promise<void> {
  const [first, second, third] = nameServers
  if (first === undefined || second === undefined || third === undefined) return
  await createTopic(stage.servers.ports.broker, topic, queues)
  await untilRoute(nameServers, topic)
  const clients = ['java', 'ours'] as const
  const consumers = await Promise.all(
    clients.map((client) =>
      ConsumerDriver.start(stage, {
        client,
        name: `consumer-${client}`,
        topic,
        group: `Failover_${client}`,
        namesrv,
      }),
    ),
  )
  const producers = await Promise.all(
    clients.map((client) =>
      ProducerDriver.start(stage, {
        client,
        name: `producer-${client}`,
        topic,
        namesrv,
        pollMs,
        plan: 'sync:0',
        threads: 1,
        bodyBytes: [64, 128],
      }),
    ),
  )
  const goesOn = async (what: string): Promise<void> => {
    const before = producers.map(({ counts }) => counts.acknowledged)
    const receivedBefore = consumers.map(({ received }) => received)
    await sleep(settleMs)
    const moved = [
      ...producers.map(({ counts }, i) => counts.acknowledged - (before[i] ?? 0)),
      ...consumers.map(({ received }, i) => received - (receivedBefore[i] ?? 0)),
    ]
    const failed = producers.reduce((sum, { counts }) => sum + counts.failed, 0)
    const figures = `Java and ours sent ${moved.slice(0, 2).join(' and ')}, received ${moved.slice(2).join(' and ')}, ${failed} failed`
    context.report.check(what, failed === 0 && moved.every((count) => count > 0), figures)
  }

  await goesOn('all three are there')
  await first.kill()
  await goesOn('the first is killed')
  await newcomers(context, stage, 'one is dead', namesrv, [second, third])
  await second.kill()
  await goesOn('the first and the second are dead')
  await newcomers(context, stage, 'two are dead', namesrv, [third])
  await first.restart()
  await untilRoute([first], topic)
  context.report.check('the broker is at the first again', true)
  await third.kill()
  await goesOn('the second and the third are dead')
  await newcomers(context, stage, 'two others are dead', namesrv, [first])
  await first.kill()
  await goesOn('all are dead: the known routes serve')

  const counts = await Promise.all(producers.map((one) => one.stop()))
  context.report.check(
    'no send failed',
    counts.every(({ failed }) => failed === 0),
  )
  const sent = await readSent(...producers.map(({ ledger }) => ledger))
  for (const consumer of consumers) await untilReceived([consumer], sent.length, 10_000)
  for (const [index, consumer] of consumers.entries()) {
    const name = clients[index] === 'java' ? 'Java’s' : 'our'
    checkArrived(context, `${name} consumer got everything`, sent, await consumer.stop(), {
      duplicatesAllowed: true,
    })
  }
}

/** Clients that start now, with the dead in their list, and a topic that nobody has asked for yet. */
async function newcomers(
  context: LaneContext,
  stage: Stage,
  when: string,
  namesrv: string,
  alive: readonly NameServerProcess[],
): Promise<void> {
  const fresh = `Failover_${when.replaceAll(' ', '_')}`
  await createTopic(stage.servers.ports.broker, fresh, queues)
  await untilRoute(alive, fresh)
  const runs = await Promise.all(
    (['java', 'ours'] as const).map((client) =>
      produce(stage, {
        client,
        name: `new-${client}-${fresh}`,
        topic: fresh,
        namesrv,
        plan: 'sync:20',
        threads: 1,
      }),
    ),
  )
  const figures = runs.map(({ counts }) => `${counts.acknowledged} sent, ${counts.failed} failed`)
  const [java, ours] = runs.map(({ counts }) => counts.failed)
  // A Java producer without any route gives a send up when the name server it happens to try is dead, then tries the next.
  const javaMayFail = 3 - alive.length
  context.report.check(
    `new producers find a new topic while ${when}`,
    ours === 0 && java !== undefined && java <= javaMayFail,
    `Java ${figures.join('; ours ')}`,
  )
}

async function untilRoute(servers: readonly NameServerProcess[], name: string): Promise<void> {
  for (const { address, port } of servers) {
    await waitFor(`${address} has a route for ${name}`, () => hasRoute(port, name), 30_000)
  }
}
