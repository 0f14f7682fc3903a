// SPDX-License-Identifier: Apache-2.0
// Take the write permission away from all queues of a broker, so that producers leave it.
import { absentAs, int32, string, type RequestType } from '../protocol/schema.ts'

/** What WIPE_WRITE_PERM_OF_BROKER asks. Source: RequestCode.WIPE_WRITE_PERM_OF_BROKER, WipeWritePermOfBrokerRequestHeader. */
export interface WipeWritePermOfBrokerRequest {
  readonly brokerName: string
}

/** What WIPE_WRITE_PERM_OF_BROKER answers. Source: WipeWritePermOfBrokerResponseHeader. */
export interface WipeWritePermOfBrokerResponse {
  readonly wipeTopicCount: number
}

/** Take the write permission away from all queues of a broker, so that producers leave it. Source: RequestCode.WIPE_WRITE_PERM_OF_BROKER, WipeWritePermOfBrokerRequestHeader. */
export const wipeWritePermOfBroker: RequestType<
  WipeWritePermOfBrokerRequest,
  WipeWritePermOfBrokerResponse
> = {
  code: 205,
  name: 'WIPE_WRITE_PERM_OF_BROKER',
  request: {
    brokerName: absentAs(string('brokerName'), 'null'),
  },
  response: {
    wipeTopicCount: int32('wipeTopicCount'),
  },
}
