// SPDX-License-Identifier: Apache-2.0
// Broker to broker of one group: exchange replication address and flushed offset.
import { offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What EXCHANGE_BROKER_HA_INFO asks. Source: RequestCode.EXCHANGE_BROKER_HA_INFO, ExchangeHAInfoRequestHeader. */
export interface ExchangeBrokerHaInfoRequest {
  readonly masterHaAddress: string | undefined
  readonly masterFlushOffset: number | undefined
  readonly masterAddress: string | undefined
}

/** What EXCHANGE_BROKER_HA_INFO answers. Source: ExchangeHAInfoResponseHeader. */
export interface ExchangeBrokerHaInfoResponse {
  readonly masterHaAddress: string | undefined
  readonly masterFlushOffset: number | undefined
  readonly masterAddress: string | undefined
}

/** Broker to broker of one group: exchange replication address and flushed offset. Source: RequestCode.EXCHANGE_BROKER_HA_INFO, ExchangeHAInfoRequestHeader. */
export const exchangeBrokerHaInfo: RequestType<
  ExchangeBrokerHaInfoRequest,
  ExchangeBrokerHaInfoResponse
> = {
  code: 906,
  name: 'EXCHANGE_BROKER_HA_INFO',
  request: {
    masterHaAddress: optional(string('masterHaAddress')),
    masterFlushOffset: optional(offset('masterFlushOffset')),
    masterAddress: optional(string('masterAddress')),
  },
  response: {
    masterHaAddress: optional(string('masterHaAddress')),
    masterFlushOffset: optional(offset('masterFlushOffset')),
    masterAddress: optional(string('masterAddress')),
  },
}
