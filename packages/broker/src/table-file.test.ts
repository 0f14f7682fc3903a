// SPDX-License-Identifier: Apache-2.0
// A table on disk: read with its backup, written at once or in the background.
import { silentLogger } from '@rocketmq-ts/runtime'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeEach, expect, test } from 'vitest'
import { TableFile } from './table-file.ts'

const PATH = '/config/table.json'
let machine: SimulatedRuntime
beforeEach(() => {
  machine = simulatedRuntime({ seed: 3 })
  machine.files.makeDirectory('/config')
  machine.files.flushDirectory('/')
})

function open(): TableFile<unknown> {
  return new TableFile<unknown>({
    files: machine.files,
    logger: silentLogger,
    path: PATH,
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown,
    encode: (table) => Buffer.from(JSON.stringify(table)),
  })
}

test('no file is no table', () => {
  expect(open().load()).toBeUndefined()
})

test('what was saved is read back, and the one before is the backup', () => {
  open().save({ at: 1 })
  open().save({ at: 2 })
  expect(open().load()).toEqual({ at: 2 })
  machine.files.remove(PATH)
  expect(open().load()).toEqual({ at: 1 })
})

test('a torn file is read from its backup', () => {
  open().save({ at: 1 })
  open().save({ at: 2 })
  machine.files.writeFile(PATH, Buffer.from('{"at'))
  expect(open().load()).toEqual({ at: 1 })
})

test('a table that cannot be read at all stops the start instead of being forgotten', () => {
  machine.files.writeFile(PATH, Buffer.from('{"at'))
  expect(() => open().load()).toThrow(PATH)
})

test('writing in the background ends with the newest table', async () => {
  const file = open()
  for (let at = 1; at <= 5; at += 1) file.saveSoon({ at })
  await machine.run()
  expect(open().load()).toEqual({ at: 5 })
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'losing power while it writes keeps a whole table (seed %i)',
  async (seed) => {
    machine = simulatedRuntime({ seed })
    machine.files.makeDirectory('/config')
    machine.files.flushDirectory('/')
    open().save({ at: 1 })
    open().save({ at: 2 })
    open().saveSoon({ at: 3 })
    await machine.advance((seed % 4) * 0.3)
    machine = machine.crash('power')
    expect([1, 2, 3]).toContain((open().load() as { at: number }).at)
  },
)
