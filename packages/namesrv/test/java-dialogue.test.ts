// SPDX-License-Identifier: Apache-2.0
// The recorded conversations with Java's name server, held with ours.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { NameServer, parseNameServerConfig } from '../src/index.ts'
import { dialogues } from './dialogue.ts'
import { RawClient } from './raw-client.ts'
import { comparable, replay, type RecordedAnswer } from './replay.ts'

/** Java keeps a null and answers success; we refuse by name. */
const refusedByUs = new Set(['put without a value'])
/** Refused by both, each in its own words. */
const ownWords = new Set(['a body that is no JSON', 'a registration without anything'])
/** Which broker is named is a matter of hash order. */
const anyBroker = new Set(['system topics'])

const folder = mkdtempSync(join(tmpdir(), 'namesrv-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Holds a conversation with a new server; answers by step. */
async function held(name: string): Promise<ReadonlyMap<string, RecordedAnswer>> {
  const dialogue = dialogues[name]!
  const server = await NameServer.start({
    runtime: nodeRuntime(),
    config: parseNameServerConfig({
      ...dialogue.config,
      listenPort: '0',
      bindAddress: '127.0.0.1',
      kvConfigPath: join(folder, name, 'kvConfig.json'),
    }),
  })
  const { port } = server
  const answers = await replay(port, dialogue.steps, () => brokersHaveSettled(port))
  await server.close()
  return new Map(answers.map((answer) => [answer.name, answer]))
}

/** The server hears of a closed connection before it reads from one that is opened later. */
async function brokersHaveSettled(port: number): Promise<void> {
  const client = await RawClient.connect(port)
  await client.request({ code: 106 })
  await client.close()
}

describe.each(Object.keys(dialogues))('%s', async (name) => {
  const file = new URL(`./golden/dialogue-${name}.json`, import.meta.url)
  const golden = JSON.parse(readFileSync(file, 'utf8')) as { answers: RecordedAnswer[] }
  const ours = await held(name)

  test.each(golden.answers)('$name', (java) => {
    const answer = ours.get(java.name)!
    if (refusedByUs.has(java.name)) {
      expect(answer).toMatchObject({ code: 1, body: undefined })
      expect(answer.remark).toBeTruthy()
    } else if (ownWords.has(java.name)) {
      expect(answer).toMatchObject({ code: java.code, body: undefined })
    } else if (anyBroker.has(java.name)) {
      const anonymous = (one: RecordedAnswer): RecordedAnswer => ({
        ...one,
        body: one.body?.replace(/10\.0\.0\.\d/, 'some'),
      })
      expect(comparable(anonymous(answer))).toEqual(comparable(anonymous(java)))
    } else {
      expect(comparable(answer)).toEqual(comparable(java))
    }
  })
})

test('the key-value table is on disk as Java writes it', () => {
  const file = readFileSync(join(folder, 'defaults', 'kvConfig.json'), 'utf8')
  expect(JSON.parse(file)).toEqual({
    configTable: { ORDER_TOPIC_CONFIG: { TopicA: 'broker-a:8;broker-b:8' }, n: {} },
  })
  expect(file).not.toMatch(/\s/)
})
