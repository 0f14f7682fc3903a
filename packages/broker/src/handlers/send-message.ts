// SPDX-License-Identifier: Apache-2.0
// SEND_MESSAGE, SEND_MESSAGE_V2 and SEND_BATCH_MESSAGE: check, append at once, answer when the message is safe.
import {
  handleHot,
  ResponseCode,
  slotsOf,
  type Connection,
  type FieldView,
  type Handler,
  type HotCall,
  type Refusal,
} from '@rocketmq-ts/remoting'
import type { TopicConfig } from '@rocketmq-ts/remoting/bodies'
import { encodeHost, SysFlag, UniqueKeys } from '@rocketmq-ts/remoting/message'
import {
  sendBatchMessage,
  sendMessage,
  sendMessageV2,
  type SendMessageRequest,
  type SendMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import type { MessageToStore } from '@rocketmq-ts/store'
import type { BrokerContext } from '../context.ts'
import { required } from '../field-or-absent.ts'
import { InternedText } from '../interned-text.ts'
import { MAX_QUEUE_ID_SEED, pickQueue } from '../pick-queue.ts'
import {
  checkBroker,
  checkOpen,
  checkQueue,
  checkTopicName,
  createForSend,
} from '../send/check-send.ts'
import { MessageIdText } from '../send/message-id-text.ts'
import { batchRefusal, putRefusal } from '../send/put-refusal.ts'
import { deadLetterTopicFor, VERSION_WITH_MAX_RECONSUME_TIMES } from '../send/retry-topic.ts'
import { SendWaiter, type SendWaiterOwner } from '../send/send-waiter.ts'
import { routeSpecial } from '../send/special-properties.ts'
import { StoredProperties } from '../send/stored-properties.ts'
import { isCompacted } from '../topic-attributes.ts'
import { RETRY_PREFIX } from '../topic-names.ts'

type Call = HotCall<SendMessageResponse>

/** All three codes share one path and one set of reused objects. */
export function onSendMessage(broker: BrokerContext): readonly Handler[] {
  const path = new SendPath(broker)
  const slots = slotsOf(sendMessage.request)
  const send = (call: Call): void => path.send(call, slots)
  return [
    handleHot(sendMessage, send),
    handleHot(sendMessageV2, send),
    handleHot(sendBatchMessage, (call: Call) => path.sendBatch(call, slots)),
  ]
}

type Slots = { readonly [K in keyof SendMessageRequest]: number }

const NOTHING = new Uint8Array(0)

/** The path of every send. Everything in it is reused: the store copies what it keeps before `append` returns. */
class SendPath {
  readonly #broker: BrokerContext
  readonly #topics = new InternedText()
  readonly #properties = new StoredProperties()
  /** Made at the first send: the store host has its port only once the server listens. */
  #messageIds: MessageIdText | undefined
  readonly #uniqueKeys: UniqueKeys
  readonly #waiters: SendWaiter[] = []
  readonly #owner: SendWaiterOwner
  readonly #bornHosts = new Map<Connection, Uint8Array>()
  readonly #message: MessageToStore
  /** Set by {@link #checked} for its caller. */
  #topic: TopicConfig | undefined

  constructor(broker: BrokerContext) {
    this.#broker = broker
    this.#uniqueKeys = new UniqueKeys(broker.runtime)
    const { stats, runtime } = broker
    this.#owner = {
      free: this.#waiters,
      stored: (waiter) => {
        const tookMs = runtime.clock.nowMs() - waiter.storeTimestampMs
        stats.stored(waiter.messageCount, waiter.storedBytes, tookMs)
      },
      failed: (err) => broker.logger.error({ err }, 'a send cannot be answered'),
    }
    this.#message = {
      topic: '',
      queueId: 0,
      flag: 0,
      sysFlag: 0,
      bornTimestampMs: 0,
      bornHost: NOTHING,
      storeHost: broker.storeHost,
      reconsumeTimes: 0,
      preparedTransactionOffset: 0,
      tagsCode: 0,
      body: NOTHING,
      properties: NOTHING,
    }
  }

  /** Codes 10 and 310. A batch may come under them, marked as such. */
  send(call: Call, slots: Slots): void {
    const { fields } = call
    if (fields.boolean(slots.batch) === true) return this.sendBatch(call, slots)
    const refusal =
      this.#checked(call, slots) ?? this.#fill(call, slots) ?? this.#appendOne(call, fields, slots)
    if (refusal !== undefined) this.#refuse(call, refusal)
  }

  /** Code 320. */
  sendBatch(call: Call, slots: Slots): void {
    const refusal = this.#checked(call, slots) ?? this.#fill(call, slots) ?? this.#appendBatch(call)
    if (refusal !== undefined) this.#refuse(call, refusal)
  }

  /** May it be sent: leaves the topic in `#topic` and its name and queue in `#message`. */
  #checked(call: Call, slots: Slots): Refusal | undefined {
    const broker = this.#broker
    const { fields } = call
    const { acceptSendsFromMs } = broker.settings.current
    if (acceptSendsFromMs > 0 && broker.runtime.clock.nowMs() < acceptSendsFromMs) {
      const until = new Date(acceptSendsFromMs).toISOString()
      return refusal(ResponseCode.SYSTEM_ERROR, `broker unable to service, until ${until}`)
    }
    const name = required(this.#topics.of(fields, slots.topic), 'topic')
    let topic = broker.topics.get(name)
    if (topic === undefined) {
      const created = this.#topicFor(name, call, slots)
      if ('kind' in created) return created
      topic = created
    }
    const refused = checkOpen(name) ?? checkBroker(broker, topic)
    if (refused !== undefined) return refused
    let queueId = fields.int32(slots.queueId)
    const producer = call.connection.remoteAddress
    const wrongQueue = checkQueue(topic, queueId, producer)
    if (wrongQueue !== undefined) return wrongQueue
    if (queueId < 0) {
      if (topic.writeQueueNums <= 0) {
        return refusal(ResponseCode.SYSTEM_ERROR, `topic[${name}] has no queue that can be written`)
      }
      queueId = pickQueue(broker.runtime.random.below(MAX_QUEUE_ID_SEED), topic.writeQueueNums)
    }
    this.#topic = topic
    this.#message.topic = name
    this.#message.queueId = queueId
    return undefined
  }

  /** The topic of a send to a topic that does not exist. */
  #topicFor(name: string, call: Call, slots: Slots): TopicConfig | Refusal {
    const { fields } = call
    const refused = checkTopicName(name) ?? checkOpen(name)
    if (refused !== undefined) return refused
    return createForSend(this.#broker, name, {
      defaultTopic: fields.string(slots.defaultTopic) ?? '',
      defaultTopicQueueNums: fields.has(slots.defaultTopicQueueNums)
        ? fields.int32(slots.defaultTopicQueueNums)
        : 0,
      unitMode: fields.boolean(slots.unitMode) === true,
      producer: call.connection.remoteAddress,
    })
  }

  /** What single messages and batches share. */
  #fill(call: Call, slots: Slots): Refusal | undefined {
    const { fields, body } = call
    if (body.length === 0) return refusal(ResponseCode.SYSTEM_ERROR, 'the request has no body')
    const message = this.#message
    message.flag = fields.int32(slots.flag)
    message.sysFlag = fields.int32(slots.sysFlag)
    if (this.#topic?.topicFilterType === 'MULTI_TAG') message.sysFlag |= SysFlag.MULTI_TAGS
    if ((message.sysFlag & SysFlag.INNER_BATCH) !== 0) {
      // Only batch consume queues, which this store does not have, take several messages as one record.
      return putRefusal('MESSAGE_ILLEGAL', this.#broker.settings.current.maxMessageBytes)
    }
    message.bornTimestampMs = fields.offset(slots.bornTimestamp)
    message.bornHost = this.#bornHost(call.connection)
    message.reconsumeTimes = fields.has(slots.reconsumeTimes)
      ? fields.int32(slots.reconsumeTimes)
      : 0
    message.body = body
    if (!this.#properties.load(fields, slots.properties)) {
      return putRefusal('PROPERTIES_SIZE_EXCEEDED', this.#broker.settings.current.maxMessageBytes)
    }
    return undefined
  }

  #appendOne(call: Call, fields: FieldView, slots: Slots): Refusal | undefined {
    const broker = this.#broker
    const config = broker.settings.current
    const message = this.#message
    const properties = this.#properties
    // The answer tells the queue the sender asked for, also when a delay sends the message elsewhere first.
    const { queueId } = message
    if (isCompacted(this.#topic?.attributes) && !properties.hasKeys) {
      return refusal(ResponseCode.MESSAGE_ILLEGAL, 'Required message key is missing')
    }
    const isRetry = message.topic.startsWith(RETRY_PREFIX)
    if (isRetry || properties.isSpecial) {
      const refused = this.#route(isRetry ? this.#deadLetters(call, fields, slots) : undefined)
      if (refused !== undefined) return refused
    }
    let uniqueKey = properties.uniqueKey
    if (uniqueKey === undefined) {
      uniqueKey = this.#uniqueKeys.next()
      properties.addUniqueKey(uniqueKey)
    }
    message.tagsCode = properties.tagsCode
    message.properties = properties.finish(config)
    const appended = broker.store.append(message)
    const { status, offset, recordBytes, queueOffset, storeTimestampMs } = appended
    if (status !== 'PUT_OK') {
      broker.stats.putFailures++
      return putRefusal(status, config.maxMessageBytes)
    }
    const waiter = this.#waiter(call)
    const { header } = waiter
    header.msgId = this.#messageIdOf(offset)
    header.queueId = queueId
    header.queueOffset = queueOffset
    header.transactionId = uniqueKey
    waiter.storeTimestampMs = storeTimestampMs
    waiter.storedBytes = recordBytes
    waiter.messageCount = 1
    broker.store.whenSafe(offset + recordBytes, waiter, properties.waitFlush)
    return undefined
  }

  #appendBatch(call: Call): Refusal | undefined {
    const broker = this.#broker
    const message = this.#message
    if (message.topic.startsWith(RETRY_PREFIX)) {
      return refusal(
        ResponseCode.MESSAGE_ILLEGAL,
        `batch request does not support retry group ${message.topic}`,
      )
    }
    const { queueId } = message
    message.properties = NOTHING
    message.tagsCode = 0
    const batch = broker.store.appendBatch(message)
    const { status, offset, recordBytes, queueOffset, storeTimestampMs, count } = batch
    if (status !== 'PUT_OK') {
      broker.stats.putFailures++
      return batchRefusal(status, message.body, broker.settings.current.maxMessageBytes)
    }
    const waiter = this.#waiter(call)
    const { header } = waiter
    let ids = this.#messageIdOf(offset)
    for (let at = 1; at < count; at++) ids += `,${this.#messageIdOf(batch.offsets[at] ?? 0)}`
    header.msgId = ids
    header.queueId = queueId
    header.queueOffset = queueOffset
    header.transactionId = this.#properties.uniqueKey
    waiter.storeTimestampMs = storeTimestampMs
    waiter.storedBytes = recordBytes
    waiter.messageCount = count
    broker.store.whenSafe(offset + recordBytes, waiter, this.#properties.waitFlush)
    return undefined
  }

  /** The dead letter topic when the message was tried too often. */
  #deadLetters(call: Call, fields: FieldView, slots: Slots): string | Refusal | undefined {
    const tellsLimit =
      call.version >= VERSION_WITH_MAX_RECONSUME_TIMES && fields.has(slots.maxReconsumeTimes)
    return deadLetterTopicFor(this.#broker, this.#message.topic, {
      reconsumeTimes: this.#message.reconsumeTimes,
      maxReconsumeTimes: tellsLimit ? fields.int32(slots.maxReconsumeTimes) : undefined,
    })
  }

  /** Sends a message with special properties where they say. */
  #route(deadLetters: string | Refusal | undefined): Refusal | undefined {
    if (typeof deadLetters === 'object') return deadLetters
    return routeSpecial(this.#broker, this.#message, this.#properties, deadLetters)
  }

  #waiter(call: Call): SendWaiter {
    const waiter = this.#waiters.pop() ?? new SendWaiter(this.#owner)
    const { regionId, traceOn } = this.#broker.settings.current
    waiter.call = call
    waiter.header.MSG_REGION = regionId
    waiter.header.TRACE_ON = traceOn ? 'true' : 'false'
    return waiter
  }

  /** A refusal of a send carries region and trace switch as well. */
  #refuse(call: Call, { code, remark }: Refusal): void {
    const { regionId, traceOn } = this.#broker.settings.current
    const header = { MSG_REGION: regionId, TRACE_ON: traceOn ? 'true' : 'false' }
    call.reply(header as SendMessageResponse, undefined, { code, remark })
  }

  #messageIdOf(offset: number): string {
    this.#messageIds ??= new MessageIdText(this.#broker.storeHost)
    return this.#messageIds.of(offset)
  }

  #bornHost(connection: Connection): Uint8Array {
    const known = this.#bornHosts.get(connection)
    if (known !== undefined) return known
    const host = encodeHost(connection.remote)
    this.#bornHosts.set(connection, host)
    connection.onClose(() => this.#bornHosts.delete(connection))
    return host
  }
}

function refusal(code: number, remark: string): Refusal {
  return { kind: 'refusal', code, remark }
}
