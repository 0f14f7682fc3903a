// SPDX-License-Identifier: Apache-2.0
// GET_SYSTEM_TOPIC_LIST_FROM_BROKER: the fixed names, and those that follow from the broker's settings.
import { expect, test } from 'vitest'
import { ResponseCode } from '@rocketmq-ts/remoting'
import { decodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getSystemTopicListFromBroker } from '@rocketmq-ts/remoting/requests'
import { SimulatedBroker } from '../../test/simulated-broker.ts'

/** TopicValidator's set once TopicConfigManager.init has added to it. */
const usual = [
  'BenchmarkTest',
  'C',
  'CHECKPOINT_TOPIC',
  'C_REPLY_TOPIC',
  'OFFSET_MOVED_EVENT',
  'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC',
  'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC',
  'RMQ_SYS_TRACE_TOPIC',
  'RMQ_SYS_TRANS_HALF_TOPIC',
  'RMQ_SYS_TRANS_OP_HALF_TOPIC',
  'SCHEDULE_TOPIC_XXXX',
  'SELF_TEST_TOPIC',
  'TBW102',
  'TRANS_CHECK_MAX_TIME_TOPIC',
  'b',
  'rmq_sys_REVIVE_LOG_C',
  'rmq_sys_SYNC_BROKER_MEMBER_b',
  'rmq_sys_wheel_timer',
]

async function systemTopicsOf(broker: SimulatedBroker): Promise<readonly string[]> {
  const answer = await broker.ask(getSystemTopicListFromBroker, {})
  expect(answer).toMatchObject({ code: ResponseCode.SUCCESS, remark: undefined })
  const { brokerAddr, topicList } = decodeTopicList(answer.body)
  expect(brokerAddr).toBeUndefined()
  return topicList.toSorted()
}

test.each([
  { given: 'as configured by default', config: {}, more: [] },
  // TBW102 is the system's also where no topic is made after it.
  { given: 'without automatic creation', config: { autoCreateTopicEnable: 'false' }, more: [] },
  {
    given: 'with a trace topic of another name',
    config: { traceTopicEnable: 'true', msgTraceTopicName: 'Trace' },
    more: ['Trace'],
  },
])('a broker $given names its system topics', async ({ config, more }) => {
  const broker = await SimulatedBroker.start(config)
  expect(await systemTopicsOf(broker)).toEqual([...usual, ...more].toSorted())
})

test('a topic that users made is not the system’s, whatever it is called', async () => {
  const broker = await SimulatedBroker.start()
  await broker.send('rmq_sys_of_a_user', 0, new Uint8Array(1))
  expect(await systemTopicsOf(broker)).toEqual(usual.toSorted())
})
