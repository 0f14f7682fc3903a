// SPDX-License-Identifier: Apache-2.0
// One pull request from its permit to its answer: read, hold if there is nothing, read again when woken.
import { ResponseCode, type HotCall } from '@rocketmq-ts/remoting'
import type { PullMessageResponse } from '@rocketmq-ts/remoting/requests'
import type { GetResult } from '@rocketmq-ts/store'
import type { BrokerContext } from '../context.ts'
import type { HeldPull } from '../long-polling.ts'
import type { PullPermit } from './check-pull.ts'
import { codeOf } from './pull-answer.ts'

/** Most bytes of one answer. As in Java, the client's maxMsgBytes does not count, only the broker's own limits do. @see MessageStore MAX_PULL_MSG_SIZE */
const MAX_PULL_BYTES = 128 * 1024 * 1024

/** What was asked. */
export interface PullRequest {
  readonly group: string
  readonly topic: string
  readonly queueId: number
  readonly queueOffset: number
  readonly maxCount: number
  /** To be recorded for the group; undefined when the request does not say so. */
  readonly commitOffset: number | undefined
  /** How long the broker may hold the request; undefined when it may not. */
  readonly suspendMs: number | undefined
}

/** Broker id 0 is the master: where to pull from next. */
const MASTER = 0

/** A pull under way; it waits in the long polling table as it is. */
export class Pull implements HeldPull {
  readonly #broker: BrokerContext
  readonly #call: HotCall<PullMessageResponse>
  readonly #request: PullRequest
  readonly #permit: PullPermit
  readonly deadlineMs: number
  #maySuspend: boolean

  constructor(
    broker: BrokerContext,
    call: HotCall<PullMessageResponse>,
    request: PullRequest,
    permit: PullPermit,
  ) {
    this.#broker = broker
    this.#call = call
    this.#request = request
    this.#permit = permit
    this.#maySuspend = request.suspendMs !== undefined
    this.deadlineMs = broker.runtime.clock.monotonicMs() + this.#holdMs(request.suspendMs ?? 0)
  }

  get topic(): string {
    return this.#request.topic
  }

  get queueId(): number {
    return this.#request.queueId
  }

  get queueOffset(): number {
    return this.#request.queueOffset
  }

  get matchTags(): ((tagsCode: number) => boolean) | undefined {
    return this.#permit.subscription.matchTags
  }

  get isAbandoned(): boolean {
    return this.#call.connection.closed
  }

  /** Records the consumer's offset and reads. */
  start(): void {
    const { group, topic, queueId, commitOffset } = this.#request
    if (commitOffset !== undefined) {
      this.#broker.consumerOffsets.commit(group, topic, queueId, commitOffset)
    }
    this.#read()
  }

  /** Reads again after the wait; this time there is an answer. Never throws: nobody could be told. */
  resume(): void {
    this.#maySuspend = false
    this.#call.suspended = true
    try {
      this.#read()
    } catch (err) {
      this.#fail(err)
    }
  }

  #holdMs(suspendMs: number): number {
    const { longPolling, shortPollingMs } = this.#broker.settings.current
    return longPolling ? suspendMs : shortPollingMs
  }

  #read(): void {
    const { topic, queueId, queueOffset, maxCount } = this.#request
    const { matchTags } = this.#permit.subscription
    const maxBytes = MAX_PULL_BYTES
    const query = { topic, queueId, queueOffset, maxCount, maxBytes, matchTags }
    this.#broker.store.get(query, (result) => {
      try {
        this.#finish(result)
      } catch (err) {
        this.#fail(err)
      }
    })
  }

  #fail(err: unknown): void {
    const { topic, queueId, queueOffset } = this.#request
    this.#broker.logger.error({ err, topic, queueId, queueOffset }, 'a pull cannot be answered')
    if (!this.isAbandoned) this.#call.connection.close()
  }

  #finish(result: GetResult): void {
    const { consumerOffsets, longPolling, stats } = this.#broker
    const { group, topic, queueId, queueOffset } = this.#request
    const code = codeOf(result.status, queueOffset)
    consumerOffsets.commitPulled(group, topic, queueId, result.nextBeginOffset)
    if (code === ResponseCode.SUCCESS) {
      stats.finds++
      stats.transferred += result.messageCount
      this.#call.reply(this.#header(result), result.spans, {
        remark: result.status,
        written: () => result.release(),
      })
      return
    }
    result.release()
    stats.misses++
    if (code === ResponseCode.PULL_NOT_FOUND && this.#maySuspend) longPolling.hold(this)
    else this.#call.reply(this.#header(result), undefined, { code, remark: result.status })
  }

  #header(result: GetResult): PullMessageResponse {
    const { topic, group } = this.#permit
    const { slaveRead } = this.#broker.settings.current
    const next = result.farBehind ? group.whichBrokerWhenConsumeSlowly : group.brokerId
    return {
      suggestWhichBrokerId: slaveRead ? next : MASTER,
      nextBeginOffset: result.nextBeginOffset,
      minOffset: result.minOffset,
      maxOffset: result.maxOffset,
      offsetDelta: undefined,
      topicSysFlag: topic.topicSysFlag,
      groupSysFlag: group.groupSysFlag,
      forbiddenType: undefined,
    }
  }
}
