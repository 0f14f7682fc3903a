// SPDX-License-Identifier: Apache-2.0
// The short form of the fuzz lane, and that its seeds say the same each time.
import { SimRandom } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { loadCorpus } from './corpus.ts'
import { fuzz } from './fuzz.ts'
import { Generator } from './generate.ts'

test('spoiled frames are answered or end their connection, and good ones in between are served', async () => {
  const { failures, outcomes, passed } = await fuzz({
    frames: 500,
    seed: 1,
    say: () => undefined,
  })
  expect(failures).toEqual([])
  expect(passed).toBe(20)
  expect(outcomes.frames).toBe(500)
  // Enough of both kinds: neither is all answered nor all closed what is sent.
  expect(outcomes.probes).toBeGreaterThan(200)
  expect(outcomes.closed).toBeGreaterThan(100)
  expect(outcomes.records).toBeGreaterThan(300)
  expect(outcomes.bodies).toBeGreaterThan(50)
})

test('a seed gives the same frames each time, another one others', () => {
  const framesOf = (seed: number): string[] => {
    const random = new SimRandom(seed)
    const generator = new Generator(loadCorpus())
    return Array.from({ length: 50 }, () => generator.next(random).toString('base64'))
  }
  expect(framesOf(7)).toEqual(framesOf(7))
  expect(framesOf(8)).not.toEqual(framesOf(7))
})
