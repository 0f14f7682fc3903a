// SPDX-License-Identifier: Apache-2.0
// The constants of Java's RequestCode that have no schema here, each with the reason.

/** Why a group of codes has no schema. */
export interface WithoutSchema {
  readonly reason: string
  /** Java's names by code. */
  readonly codes: Readonly<Record<number, string>>
}

/** Together with the schemas, every constant of Java 5.5.0's RequestCode. */
export const codesWithoutSchema: readonly WithoutSchema[] = [
  {
    reason: 'a constant nobody sends and no processor serves',
    codes: {
      13: 'QUERY_BROKER_OFFSET',
      22: 'GET_TOPIC_CONFIG_LIST',
      23: 'GET_TOPIC_NAME_LIST',
      27: 'TRIGGER_DELETE_FILES',
      47: 'GET_CLIENT_CONFIG',
      209: 'SUSPEND_CONSUMER',
      210: 'RESUME_CONSUMER',
      211: 'RESET_CONSUMER_OFFSET_IN_CONSUMER',
      212: 'RESET_CONSUMER_OFFSET_IN_BROKER',
      213: 'ADJUST_CONSUMER_THREAD_POOL',
      214: 'WHO_CONSUME_THE_MESSAGE',
      200072: 'ACK_LITE_MESSAGE',
    },
  },
  {
    reason: 'a constant left from filter servers, which Java has removed',
    codes: { 301: 'REGISTER_FILTER_SERVER', 302: 'REGISTER_MESSAGE_FILTER_CLASS' },
  },
  {
    reason: "an entry of the raft log of Java's controller, never sent to another process",
    codes: {
      1014: 'BROKER_CLOSE_CHANNEL_REQUEST',
      1015: 'CHECK_NOT_ACTIVE_BROKER_REQUEST',
      1016: 'GET_BROKER_LIVE_INFO_REQUEST',
      1017: 'GET_SYNC_STATE_DATA_REQUEST',
      1018: 'RAFT_BROKER_HEART_BEAT_EVENT_REQUEST',
    },
  },
]
