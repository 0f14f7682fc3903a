// SPDX-License-Identifier: Apache-2.0
// Switch timed messages to another engine; E_T is R for RocksDB or F for the timer wheel in files.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What SWITCH_TIMER_ENGINE asks. Source: RequestCode.SWITCH_TIMER_ENGINE, in the ext fields without a header class. */
export interface SwitchTimerEngineRequest {
  readonly E_T: string | undefined
}

/** Switch timed messages to another engine; E_T is R for RocksDB or F for the timer wheel in files. Source: RequestCode.SWITCH_TIMER_ENGINE. */
export const switchTimerEngine: RequestType<SwitchTimerEngineRequest, NoFields> = {
  code: 5001,
  name: 'SWITCH_TIMER_ENGINE',
  request: {
    E_T: optional(string('E_T')),
  },
  response: noFields,
}
