// SPDX-License-Identifier: Apache-2.0
// What mqadmin sniff shows: what another client says to a name server and to the brokers of its routes.
import { AdminClient } from '@rocketmq-ts/client/admin'
import { handle, RemotingServer, reply } from '@rocketmq-ts/remoting'
import { encodeClusterInfo, encodeKvTable } from '@rocketmq-ts/remoting/bodies'
import { getBrokerClusterInfo, getBrokerRuntimeInfo } from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test, vi } from 'vitest'
import { mqadmin } from '../mqadmin.ts'

const broker = '10.0.0.10:10911'

async function servers(): Promise<SimulatedRuntime> {
  const runtime = simulatedRuntime({ seed: 1 })
  const cluster = encodeClusterInfo({
    brokerAddrTable: new Map([
      [
        'broker-a',
        {
          cluster: 'c',
          brokerName: 'broker-a',
          brokerAddrs: new Map([[0, broker]]),
          enableActingMaster: false,
        },
      ],
    ]),
    clusterAddrTable: new Map([['c', ['broker-a']]]),
  })
  const nameServer = new RemotingServer({
    runtime: runtime.machine('10.0.0.9'),
    handlers: [handle(getBrokerClusterInfo, () => reply({}, { body: [cluster] }))],
  })
  const brokerServer = new RemotingServer({
    runtime: runtime.machine('10.0.0.10'),
    handlers: [
      handle(getBrokerRuntimeInfo, () =>
        reply({}, { body: [encodeKvTable({ table: new Map([['bootTimestamp', '7']]) })] }),
      ),
    ],
  })
  await runtime.settle(nameServer.listen({ port: 9876 }))
  await runtime.settle(brokerServer.listen({ port: 10_911 }))
  return runtime
}

interface Sniffed {
  readonly printed: string
  readonly complained: readonly string[]
}

/** Runs sniff while somebody asks the name server for the cluster and the broker for its figures. */
async function sniffed(...options: string[]): Promise<Sniffed> {
  const runtime = await servers()
  const stop = new AbortController()
  let printed = ''
  const complained: string[] = []
  const run = mqadmin({
    args: ['sniff', '-t', '10.0.0.9:9876', '-l', '10.0.0.1:7000', ...options],
    namesrvAddr: undefined,
    runtime,
    print: (text) => (printed += text),
    complain: (line) => complained.push(line),
    signal: stop.signal,
  })
  // The command is loaded at its first use, which takes real time.
  await vi.waitUntil(() => complained.length > 0)
  const admin = new AdminClient({ namesrvAddr: '10.0.0.1:7000', runtime })
  const { brokerAddrTable } = await runtime.settle(admin.examineBrokerClusterInfo())
  const address = brokerAddrTable.get('broker-a')?.brokerAddrs.get(0) ?? ''
  await runtime.settle(admin.fetchBrokerRuntimeStats(address))
  stop.abort()
  await runtime.settle(Promise.all([run, admin.close()]))
  return { printed, complained }
}

test('prints requests and answers of the target alone', async () => {
  const { printed, complained } = await sniffed()
  expect(complained).toEqual(['10.0.0.9:9876 can be reached at 10.0.0.1:7000'])
  expect(printed.split('\n')).toEqual([
    expect.stringMatching(/^ +\d+\.\d{3} #1 → GET_BROKER_CLUSTER_INFO opaque=\d+/),
    expect.stringMatching(
      /#1 ← GET_BROKER_CLUSTER_INFO ⇒ SUCCESS opaque=\d+ \d+\.\d\d ms \+\d+ B$/,
    ),
    '',
  ])
})

test('follows the routes to the brokers', async () => {
  const { printed, complained } = await sniffed('-r', '-o', 'json', '-k', '28,106')
  expect(complained).toHaveLength(2)
  const frames = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; kind: string })
  expect(frames.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'request GET_BROKER_CLUSTER_INFO',
    'answer SUCCESS',
    'request GET_BROKER_RUNTIME_INFO',
    'answer SUCCESS',
  ])
})

test('shows only the codes asked for', async () => {
  const { printed } = await sniffed('-r', '-k', 'GET_BROKER_RUNTIME_INFO', '-b')
  expect(printed.trim().split('\n')).toEqual([
    expect.stringContaining('→ GET_BROKER_RUNTIME_INFO'),
    expect.stringContaining('body={"table":{"bootTimestamp":"7"}}'),
  ])
})

test.each([
  [['-o', 'xml'], "cannot print as 'xml': -o takes text or json"],
  [['-l', 'nowhere'], "cannot connect to 'nowhere', it is not host:port"],
])('%j is refused', async (options, reason) => {
  const complained: string[] = []
  await mqadmin({
    args: ['sniff', '-t', '10.0.0.9:9876', ...options],
    namesrvAddr: undefined,
    runtime: simulatedRuntime({ seed: 1 }),
    print: () => undefined,
    complain: (line) => complained.push(line),
    signal: new AbortController().signal,
  })
  expect(complained).toEqual([`sniff command failed: ${reason}`])
})
