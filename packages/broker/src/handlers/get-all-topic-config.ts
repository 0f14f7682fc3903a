// SPDX-License-Identifier: Apache-2.0
// GET_ALL_TOPIC_CONFIG: all topic configurations, page by page.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicConfigAndMappingSerializeWrapper } from '@rocketmq-ts/remoting/bodies'
import { getAllTopicConfig } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { firstVersion } from '../data-version-step.ts'
import { pageOf } from '../page.ts'

/** @see AdminBrokerProcessor.getAllTopicConfig */
export function onGetAllTopicConfig(broker: BrokerContext): Handler {
  const mappingDataVersion = firstVersion(broker.runtime.clock.nowMs())
  return handle(getAllTopicConfig, ({ request }) => {
    const { topicSeq, maxTopicNum, dataVersion } = request
    const { topics } = broker
    const page = pageOf(topics.all(), topics.version, {
      start: topicSeq,
      count: maxTopicNum,
      dataVersion,
    })
    const body = encodeTopicConfigAndMappingSerializeWrapper({
      dataVersion: topics.version,
      mappingDataVersion,
      topicConfigTable: page.entries,
    })
    return reply({ totalTopicNum: page.total }, { body: [body] })
  })
}
