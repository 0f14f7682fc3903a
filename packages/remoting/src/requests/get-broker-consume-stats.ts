// SPDX-License-Identifier: Apache-2.0
// Read the progress of every group of a broker; the answer is a ConsumeStatsList body.
import { absentAs, boolean, noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_BROKER_CONSUME_STATS asks. Source: RequestCode.GET_BROKER_CONSUME_STATS, GetConsumeStatsInBrokerHeader. */
export interface GetBrokerConsumeStatsRequest {
  readonly isOrder: boolean
}

/** Read the progress of every group of a broker; the answer is a ConsumeStatsList body. Source: RequestCode.GET_BROKER_CONSUME_STATS, GetConsumeStatsInBrokerHeader. */
export const getBrokerConsumeStats: RequestType<GetBrokerConsumeStatsRequest, NoFields> = {
  code: 317,
  name: 'GET_BROKER_CONSUME_STATS',
  request: {
    isOrder: absentAs(boolean('isOrder'), false),
  },
  response: noFields,
}
