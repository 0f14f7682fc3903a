// SPDX-License-Identifier: Apache-2.0
import { hasAccessRule, openRequests } from '@rocketmq-ts/acl'
import { noFields, ResponseCode, type NoFields, type RequestType } from '@rocketmq-ts/remoting'
import * as requests from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { BROKER_IP, BrokerWorld } from '../../test/broker-world.ts'

function isRequestType(value: unknown): value is RequestType<NoFields, NoFields> {
  return typeof value === 'object' && value !== null && 'code' in value && 'request' in value
}

test('every request the broker answers has a rule, or a reason to need none', async () => {
  const machine = simulatedRuntime({ seed: 1, host: BROKER_IP })
  const properties = { aclEnable: 'true', rocketmqHome: '/home' }
  machine.files.makeDirectory('/home/conf')
  const white = Buffer.from('globalWhiteRemoteAddresses: ["*"]\n')
  machine.files.writeFile('/home/conf/plain_acl.yml', white)
  const world = await BrokerWorld.start({ machine, properties })
  const types = Object.values(requests as Readonly<Record<string, unknown>>).filter(isRequestType)
  const plainCodes = [50, 51, 52, 53, 54].map((code) => ({ code, name: 'of 1.0' }))
  const served: string[] = []
  const uncovered: string[] = []
  for (const { code, name } of [...types, ...plainCodes]) {
    // Nothing but the code: most are refused for what they lack, which is an answer too.
    const bare = { code, name, request: noFields, response: noFields }
    const answer = await world.call(bare, {}, { timeoutMs: 60_000 })
    if (answer.code === ResponseCode.REQUEST_CODE_NOT_SUPPORTED) continue
    served.push(name)
    if (hasAccessRule(code) === openRequests.has(code)) uncovered.push(`${code} ${name}`)
  }
  expect(served.length).toBeGreaterThan(40)
  expect(uncovered).toEqual([])
})
