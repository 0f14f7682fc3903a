// SPDX-License-Identifier: Apache-2.0
// GET_BROKER_RUNTIME_INFO: the broker's figures under the names that clusterList, brokerStatus and the exporter read.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeKvTable } from '@rocketmq-ts/remoting/bodies'
import { getBrokerRuntimeInfo } from '@rocketmq-ts/remoting/requests'
import type { DiskSpace } from '@rocketmq-ts/runtime'
import { javaDouble } from '../broker-stats.ts'
import type { BrokerContext } from '../context.ts'
import { pathsOf } from '../open-store.ts'

/** The version this broker is like. */
const VERSION_NAME = 'V5_5_0'

/** @see AdminBrokerProcessor.prepareRuntimeInfo, StoreStatsService.getRuntimeInfo */
export function onGetBrokerRuntimeInfo(broker: BrokerContext): Handler {
  return handle(getBrokerRuntimeInfo, () => {
    const figures: Record<string, string | number> = {
      ...identity(broker),
      ...traffic(broker),
      ...storage(broker),
      ...executors(broker),
    }
    const table = new Map(Object.entries(figures).map(([key, value]) => [key, String(value)]))
    return reply({}, { body: [encodeKvTable({ table })] })
  })
}

type Figures = Record<string, string | number>

function identity({ settings, stats }: BrokerContext): Figures {
  return {
    bootTimestamp: stats.bootTimestampMs,
    brokerActive: 'true',
    brokerVersionDesc: VERSION_NAME,
    runtime: stats.runTime(),
    startAcceptSendRequestTimeStamp: settings.current.acceptSendsFromMs,
  }
}

function traffic({ stats }: BrokerContext): Figures {
  const { puts, gets } = stats.days()
  return {
    getFoundTps: stats.rates('finds'),
    getMessageEntireTimeMax: Math.round(stats.getTimeMaxMs),
    getMissTps: stats.rates('misses'),
    getTotalTps: stats.totalRates(),
    getTransferredTps: stats.rates('transferred'),
    msgGetTotalTodayMorning: gets[1],
    msgGetTotalTodayNow: gets[2],
    msgGetTotalYesterdayMorning: gets[0],
    msgPutTotalTodayMorning: puts[1],
    msgPutTotalTodayNow: puts[2],
    msgPutTotalYesterdayMorning: puts[0],
    putLatency99: stats.putLatencyMs(0.99).toFixed(2),
    putLatency999: stats.putLatencyMs(0.999).toFixed(2),
    putMessageAverageSize: javaDouble(stats.puts === 0 ? 0 : stats.putBytes / stats.puts),
    putMessageDistributeTime: stats.putTimeDistribution(),
    putMessageEntireTimeMax: Math.round(stats.putTimeMaxMs),
    putMessageFailedTimes: stats.putFailures,
    putMessageSizeTotal: stats.putBytes,
    putMessageTimesTotal: stats.puts,
    putTps: stats.rates('puts'),
  }
}

function storage({ delays, runtime, settings, store }: BrokerContext): Figures {
  const status = store.status()
  const { storeDirectory } = settings.current
  const space = runtime.files.space(storeDirectory)
  const commitLogs =
    settings.current.commitLogDirectory === ''
      ? [`${storeDirectory}/commitlog`]
      : pathsOf(settings.current.commitLogDirectory)
  const commitLogRatios = commitLogs.map((path) => usedPartOf(runtime.files.space(path)))
  const usedRatio = usedPartOf(space)
  return {
    commitLogDirCapacity: `Total : ${humanBytes(space.totalBytes)}, Free : ${humanBytes(space.freeBytes)}.`,
    commitLogDiskRatio: javaDouble(Math.min(...commitLogRatios)),
    ...Object.fromEntries(
      commitLogs.map((path, index) => [
        `commitLogDiskRatio_${path}`,
        javaDouble(commitLogRatios[index] ?? 0),
      ]),
    ),
    commitLogMaxOffset: status.commitLogMaxOffset,
    commitLogMinOffset: status.commitLogMinOffset,
    consumeQueueDiskRatio: javaDouble(usedRatio),
    dispatchBehindBytes: status.dispatchBehindBytes,
    dispatchMaxBuffer: 0,
    earliestMessageTimeStamp: status.earliestStoreTimestampMs,
    pageCacheLockTimeMills: 0,
    remainHowManyDataToFlush: humanBytes(status.flushBehindBytes),
    remainTransientStoreBufferNumbs: 2 ** 31 - 1,
    timerCongestNum: 0,
    timerDequeueTps: '0.0',
    timerEnqueueTps: '0.0',
    timerOffsetBehind: 0,
    timerReadBehind: 0,
    ...Object.fromEntries(
      delays
        .progress()
        .filter(({ end }) => end > 0)
        .map(({ level, offset, end }) => [`scheduleMessageOffset_${level}`, `${offset},${end}`]),
    ),
  }
}

/** One event loop has no executor queues: they are empty, and as long as Java's would be. */
function executors({ settings }: BrokerContext): Figures {
  const queues = ['send', 'pull', 'litePull', 'query', 'ack']
  const figures: Figures = {
    EndTransactionQueueSize: 0,
    EndTransactionThreadPoolQueueCapacity: 100_000,
  }
  for (const name of queues) {
    figures[`${name}ThreadPoolQueueSize`] = 0
    figures[`${name}ThreadPoolQueueCapacity`] =
      settings.current.given.get(`${name}ThreadPoolQueueCapacity`) ??
      (name === 'send' ? 10_000 : name === 'query' ? 20_000 : 100_000)
    figures[`${name}ThreadPoolQueueHeadWaitTimeMills`] = 0
  }
  return figures
}

/** Hundredths, rounded up as Java does. @see UtilAll.getDiskPartitionSpaceUsedPercent */
function usedPartOf({ totalBytes, freeBytes }: DiskSpace): number {
  return totalBytes === 0 ? 0 : Math.ceil((100 * (totalBytes - freeBytes)) / totalBytes) / 100
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** As Java prints a number of bytes for people. @see MixAll.humanReadableByteCount */
function humanBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(1)} ${units[unit] ?? ''}`
}
