// SPDX-License-Identifier: Apache-2.0
// Start a broker in a broker container; the body is the text of its configuration when no path is given.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What ADD_BROKER asks. Source: RequestCode.ADD_BROKER, AddBrokerRequestHeader. */
export interface AddBrokerRequest {
  readonly configPath: string | undefined
}

/** Start a broker in a broker container; the body is the text of its configuration when no path is given. Source: RequestCode.ADD_BROKER, AddBrokerRequestHeader. */
export const addBroker: RequestType<AddBrokerRequest, NoFields> = {
  code: 902,
  name: 'ADD_BROKER',
  request: {
    configPath: optional(string('configPath')),
  },
  response: noFields,
}
