// SPDX-License-Identifier: Apache-2.0
// Read one of the broker's rates by the minute, hour and day; the answer is a BrokerStatsData body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What VIEW_BROKER_STATS_DATA asks. Source: RequestCode.VIEW_BROKER_STATS_DATA, ViewBrokerStatsDataRequestHeader. */
export interface ViewBrokerStatsDataRequest {
  readonly statsName: string
  readonly statsKey: string
}

/** Read one of the broker's rates by the minute, hour and day; the answer is a BrokerStatsData body. Source: RequestCode.VIEW_BROKER_STATS_DATA, ViewBrokerStatsDataRequestHeader. */
export const viewBrokerStatsData: RequestType<ViewBrokerStatsDataRequest, NoFields> = {
  code: 315,
  name: 'VIEW_BROKER_STATS_DATA',
  request: {
    statsName: string('statsName'),
    statsKey: string('statsKey'),
  },
  response: noFields,
}
