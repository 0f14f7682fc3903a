// SPDX-License-Identifier: Apache-2.0
// Requests that Java 5.5.0 asks for nothing but who sends them: those we ask more of, and why the others may stay so.

/**
 * What changes the server without Java asking for any right: here it needs the cluster's `Update`, as its kin does in Java.
 * Else every user that may send to one topic could switch off what keeps him from the others.
 */
export const clusterUpdates: ReadonlySet<number> = new Set([
  25, // UPDATE_BROKER_CONFIG
  200, // UPDATE_AND_CREATE_SUBSCRIPTIONGROUP
  225, // UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST
  306, // CLEAN_EXPIRED_CONSUMEQUEUE
  316, // CLEAN_UNUSED_TOPIC
  318, // UPDATE_NAMESRV_CONFIG
  329, // DELETE_EXPIRED_COMMITLOG
  401, // SET_MESSAGE_REQUEST_MODE
  513, // UPDATE_AND_CREATE_STATIC_TOPIC
  1009, // UPDATE_CONTROLLER_CONFIG
  2001, // UPDATE_COLD_DATA_FLOW_CTR_CONFIG
  2002, // REMOVE_COLD_DATA_FLOW_CTR_CONFIG
  2004, // SET_COMMITLOG_READ_MODE
  5001, // SWITCH_TIMER_ENGINE
])

const SETTINGS = 'read by administrators; holds no secret, and Java shows it to every user'
const NAMES = 'names and figures that Java shows to every user'
const REPLICAS = 'asked by brokers of the same name; Java shows it to every user'
const ACCOUNTS = 'only with access control 1.0, whose own order of checks applies'

/** Why a request needs nothing but a known sender, by its code. */
export const openRequests: ReadonlyMap<number, string> = new Map([
  [26, SETTINGS],
  [28, NAMES],
  [43, REPLICAS],
  [45, REPLICAS],
  [46, 'checks the form of a filter and tells nothing'],
  [50, ACCOUNTS],
  [51, ACCOUNTS],
  [52, ACCOUNTS],
  [53, ACCOUNTS],
  [60, REPLICAS],
  [61, NAMES],
  [106, NAMES],
  [206, NAMES],
  [304, NAMES],
  [305, NAMES],
  [311, NAMES],
  [312, NAMES],
  [313, NAMES],
  [319, SETTINGS],
  [402, REPLICAS],
  [907, NAMES],
  [1007, REPLICAS],
  [2003, NAMES],
])
