// SPDX-License-Identifier: Apache-2.0
// Slave to master: read how far each delay level has been delivered; the answer is the text of delayOffset.json.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Slave to master: read how far each delay level has been delivered; the answer is the text of delayOffset.json. Source: RequestCode.GET_ALL_DELAY_OFFSET. */
export const getAllDelayOffset: RequestType<NoFields, NoFields> = {
  code: 45,
  name: 'GET_ALL_DELAY_OFFSET',
  request: noFields,
  response: noFields,
}
