// SPDX-License-Identifier: Apache-2.0
// Have the broker look again for messages of a group's lite topics.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What TRIGGER_LITE_DISPATCH asks. Source: RequestCode.TRIGGER_LITE_DISPATCH, TriggerLiteDispatchRequestHeader. */
export interface TriggerLiteDispatchRequest {
  readonly group: string
  readonly clientId: string | undefined
}

/** Have the broker look again for messages of a group's lite topics. Source: RequestCode.TRIGGER_LITE_DISPATCH, TriggerLiteDispatchRequestHeader. */
export const triggerLiteDispatch: RequestType<TriggerLiteDispatchRequest, NoFields> = {
  code: 200079,
  name: 'TRIGGER_LITE_DISPATCH',
  request: {
    group: string('group'),
    clientId: optional(string('clientId')),
  },
  response: noFields,
}
