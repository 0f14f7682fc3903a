// SPDX-License-Identifier: Apache-2.0
// Topics: made by sends and administrators, versioned, kept.
import { silentLogger } from '@rocketmq-ts/runtime'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeEach, describe, expect, test } from 'vitest'
import { parseBrokerConfig } from './config.ts'
import { BrokerSettings } from './config/settings.ts'
import { TopicTable } from './topic-table.ts'

let machine: SimulatedRuntime
beforeEach(() => {
  machine = simulatedRuntime({ seed: 1 })
  machine.files.makeDirectory('/config')
})

function open(properties: Record<string, string> = {}): TopicTable {
  const { host, files, clock } = machine
  const settings = new BrokerSettings({
    config: parseBrokerConfig({ brokerName: 'b', ...properties }),
    host,
    files,
    logger: silentLogger,
    nowMs: () => clock.nowMs(),
  })
  return new TopicTable({
    runtime: machine,
    logger: silentLogger,
    settings,
    path: '/config/topics.json',
  })
}

const wish = { defaultTopic: 'TBW102', defaultTopicQueueNums: 4, topicSysFlag: 0, producer: 'p' }

describe('a topic made by a send', () => {
  test.each([
    [4, 4],
    [16, 8],
    [0, 0],
    [-3, 0],
  ])('asked for with %i queues gets %i', (asked, queues) => {
    const topic = open().getOrInherit('T', { ...wish, defaultTopicQueueNums: asked })
    expect([topic!.readQueueNums, topic!.writeQueueNums, topic!.perm]).toEqual([queues, queues, 6])
  })

  test.each([
    ['one that does not exist', 'Nope'],
    ['one that does not allow it', 'BenchmarkTest'],
  ])('is not made after %s', (_, defaultTopic) => {
    expect(open().getOrInherit('T', { ...wish, defaultTopic })).toBeUndefined()
  })

  test('is not made after TBW102 when that is switched off', () => {
    const table = open({ autoCreateTopicEnable: 'false' })
    expect(table.getOrInherit('T', wish)).toBeUndefined()
    expect(table.get('TBW102')).toBeUndefined()
  })

  test('is the one that exists, unchanged', () => {
    const table = open()
    const first = table.getOrInherit('T', wish)
    expect(table.getOrInherit('T', { ...wish, defaultTopicQueueNums: 2 })).toBe(first)
  })
})

test('each change is a new version, is told, and survives a restart', () => {
  const table = open()
  const told: string[] = []
  table.onChange(({ topicName }) => told.push(topicName))
  const before = table.version.counter
  const topic = table.getOrInherit('A', wish)!
  table.update({ ...topic, perm: 4 })
  table.getOrCreate({ topic: '%RETRY%G', queueCount: 1, perm: 6, topicSysFlag: 0 })
  expect(told).toEqual(['A', 'A', '%RETRY%G'])
  expect(table.version.counter).toBe(before + 3)
  const again = open()
  expect(again.get('A')!.perm).toBe(4)
  expect(again.version).toEqual(table.version)
})

test('a deleted topic is gone after a restart', () => {
  const table = open()
  table.getOrInherit('A', wish)
  expect(table.delete('A')).toBe(true)
  expect(table.delete('A')).toBe(false)
  expect(open().get('A')).toBeUndefined()
})

test('a retry topic becomes ordered when its group consumes in order', () => {
  const table = open()
  const retry = { topic: '%RETRY%G', queueCount: 1, perm: 6, topicSysFlag: 0 }
  expect(table.getOrCreate(retry).order).toBe(false)
  expect(table.getOrCreate({ ...retry, order: true }).order).toBe(true)
  expect(table.getOrCreate(retry).order).toBe(true)
})

test.each([
  ['TBW102', true],
  ['rmq_sys_anything', true],
  ['b', true],
  ['DefaultCluster', true],
  ['DefaultCluster_REPLY_TOPIC', true],
  ['T', false],
])('%s is a system topic: %s', (topic, isSystem) => {
  expect(open().isSystem(topic)).toBe(isSystem)
})
