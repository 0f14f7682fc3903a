// SPDX-License-Identifier: Apache-2.0
// Change broker settings while it runs; the body is Java properties text.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Change broker settings while it runs; the body is Java properties text. Source: RequestCode.UPDATE_BROKER_CONFIG. */
export const updateBrokerConfig: RequestType<NoFields, NoFields> = {
  code: 25,
  name: 'UPDATE_BROKER_CONFIG',
  request: noFields,
  response: noFields,
}
