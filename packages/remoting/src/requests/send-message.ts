// SPDX-License-Identifier: Apache-2.0
// Store one message, or one batch; three codes with one meaning.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  spelled,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What a send asks. Source: SendMessageRequestHeader, SendMessageRequestHeaderV2. */
export interface SendMessageRequest {
  readonly producerGroup: string
  readonly topic: string
  /** The topic whose settings a new topic takes, TBW102. */
  readonly defaultTopic: string
  readonly defaultTopicQueueNums: number
  /** Negative: the broker picks a writable queue. */
  readonly queueId: number
  readonly sysFlag: number
  /** Client clock, milliseconds since the Unix epoch. */
  readonly bornTimestamp: number
  readonly flag: number
  /** name U+0001 value U+0002 …; see message/properties.ts. */
  readonly properties: string | undefined
  readonly reconsumeTimes: number | undefined
  readonly unitMode: boolean | undefined
  readonly maxReconsumeTimes: number | undefined
  readonly batch: boolean | undefined
  readonly brokerName: string | undefined
}

/** What a send answers. Source: SendMessageResponseHeader, with the two extension fields every answer carries. */
export interface SendMessageResponse {
  /** Store host and commit log offset in hexadecimal: the "offset message id". Several are joined by commas. */
  readonly msgId: string
  readonly queueId: number
  readonly queueOffset: number
  readonly transactionId: string | undefined
  readonly batchUniqId: string | undefined
  readonly recallHandle: string | undefined
  readonly MSG_REGION: string | undefined
  readonly TRACE_ON: string | undefined
}

/** Store one message. Source: RequestCode.SEND_MESSAGE. */
export const sendMessage: RequestType<SendMessageRequest, SendMessageResponse> = {
  code: 10,
  name: 'SEND_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    producerGroup: absentAs(string('producerGroup'), ''),
    topic: string('topic'),
    defaultTopic: absentAs(string('defaultTopic'), ''),
    defaultTopicQueueNums: absentAs(int32('defaultTopicQueueNums'), 0),
    queueId: int32('queueId'),
    sysFlag: int32('sysFlag'),
    bornTimestamp: offset('bornTimestamp'),
    flag: int32('flag'),
    properties: optional(string('properties')),
    reconsumeTimes: optional(int32('reconsumeTimes')),
    unitMode: optional(boolean('unitMode')),
    maxReconsumeTimes: optional(int32('maxReconsumeTimes')),
    batch: optional(boolean('batch')),
    brokerName: optional(string('bname')),
  },
  response: {
    msgId: string('msgId'),
    queueId: int32('queueId'),
    queueOffset: offset('queueOffset'),
    transactionId: optional(string('transactionId')),
    batchUniqId: optional(string('batchUniqId')),
    recallHandle: optional(string('recallHandle')),
    MSG_REGION: optional(string('MSG_REGION')),
    TRACE_ON: optional(string('TRACE_ON')),
  },
}

/** How SendMessageRequestHeaderV2 spells the fields. */
export const sendMessageV2ShortNames: {
  readonly [K in keyof SendMessageRequest]: string
} = {
  producerGroup: 'a',
  topic: 'b',
  defaultTopic: 'c',
  defaultTopicQueueNums: 'd',
  queueId: 'e',
  sysFlag: 'f',
  bornTimestamp: 'g',
  flag: 'h',
  properties: 'i',
  reconsumeTimes: 'j',
  unitMode: 'k',
  maxReconsumeTimes: 'l',
  batch: 'm',
  brokerName: 'n',
}

/** The same with one-letter field names: what every client since 3.2 sends. Source: RequestCode.SEND_MESSAGE_V2. */
export const sendMessageV2: RequestType<SendMessageRequest, SendMessageResponse> = spelled(
  sendMessage,
  310,
  'SEND_MESSAGE_V2',
  sendMessageV2ShortNames,
)

/** Store several messages of one topic in one request; the body holds their batch encoding. Source: RequestCode.SEND_BATCH_MESSAGE. */
export const sendBatchMessage: RequestType<SendMessageRequest, SendMessageResponse> = spelled(
  sendMessage,
  320,
  'SEND_BATCH_MESSAGE',
  sendMessageV2ShortNames,
)
