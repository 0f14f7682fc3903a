// SPDX-License-Identifier: Apache-2.0
// One rate of a broker: the answer of VIEW_BROKER_STATS_DATA.
import { double, initially, offset, optional, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's BrokerStatsItem. */
export interface BrokerStatsItem {
  readonly avgpt: number
  readonly sum: number
  readonly tps: number
}

/** Java's BrokerStatsData. */
export interface BrokerStatsData {
  readonly statsDay?: BrokerStatsItem | undefined
  readonly statsHour?: BrokerStatsItem | undefined
  readonly statsMinute?: BrokerStatsItem | undefined
}

const brokerStatsItemShape: Shape<BrokerStatsItem> = record<BrokerStatsItem>({
  avgpt: initially(double, () => 0),
  sum: initially(offset, () => 0),
  tps: initially(double, () => 0),
})

const brokerStatsDataShape: Shape<BrokerStatsData> = record<BrokerStatsData>({
  statsDay: optional(brokerStatsItemShape),
  statsHour: optional(brokerStatsItemShape),
  statsMinute: optional(brokerStatsItemShape),
})

/** @throws {JavaJsonError} when the bytes are not a BrokerStatsData. */
export function decodeBrokerStatsData(bytes: Uint8Array): BrokerStatsData {
  return decodeBody('BrokerStatsData', brokerStatsDataShape, bytes)
}

/** The bytes Java's BrokerStatsData writes. */
export function encodeBrokerStatsData(body: BrokerStatsData, form?: JsonForm): Uint8Array {
  return encodeBody(brokerStatsDataShape, body, form)
}
