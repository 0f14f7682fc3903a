// SPDX-License-Identifier: Apache-2.0
// What the comparison of ledgers must notice: a harness that cannot fail proves nothing.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  compareLedgers,
  parseReceived,
  parseSent,
  problemsIn,
  readSent,
  type Received,
  type Sent,
} from './ledger.ts'

function sentMessage(sequence: number, change: Partial<Sent> = {}): Sent {
  return {
    state: 'acknowledged',
    topic: 'T',
    uniqueKey: `key-${sequence}`,
    offsetMsgId: 'id',
    queueId: 0,
    queueOffset: sequence,
    status: 'SEND_OK',
    hash: `hash-${sequence}`,
    bytes: 10,
    tag: 'TagA',
    keys: '',
    sequence,
    lane: 'p/sync-0',
    text: 'x',
    ...change,
  }
}

function arrived(sent: Sent, change: Partial<Received> = {}): Received {
  const { topic, uniqueKey, offsetMsgId, queueId, queueOffset, hash, bytes, tag, keys } = sent
  const { sequence, text } = sent
  return {
    topic,
    uniqueKey,
    offsetMsgId,
    queueId,
    queueOffset,
    reconsumeTimes: 0,
    hash,
    bytes,
    tag,
    keys,
    sequence,
    text,
    ...change,
  }
}

const first = sentMessage(1)
const second = sentMessage(2)
const failed = sentMessage(3, { state: 'failed', queueOffset: -1 })

const cases: {
  what: string
  sent: Sent[]
  received: Received[]
  problem: RegExp | undefined
}[] = [
  {
    what: 'everything once',
    sent: [first, second],
    received: [arrived(first), arrived(second)],
    problem: undefined,
  },
  { what: 'one missing', sent: [first, second], received: [arrived(second)], problem: /^1 lost/ },
  {
    what: 'a one-way message missing',
    sent: [sentMessage(1, { state: 'oneway' })],
    received: [],
    problem: /^1 lost/,
  },
  {
    what: 'a one-way message whose sender knew no key',
    sent: [sentMessage(1, { state: 'oneway', uniqueKey: '', queueOffset: -1 })],
    received: [arrived(first)],
    problem: undefined,
  },
  {
    what: 'a one-way message without a key, altered',
    sent: [sentMessage(1, { state: 'oneway', uniqueKey: '', queueOffset: -1 })],
    received: [arrived(first, { hash: 'other' })],
    problem: /^1 lost.*\n1 never sent/,
  },
  { what: 'a failed send that was not stored', sent: [failed], received: [], problem: undefined },
  {
    what: 'a failed send that was stored',
    sent: [failed],
    received: [arrived(failed, { queueOffset: 7 })],
    problem: undefined,
  },
  {
    what: 'another body',
    sent: [first],
    received: [arrived(first, { hash: 'other' })],
    problem: /^1 altered.*body/,
  },
  {
    what: 'another body of a failed send',
    sent: [failed],
    received: [arrived(failed, { hash: 'other' })],
    problem: /^1 altered/,
  },
  {
    what: 'another tag',
    sent: [first],
    received: [arrived(first, { tag: 'TagB' })],
    problem: /^1 altered.*tag "TagA" became "TagB"/,
  },
  {
    what: 'a property lost',
    sent: [first],
    received: [arrived(first, { text: '' })],
    problem: /^1 altered.*text/,
  },
  {
    what: 'a message nobody sent',
    sent: [first],
    received: [arrived(first), arrived(second)],
    problem: /^1 never sent/,
  },
  {
    what: 'twice',
    sent: [first],
    received: [arrived(first), arrived(first)],
    problem: /^1 duplicated/,
  },
  {
    what: 'at another offset than acknowledged',
    sent: [first],
    received: [arrived(first, { queueOffset: 9 })],
    problem: /^1 misplaced.*0@1.*0@9/,
  },
  {
    what: 'in another queue than acknowledged',
    sent: [first],
    received: [arrived(first, { queueId: 3 })],
    problem: /^1 misplaced/,
  },
  {
    what: 'synchronous sends out of order in the queue',
    sent: [sentMessage(1, { queueOffset: 5 }), sentMessage(2, { queueOffset: 4 })],
    received: [
      arrived(sentMessage(1, { queueOffset: 5 })),
      arrived(sentMessage(2, { queueOffset: 4 })),
    ],
    problem: /^1 out of order/,
  },
  {
    what: 'asynchronous sends in any order',
    sent: [
      sentMessage(1, { queueOffset: 5, lane: 'p/async-0' }),
      sentMessage(2, { queueOffset: 4, lane: 'p/async-0' }),
    ],
    received: [
      arrived(sentMessage(1, { queueOffset: 5 })),
      arrived(sentMessage(2, { queueOffset: 4 })),
    ],
    problem: undefined,
  },
]

for (const { what, sent, received, problem } of cases) {
  test(`comparison: ${what}`, () => {
    const problems = problemsIn(compareLedgers(sent, received), { positions: true })
    if (problem === undefined) expect(problems).toEqual([])
    else expect(problems.join('\n')).toMatch(problem)
  })
}

test('a duplicate after a failure is legal, and then only when that is said', () => {
  const comparison = compareLedgers([first], [arrived(first), arrived(first, { queueOffset: 8 })])
  expect(problemsIn(comparison, { positions: true, duplicatesAllowed: true })).toEqual([])
  expect(problemsIn(comparison)).toHaveLength(1)
})

const sentLine = 'A\tT\tkey-1\tid\t3\t17\tSEND_OK\thash-1\t10\tTagA\tk1 k2\t1\tsync-0\tår € 訊息 1'

test('a send line is read field by field', () => {
  expect(parseSent(sentLine)).toEqual(
    sentMessage(1, {
      queueId: 3,
      queueOffset: 17,
      keys: 'k1 k2',
      lane: 'sync-0',
      text: 'år € 訊息 1',
    }),
  )
})

test('a receive line is read field by field', () => {
  const line = 'R\tT\tkey-1\tid\t3\t17\t2\thash-1\t10\tTagA\t\t1\t/127.0.0.1:1\tx'
  expect(parseReceived(line)).toEqual(
    arrived(first, { queueId: 3, queueOffset: 17, reconsumeTimes: 2 }),
  )
})

test('a damaged line is an error, not a skipped message', () => {
  expect(() => parseSent('A\tT\tkey-1')).toThrow(/send ledger/)
  expect(() => parseReceived(sentLine)).toThrow(/receive ledger/)
})

test('half a line at the end of a killed writer’s ledger is left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  const file = join(folder, 'p.ledger')
  await writeFile(file, `${sentLine}\n${sentLine.slice(0, 20)}`)
  const sent = await readSent(file)
  await rm(folder, { recursive: true })
  expect(sent.map(({ lane }) => lane)).toEqual(['p/sync-0'])
})
