// SPDX-License-Identifier: Apache-2.0
// Settings in force: filled from the machine, changed while running, kept in the file.
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { silentLogger } from '@rocketmq-ts/runtime'
import { beforeEach, describe, expect, test } from 'vitest'
import { parseBrokerConfig } from '../config.ts'
import { BrokerSettings } from './settings.ts'

let machine: SimulatedRuntime
beforeEach(() => {
  machine = simulatedRuntime({ seed: 1, host: '10.1.2.3' })
})

function open(properties: Record<string, string>, path?: string): BrokerSettings {
  return new BrokerSettings({
    config: parseBrokerConfig(properties),
    host: machine.host,
    files: machine.files,
    logger: silentLogger,
    nowMs: () => machine.clock.nowMs(),
    ...(path === undefined ? {} : { path }),
  })
}

test('name, address and directory come from the machine when they are not given', () => {
  const { brokerName, ip, replicationIp, storeDirectory } = open({}).current
  expect([brokerName, ip, replicationIp, storeDirectory]).toEqual([
    'sim-10-1-2-3',
    '10.1.2.3',
    '10.1.2.3',
    '/home/sim/store',
  ])
})

test('the properties are every key with its value, sorted, without those that have none', () => {
  const lines = open({ brokerName: 'b', popPollingSize: '7' }).asProperties().split('\n')
  expect(lines).toContain('brokerName=b')
  expect(lines).toContain('popPollingSize=7')
  expect(lines).toContain('reviveInterval=1000')
  expect(lines).toContain('haListenPort=10912')
  expect(lines.some((line) => line.startsWith('haMasterAddress='))).toBe(false)
  const keys = lines.slice(0, -1)
  expect(keys).toEqual(keys.toSorted())
})

describe('a change', () => {
  test('of a setting we follow holds at once', () => {
    const settings = open({})
    expect(settings.update(new Map([['autoCreateTopicEnable', 'false']]))).toEqual([
      'autoCreateTopicEnable',
    ])
    expect(settings.current.autoCreateTopics).toBe(false)
  })

  test('of a setting that only a start reads is told and kept, but does not hold yet', () => {
    const settings = open({ listenPort: '20911' })
    settings.update(new Map([['listenPort', '30911']]))
    expect(settings.current.listenPort).toBe(20911)
    expect(settings.asProperties()).toContain('listenPort=30911\n')
    settings.update(new Map([['traceOn', 'false']]))
    expect(settings.current.listenPort).toBe(20911)
  })

  test.each([
    ['of an unknown key', 'whatever', '1'],
    ['to a text that does not fit', 'listenPort', 'abc'],
    ['to what it is already', 'listenPort', '10911'],
  ])('%s changes nothing', (_, key, value) => {
    const settings = open({})
    const before = settings.version
    expect(settings.update(new Map([[key, value]]))).toEqual([])
    expect(settings.version).toEqual(before)
  })

  test('bumps the version', () => {
    const settings = open({})
    settings.update(new Map([['traceOn', 'false']]))
    expect(settings.version.counter).toBe(1)
  })

  test('is written into the file, and nothing else is', () => {
    machine.files.makeDirectory('/conf')
    machine.files.writeFile(
      '/conf/broker.conf',
      Buffer.from('# mine\nbrokerName=b\ntraceOn=true\n'),
    )
    const settings = open({ brokerName: 'b', traceOn: 'true' }, '/conf/broker.conf')
    settings.update(
      new Map([
        ['traceOn', 'false'],
        ['regionId', 'eu'],
      ]),
    )
    expect(Buffer.from(machine.files.readFile('/conf/broker.conf')!).toString()).toBe(
      'brokerName=b\ntraceOn=false\nregionId=eu\n',
    )
  })
})
