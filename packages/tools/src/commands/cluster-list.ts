// SPDX-License-Identifier: Apache-2.0
// mqadmin clusterList: every broker of every cluster with its load.
import type { BrokerData, ClusterInfo } from '@rocketmq-ts/remoting/bodies'
import { flagOption, optional, valueOption, type Command, type CommandContext } from '../command.ts'
import { fixed, left, right } from '../java-format.ts'
import { javaWholeNumber } from '../java-number.ts'
import { sleep } from '../sleep.ts'

/** Source: ClusterListSubCommand. */
export const clusterList: Command = {
  name: 'clusterList',
  options: [
    flagOption('m', 'moreStats', 'Print more stats'),
    valueOption('i', 'interval', 'specify intervals numbers, it is in seconds'),
    valueOption('c', 'clusterName', 'which cluster'),
  ],

  async run(context) {
    const interval = context.values.get('interval')
    const intervalMs = interval === undefined ? undefined : javaWholeNumber(interval) * 1000
    const only = optional(context, 'clusterName') ?? ''
    const printRows = context.values.has('moreStats') ? printTotals : printLoad
    for (;;) {
      const info = await context.admin().examineBrokerClusterInfo({ signal: context.signal })
      const clusters = only === '' ? [...info.clusterAddrTable.keys()] : [only]
      await printRows(context, info, clusters)
      if (intervalMs === undefined) return
      await sleep(context, intervalMs)
    }
  },
}

interface Row {
  readonly cluster: string
  readonly brokerName: string
  readonly brokerId: number
  readonly address: string
  /** Undefined when the broker did not answer. */
  readonly stats: ReadonlyMap<string, string> | undefined
}

async function printLoad(
  context: CommandContext,
  info: ClusterInfo,
  clusters: readonly string[],
): Promise<void> {
  context.print(
    loadLine(
      ['#Cluster Name', '#Broker Name', '#BID', '#Addr', '#Version', '#InTPS(LOAD)'],
      ['#OutTPS(LOAD)', '#Timer(Progress)'],
      [left('#PCWait(ms)', 11), '#Hour', '#SPACE', left('#ACTIVATED', 10)],
    ),
  )
  for await (const row of rowsOf(context, info, clusters)) {
    context.print(loadOf(row, context.runtime.clock.nowMs()))
  }
}

function loadOf(row: Row, nowMs: number): string {
  const stats = row.stats ?? new Map<string, string>()
  const text = (name: string, otherwise = ''): string => stats.get(name) ?? otherwise
  const number = (name: string): number => Number.parseFloat(text(name, '0'))
  const queued = (pool: string, otherwise = ''): string =>
    `${text(`${pool}ThreadPoolQueueSize`, otherwise)},${text(`${pool}ThreadPoolQueueHeadWaitTimeMills`, otherwise)}ms`
  const ackFallback = row.stats === undefined ? '' : 'N'

  const inTps = `${right(fixed(firstNumber(text('putTps')), 2), 9)}(${queued('send')})`
  const outTps = `${right(fixed(firstNumber(text('getTransferredTps')), 2), 9)}(${queued('pull')}|${queued('ack', ackFallback)})`
  const timer = `${number('timerReadBehind')}-${number('timerOffsetBehind')}(${fixed(number('timerCongestNum') / 10_000, 1)}w, ${fixed(number('timerEnqueueTps'), 1)}, ${fixed(number('timerDequeueTps'), 1)})`
  const oldest = text('earliestMessageTimeStamp')
  const hours = oldest === '' ? 0 : (nowMs - Number(oldest)) / 1000 / 60 / 60
  const ratio = text('commitLogDiskRatio')
  return loadLine(
    [row.cluster, row.brokerName, row.brokerId, row.address, text('brokerVersionDesc'), inTps],
    [outTps, timer],
    [
      right(text('pageCacheLockTimeMills'), 11),
      fixed(hours, 2),
      fixed(ratio === '' ? 0 : Number(ratio), 4),
      right(text('brokerActive') === 'true', 10),
    ],
  )
}

function loadLine(
  [cluster, brokerName, brokerId, address, version, inTps]: readonly (string | number)[],
  [outTps, timer]: readonly string[],
  [pageCacheWait, hours, space, active]: readonly string[],
): string {
  return `${left(cluster, 22)}  ${left(brokerName, 22)}  ${left(brokerId, 4)}  ${left(address, 22)} ${left(version, 16)}  ${right(inTps, 16)}  ${right(outTps, 30)}  ${left(timer, 22)}  ${pageCacheWait}  ${left(hours, 12)}  ${left(space, 8)}  ${active}\n`
}

async function printTotals(
  context: CommandContext,
  info: ClusterInfo,
  clusters: readonly string[],
): Promise<void> {
  context.print(
    totalsLine('#Cluster Name', '#Broker Name', [
      '#InTotalYest',
      '#OutTotalYest',
      '#InTotalToday',
      '#OutTotalToday',
    ]),
  )
  for await (const { cluster, brokerName, stats } of rowsOf(context, info, clusters)) {
    const number = (name: string): number => Number(stats?.get(name) ?? 0)
    context.print(
      totalsLine(cluster, brokerName, [
        number('msgPutTotalTodayMorning') - number('msgPutTotalYesterdayMorning'),
        number('msgGetTotalTodayMorning') - number('msgGetTotalYesterdayMorning'),
        number('msgPutTotalTodayNow') - number('msgPutTotalTodayMorning'),
        number('msgGetTotalTodayNow') - number('msgGetTotalTodayMorning'),
      ]),
    )
  }
}

function totalsLine(
  cluster: string,
  brokerName: string,
  totals: readonly (string | number)[],
): string {
  const columns = totals.map((total) => right(total, 14)).join(' ')
  return `${left(cluster, 16)}  ${left(brokerName, 32)} ${columns}\n`
}

/** Asks all brokers at once and gives their rows in order. */
async function* rowsOf(
  context: CommandContext,
  info: ClusterInfo,
  clusters: readonly string[],
): AsyncGenerator<Row> {
  const rows = clusters.flatMap((cluster) => {
    const names = [...(info.clusterAddrTable.get(cluster) ?? [])].sort()
    const brokers = names.map((name) => info.brokerAddrTable.get(name))
    return brokers.flatMap((broker) => (broker === undefined ? [] : rowsOfBroker(cluster, broker)))
  })
  const stats = rows.map(({ address }) => runtimeStats(context, address))
  for (const [index, row] of rows.entries()) yield { ...row, stats: await stats[index] }
}

function rowsOfBroker(cluster: string, broker: BrokerData): Omit<Row, 'stats'>[] {
  return [...broker.brokerAddrs]
    .sort(([a], [b]) => a - b)
    .map(([brokerId, address]) => ({ cluster, brokerName: broker.brokerName, brokerId, address }))
}

async function runtimeStats(
  context: CommandContext,
  address: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await context.admin().fetchBrokerRuntimeStats(address, { signal: context.signal })
  } catch (error) {
    context.complain(`${address}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** The figures of the last ten seconds, minute and ten minutes stand in one text. */
function firstNumber(text: string): number {
  const first = text.split(' ')[0] ?? ''
  return first === '' ? 0 : Number(first)
}
