// SPDX-License-Identifier: Apache-2.0
// The tables a Java broker wrote: read, and written again byte for byte.
import { readFileSync } from 'node:fs'
import {
  decodeSubscriptionGroupWrapper,
  decodeTopicConfigSerializeWrapper,
  encodeSubscriptionGroupWrapper,
  encodeTopicConfigSerializeWrapper,
} from '@rocketmq-ts/remoting/bodies'
import { silentLogger } from '@rocketmq-ts/runtime'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { parseBrokerConfig } from './config.ts'
import { BrokerSettings } from './config/settings.ts'
import { decodeConsumerOffsetFile, encodeConsumerOffsetFile } from './consumer-offset-file.ts'
import { ConsumerOffsetTable } from './consumer-offset-table.ts'
import { decodeDelayOffsetFile, encodeDelayOffsetFile } from './delay-offset-file.ts'
import { SubscriptionGroupTable } from './subscription-group-table.ts'
import { systemTopicsOf } from './system-topics.ts'
import { TopicTable } from './topic-table.ts'

const recorded = new URL('../../remoting/test/golden/config-files.json', import.meta.url)
const { files } = JSON.parse(readFileSync(recorded, 'utf8')) as {
  files: { name: string; hex: string }[]
}

function fileOf(name: string): Buffer {
  return Buffer.from(files.find((file) => file.name === name)!.hex, 'hex')
}

test.each([
  [
    'topics.json',
    (bytes: Uint8Array) =>
      encodeTopicConfigSerializeWrapper(decodeTopicConfigSerializeWrapper(bytes), 'pretty'),
  ],
  [
    'subscriptionGroup.json',
    (bytes: Uint8Array) =>
      encodeSubscriptionGroupWrapper(decodeSubscriptionGroupWrapper(bytes), 'pretty'),
  ],
  [
    'consumerOffset.json',
    (bytes: Uint8Array) => encodeConsumerOffsetFile(decodeConsumerOffsetFile(bytes), 'pretty'),
  ],
  ['delayOffset.json', (bytes: Uint8Array) => encodeDelayOffsetFile(decodeDelayOffsetFile(bytes))],
])('%s is the same after reading and writing', (name, again) => {
  expect(Buffer.from(again(fileOf(name))).toString()).toBe(fileOf(name).toString())
})

function openTables(): {
  readonly topics: TopicTable
  readonly groups: SubscriptionGroupTable
  readonly offsets: ConsumerOffsetTable
  readonly settings: BrokerSettings
} {
  const runtime = simulatedRuntime({ seed: 1 })
  runtime.files.makeDirectory('/config')
  for (const { name } of files) runtime.files.writeFile(`/config/${name}`, fileOf(name))
  const config = parseBrokerConfig({
    brokerClusterName: 'GoldenCluster',
    brokerName: 'broker-golden',
    timerWheelEnable: 'false',
  })
  const { host, clock } = runtime
  const logger = silentLogger
  const nowMs = (): number => clock.nowMs()
  const settings = new BrokerSettings({ config, host, files: runtime.files, logger, nowMs })
  const common = { runtime, logger, settings }
  return {
    settings,
    topics: new TopicTable({ ...common, path: '/config/topics.json' }),
    groups: new SubscriptionGroupTable({ ...common, path: '/config/subscriptionGroup.json' }),
    offsets: new ConsumerOffsetTable({ ...common, path: '/config/consumerOffset.json' }),
  }
}

test('the system topics are those of the Java broker, with the same queues and permissions', () => {
  const java = decodeTopicConfigSerializeWrapper(fileOf('topics.json')).topicConfigTable
  const { settings } = openTables()
  for (const ours of systemTopicsOf(settings.current)) {
    expect(java.get(ours.topicName)).toEqual(ours)
  }
})

test('a broker that starts on Java’s tables has what is in them', () => {
  const { topics, groups, offsets } = openTables()
  const java = decodeTopicConfigSerializeWrapper(fileOf('topics.json'))
  for (const [name, topic] of java.topicConfigTable) expect(topics.get(name)).toEqual(topic)
  expect(topics.version).toEqual(java.dataVersion)
  const javaGroups = decodeSubscriptionGroupWrapper(fileOf('subscriptionGroup.json'))
  expect(groups.all()).toEqual(javaGroups.subscriptionGroupTable)
  expect(groups.isReadForbidden('GoldenGroup', 'TopicTest')).toBe(true)
  const javaOffsets = decodeConsumerOffsetFile(fileOf('consumerOffset.json'))
  expect(offsets.content()).toEqual(javaOffsets)
})
