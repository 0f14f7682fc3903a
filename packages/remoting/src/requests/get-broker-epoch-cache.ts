// SPDX-License-Identifier: Apache-2.0
// Read at which offsets a broker's masters changed; the answer is an EpochEntryCache body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read at which offsets a broker's masters changed; the answer is an EpochEntryCache body. Source: RequestCode.GET_BROKER_EPOCH_CACHE. */
export const getBrokerEpochCache: RequestType<NoFields, NoFields> = {
  code: 1007,
  name: 'GET_BROKER_EPOCH_CACHE',
  request: noFields,
  response: noFields,
}
