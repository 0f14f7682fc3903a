// SPDX-License-Identifier: Apache-2.0
// Consumer offsets: commit, query, forget, keep.
import type { Logger } from '@rocketmq-ts/runtime'
import { silentLogger } from '@rocketmq-ts/runtime'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeEach, expect, test } from 'vitest'
import { parseBrokerConfig } from './config.ts'
import { BrokerSettings } from './config/settings.ts'
import { ConsumerOffsetTable } from './consumer-offset-table.ts'

let machine: SimulatedRuntime
beforeEach(() => {
  machine = simulatedRuntime({ seed: 1 })
  machine.files.makeDirectory('/config')
})

function open(logger: Logger = silentLogger): ConsumerOffsetTable {
  const { host, files, clock } = machine
  const config = parseBrokerConfig({ consumerOffsetUpdateVersionStep: '3' })
  const settings = new BrokerSettings({ config, host, files, logger, nowMs: () => clock.nowMs() })
  return new ConsumerOffsetTable({
    runtime: machine,
    logger,
    settings,
    path: '/config/consumerOffset.json',
  })
}

test('keeps groups, topics and queues apart', () => {
  const table = open()
  table.commit('G', 'T', 0, 5)
  expect(table.get('G', 'T', 0)).toBe(5)
  for (const [group, topic, queueId] of [
    ['G', 'T', 1],
    ['G', 'U', 0],
    ['H', 'T', 0],
  ] as const) {
    expect(table.get(group, topic, queueId)).toBeUndefined()
  }
})

test('what was written in the background is there after a restart', async () => {
  const table = open()
  table.commit('G', 'T', 0, 5)
  table.commitPulled('G', 'T', 0, 9)
  table.persistSoon()
  await machine.run()
  expect([open().get('G', 'T', 0), open().pulled('G', 'T', 0)]).toEqual([5, 9])
})

test('is not written when nothing changed', async () => {
  open().persistSoon()
  await machine.run()
  expect(machine.files.stat('/config/consumerOffset.json')).toBeUndefined()
})

test('a group whose name holds an @ is read back as it was', () => {
  const table = open()
  table.commit('G@x', 'T', 0, 5)
  table.persist()
  expect(open().get('G@x', 'T', 0)).toBe(5)
})

test('going back is allowed and noted', () => {
  const noted: object[] = []
  const table = open({ ...silentLogger, warn: (facts) => noted.push(facts) })
  table.commit('G', 'T', 0, 5)
  table.commit('G', 'T', 0, 3)
  expect(table.get('G', 'T', 0)).toBe(3)
  expect(noted).toEqual([{ group: 'G', topic: 'T', queueId: 0, offset: 3, before: 5 }])
})

test('a forgotten topic is gone for every group', () => {
  const table = open()
  table.commit('G', 'T', 0, 5)
  table.commit('H', 'T', 0, 5)
  table.commit('H', 'U', 0, 1)
  table.forgetTopic('T')
  expect([table.get('G', 'T', 0), table.get('H', 'T', 0), table.get('H', 'U', 0)]).toEqual([
    undefined,
    undefined,
    1,
  ])
  expect(table.groupsOf('T')).toEqual([])
})

test('the version moves once per so many commits', () => {
  const table = open()
  for (let at = 0; at < 7; at += 1) table.commit('G', 'T', 0, at)
  expect(table.version.counter).toBe(2)
})
