// SPDX-License-Identifier: Apache-2.0
// Stop a broker in a broker container.
import { noFields, offset, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What REMOVE_BROKER asks. Source: RequestCode.REMOVE_BROKER, RemoveBrokerRequestHeader. */
export interface RemoveBrokerRequest {
  readonly brokerName: string
  readonly brokerClusterName: string
  readonly brokerId: number
}

/** Stop a broker in a broker container. Source: RequestCode.REMOVE_BROKER, RemoveBrokerRequestHeader. */
export const removeBroker: RequestType<RemoveBrokerRequest, NoFields> = {
  code: 903,
  name: 'REMOVE_BROKER',
  request: {
    brokerName: string('brokerName'),
    brokerClusterName: string('brokerClusterName'),
    brokerId: offset('brokerId'),
  },
  response: noFields,
}
