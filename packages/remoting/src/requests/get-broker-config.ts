// SPDX-License-Identifier: Apache-2.0
// Read the broker settings as Java properties text.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_BROKER_CONFIG answers. Source: GetBrokerConfigResponseHeader. */
export interface GetBrokerConfigResponse {
  readonly version: string | undefined
}

/** Read the broker settings as Java properties text. Source: RequestCode.GET_BROKER_CONFIG. */
export const getBrokerConfig: RequestType<NoFields, GetBrokerConfigResponse> = {
  code: 26,
  name: 'GET_BROKER_CONFIG',
  request: noFields,
  response: {
    version: optional(string('version')),
  },
}
