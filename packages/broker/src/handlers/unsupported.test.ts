// SPDX-License-Identifier: Apache-2.0
// Every code that Java's broker serves is served here, or listed with the reason why not.
import type { RequestType } from '@rocketmq-ts/remoting'
import * as requests from '@rocketmq-ts/remoting/requests'
import { expect, test } from 'vitest'
import { BrokerWorld } from '../../test/broker-world.ts'
import type { BrokerContext } from '../context.ts'
import { createHandlers } from './index.ts'
import { unsupported } from './unsupported.ts'

/** The codes for which BrokerController of 5.5.0 registers a processor, and those AdminBrokerProcessor switches over. */
const javaCodes = [
  10, 11, 12, 14, 15, 17, 18, 21, 25, 26, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 41, 42, 43,
  45, 46, 60, 61, 200, 201, 202, 203, 204, 207, 208, 215, 222, 223, 225, 300, 303, 305, 306, 307,
  308, 309, 310, 314, 315, 316, 317, 320, 321, 323, 324, 325, 328, 329, 343, 345, 351, 352, 353,
  354, 355, 361, 370, 400, 401, 402, 513, 905, 906, 907, 908, 1007, 1008, 2001, 2002, 2003, 2004,
  3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010, 5001, 200050, 200051, 200052, 200053,
  200054, 200055, 200056, 200070, 200071, 200074, 200075, 200076, 200077, 200078, 200079, 200151,
]

const listed = unsupported.flatMap(({ codes }) => Object.keys(codes).map(Number))
const byNumber = (a: number, b: number): number => a - b

async function servedCodes(): Promise<number[]> {
  const { machine } = await BrokerWorld.start()
  // Handlers only look at their broker when they are called.
  const context = { runtime: machine } as unknown as BrokerContext
  return createHandlers(context).map(({ type }) => type.code)
}

test('served and listed codes together are Java’s, and none is both', async () => {
  const all = [...(await servedCodes()), ...listed]
  expect(all.toSorted(byNumber)).toEqual(javaCodes.toSorted(byNumber))
})

test('a listed code is answered as Java answers one it does not know', async () => {
  const world = await BrokerWorld.start()
  const schemas = Object.values(requests) as RequestType<object, object>[]
  const [schema] = schemas
  for (const code of listed) {
    const type = { ...schema!, code, request: {}, response: {} } as RequestType<object, object>
    expect(await world.outcome(type, {})).toEqual([3, ` request type ${code} not supported`])
  }
})
