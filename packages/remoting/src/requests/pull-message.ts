// SPDX-License-Identifier: Apache-2.0
// Read messages of one queue from an offset; the broker may hold the request until some arrive.
import {
  absentAs,
  int32,
  long,
  offset,
  optional,
  readByHand,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What PULL_MESSAGE asks. Source: RequestCode.PULL_MESSAGE, PullMessageRequestHeader. */
export interface PullMessageRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly liteTopic: string | undefined
  readonly queueId: number
  readonly queueOffset: number
  readonly maxMsgNums: number
  readonly sysFlag: number
  readonly commitOffset: number
  readonly suspendTimeoutMillis: number
  readonly subscription: string | undefined
  /** The consumer's clock when it subscribed; older and foreign clients fill the whole 64 bits. */
  readonly subVersion: bigint
  readonly expressionType: string | undefined
  readonly maxMsgBytes: number | undefined
  readonly requestSource: number | undefined
  readonly proxyFrowardClientId: string | undefined
}

/** What PULL_MESSAGE answers. Source: PullMessageResponseHeader. */
export interface PullMessageResponse {
  readonly suggestWhichBrokerId: number
  readonly nextBeginOffset: number
  readonly minOffset: number
  readonly maxOffset: number
  readonly offsetDelta: number | undefined
  readonly topicSysFlag: number | undefined
  readonly groupSysFlag: number | undefined
  readonly forbiddenType: number | undefined
}

/** Read messages of one queue from an offset; the broker may hold the request until some arrive. Source: RequestCode.PULL_MESSAGE, PullMessageRequestHeader. */
export const pullMessage: RequestType<PullMessageRequest, PullMessageResponse> = {
  code: 11,
  name: 'PULL_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: readByHand<PullMessageRequest>({
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    liteTopic: optional(string('liteTopic')),
    queueId: int32('queueId'),
    queueOffset: offset('queueOffset'),
    maxMsgNums: int32('maxMsgNums'),
    sysFlag: int32('sysFlag'),
    commitOffset: absentAs(offset('commitOffset'), 0),
    suspendTimeoutMillis: absentAs(offset('suspendTimeoutMillis'), 0),
    subscription: optional(string('subscription')),
    subVersion: absentAs(long('subVersion'), 0n),
    expressionType: optional(string('expressionType')),
    maxMsgBytes: optional(int32('maxMsgBytes')),
    requestSource: optional(int32('requestSource')),
    proxyFrowardClientId: optional(string('proxyFrowardClientId')),
  }),
  response: {
    suggestWhichBrokerId: offset('suggestWhichBrokerId'),
    nextBeginOffset: offset('nextBeginOffset'),
    minOffset: offset('minOffset'),
    maxOffset: offset('maxOffset'),
    offsetDelta: optional(offset('offsetDelta')),
    topicSysFlag: optional(int32('topicSysFlag')),
    groupSysFlag: optional(int32('groupSysFlag')),
    forbiddenType: optional(int32('forbiddenType')),
  },
}
