// SPDX-License-Identifier: Apache-2.0
// UPDATE_AND_CREATE_TOPIC: an administrator creates a topic on this broker or changes it.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import type { TopicConfig } from '@rocketmq-ts/remoting/bodies'
import {
  updateAndCreateTopic,
  type UpdateAndCreateTopicRequest,
} from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { MAX_QUEUE_COUNT } from '../queue-count.ts'
import { alteredAttributes, parseAttributeChanges } from '../topic-attributes.ts'
import { topicNameFault } from '../topic-names.ts'

/** Java leaves the text of a new response as it is when this succeeds. */
const UNSET = 'not set any response code'

/** A change that changes nothing succeeds without a new version. @see AdminBrokerProcessor.updateAndCreateTopic */
export function onUpdateAndCreateTopic(broker: BrokerContext): Handler {
  return handle(updateAndCreateTopic, ({ request }) => {
    const { topic } = request
    const fault = topicNameFault(topic)
    if (fault !== undefined) return refuse(ResponseCode.INVALID_PARAMETER, fault)
    if (broker.settings.current.checkSystemTopics && broker.topics.isSystem(topic)) {
      return refuse(
        ResponseCode.INVALID_PARAMETER,
        `The topic[${topic}] is conflict with system topic.`,
      )
    }
    if (request.topicFilterType !== 'SINGLE_TAG' && request.topicFilterType !== 'MULTI_TAG') {
      return refuse(
        ResponseCode.SYSTEM_ERROR,
        `topicFilterType = [${request.topicFilterType}] value invalid`,
      )
    }
    const queueCount = Math.max(request.readQueueNums, request.writeQueueNums)
    if (queueCount > MAX_QUEUE_COUNT) {
      return refuse(
        ResponseCode.INVALID_PARAMETER,
        `The topic[${topic}] cannot have ${queueCount} queues, the most are ${MAX_QUEUE_COUNT}.`,
      )
    }
    const existing = broker.topics.get(topic)
    const changes = parseAttributeChanges(request.attributes ?? '')
    if (changes.kind === 'fault') return refuse(ResponseCode.SYSTEM_ERROR, changes.text)
    if (
      changes.value.get('+message.type') === 'MIXED' &&
      !broker.settings.current.mixedMessageTypes
    ) {
      return refuse(ResponseCode.INVALID_PARAMETER, 'MIXED message type is not supported.')
    }
    const attributes = alteredAttributes(existing?.attributes, changes.value)
    if (attributes.kind === 'fault') return refuse(ResponseCode.SYSTEM_ERROR, attributes.text)
    const wanted = configOf(request, attributes.value)
    if (existing === undefined || !isSame(existing, wanted)) broker.topics.update(wanted)
    return reply({}, { remark: UNSET })
  })
}

function configOf(
  request: UpdateAndCreateTopicRequest,
  attributes: ReadonlyMap<string, string>,
): TopicConfig {
  return {
    attributes,
    order: request.order,
    perm: request.perm,
    readQueueNums: request.readQueueNums,
    topicFilterType: request.topicFilterType === 'MULTI_TAG' ? 'MULTI_TAG' : 'SINGLE_TAG',
    topicName: request.topic,
    topicSysFlag: request.topicSysFlag ?? 0,
    writeQueueNums: request.writeQueueNums,
  }
}

function isSame(left: TopicConfig, right: TopicConfig): boolean {
  return (
    left.order === right.order &&
    left.perm === right.perm &&
    left.readQueueNums === right.readQueueNums &&
    left.writeQueueNums === right.writeQueueNums &&
    left.topicFilterType === right.topicFilterType &&
    left.topicSysFlag === right.topicSysFlag &&
    left.attributes.size === right.attributes.size &&
    [...left.attributes].every(([key, value]) => right.attributes.get(key) === value)
  )
}
