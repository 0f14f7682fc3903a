// SPDX-License-Identifier: Apache-2.0
// The request codes Java's broker serves and this one does not: they are answered REQUEST_CODE_NOT_SUPPORTED.

/** Why a group of codes is not served. */
export interface Unsupported {
  readonly reason: string
  /** Java's names by code. */
  readonly codes: Readonly<Record<number, string>>
}

/** Together with the handlers beside this file, every code that Java 5.5.0 registers a processor for. */
export const unsupported: readonly Unsupported[] = [
  {
    reason: 'there are no transactions yet',
    codes: { 37: 'END_TRANSACTION', 323: 'RESUME_CHECK_HALF_MESSAGE' },
  },
  {
    reason: 'there is no request-reply yet',
    codes: { 324: 'SEND_REPLY_MESSAGE', 325: 'SEND_REPLY_MESSAGE_V2' },
  },
  {
    reason: 'there are no timed messages yet, only delay levels',
    codes: {
      60: 'GET_TIMER_CHECK_POINT',
      61: 'GET_TIMER_METRICS',
      370: 'RECALL_MESSAGE',
      5001: 'SWITCH_TIMER_ENGINE',
    },
  },
  {
    reason: 'there is no pop consumption yet',
    codes: {
      400: 'QUERY_ASSIGNMENT',
      401: 'SET_MESSAGE_REQUEST_MODE',
      402: 'GET_ALL_MESSAGE_REQUEST_MODE',
      200050: 'POP_MESSAGE',
      200051: 'ACK_MESSAGE',
      200052: 'PEEK_MESSAGE',
      200053: 'CHANGE_MESSAGE_INVISIBLETIME',
      200054: 'NOTIFICATION',
      200055: 'POLLING_INFO',
      200056: 'POP_ROLLBACK',
      200151: 'BATCH_ACK_MESSAGE',
    },
  },
  {
    reason: 'there are no lite topics yet',
    codes: {
      200070: 'POP_LITE_MESSAGE',
      200071: 'LITE_SUBSCRIPTION_CTL',
      200074: 'GET_BROKER_LITE_INFO',
      200075: 'GET_PARENT_TOPIC_INFO',
      200076: 'GET_LITE_TOPIC_INFO',
      200077: 'GET_LITE_CLIENT_INFO',
      200078: 'GET_LITE_GROUP_INFO',
      200079: 'TRIGGER_LITE_DISPATCH',
    },
  },
  {
    reason: 'a broker stands alone yet: no replicas, no controller',
    codes: {
      45: 'GET_ALL_DELAY_OFFSET',
      905: 'NOTIFY_MIN_BROKER_ID_CHANGE',
      906: 'EXCHANGE_BROKER_HA_INFO',
      907: 'GET_BROKER_HA_STATUS',
      908: 'RESET_MASTER_FLUSH_OFFSET',
      1007: 'GET_BROKER_EPOCH_CACHE',
      1008: 'NOTIFY_BROKER_ROLE_CHANGED',
    },
  },
  {
    reason: 'there are no static topics yet',
    codes: { 513: 'UPDATE_AND_CREATE_STATIC_TOPIC' },
  },
  {
    reason: 'cold reads are not limited: nothing is mapped into memory',
    codes: {
      2001: 'UPDATE_COLD_DATA_FLOW_CTR_CONFIG',
      2002: 'REMOVE_COLD_DATA_FLOW_CTR_CONFIG',
      2003: 'GET_COLD_DATA_FLOW_CTR_INFO',
      2004: 'SET_COMMITLOG_READ_MODE',
    },
  },
  {
    reason: 'nothing is kept in RocksDB',
    codes: { 354: 'CHECK_ROCKSDB_CQ_WRITE_PROGRESS', 355: 'EXPORT_ROCKSDB_CONFIG_TO_JSON' },
  },
  {
    reason: 'this part of administration is not written yet',
    codes: {
      18: 'UPDATE_AND_CREATE_TOPIC_LIST',
      46: 'CHECK_CLIENT_CONFIG',
      204: 'GET_PRODUCER_CONNECTION_LIST',
      207: 'DELETE_SUBSCRIPTIONGROUP',
      222: 'INVOKE_BROKER_TO_RESET_OFFSET',
      223: 'INVOKE_BROKER_TO_GET_CONSUMER_STATUS',
      225: 'UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST',
      303: 'QUERY_CONSUME_TIME_SPAN',
      307: 'GET_CONSUMER_RUNNING_INFO',
      308: 'QUERY_CORRECTION_OFFSET',
      309: 'CONSUME_MESSAGE_DIRECTLY',
      314: 'CLONE_GROUP_OFFSET',
      315: 'VIEW_BROKER_STATS_DATA',
      317: 'GET_BROKER_CONSUME_STATS',
      321: 'QUERY_CONSUME_QUEUE',
      328: 'GET_ALL_PRODUCER_INFO',
      343: 'QUERY_TOPICS_BY_CONSUMER',
      345: 'QUERY_SUBSCRIPTION_BY_CONSUMER',
      352: 'GET_SUBSCRIPTIONGROUP_CONFIG',
      353: 'UPDATE_AND_GET_GROUP_FORBIDDEN',
    },
  },
]
