// SPDX-License-Identifier: Apache-2.0
// What a verification says about Java's recorded stores, sound and damaged in each kind of place.
import { describe, expect, it } from 'vitest'
import { installed, readRecording, recordings } from '../../test/support/java-replay.ts'
import {
  inLog,
  javaMessages,
  javaStore,
  overwrite,
  snapshot,
  verified,
} from '../../test/support/damage.ts'
import { ROOT } from '../../test/support/store.ts'

const messages = javaMessages('clean')
const QUEUE = `${ROOT}/consumequeue/TopicTest/1/00000000000000000000`
const INDEX = `${ROOT}/index/20261121132129369`
const queued = messages.find(
  (m) => m.topic === 'TopicTest' && m.queueId === 1 && m.queueOffset === 3,
)!

describe('stores that Java wrote', () => {
  it('are found sound, and are not touched', async () => {
    const runtime = javaStore('clean')
    const before = snapshot(runtime)
    const { errors, warnings, findings, checked } = await verified(runtime)
    expect({ errors, warnings, findings }).toEqual({ errors: 0, warnings: 0, findings: [] })
    expect(checked).toMatchObject({ records: messages.length, logBytes: 243_234 })
    expect(checked.entries).toBeGreaterThan(300)
    expect(checked.indexEntries).toBeGreaterThan(1000)
    expect(snapshot(runtime)).toEqual(before)
  })

  it('are found sound but not stopped when Java was killed', async () => {
    const { errors, counts } = await verified(javaStore('killed'))
    expect({ errors, counts }).toEqual({ errors: 0, counts: { NOT_STOPPED: 1 } })
  })

  // Several log directories and other index shapes need options.
  const told = new Set(['several-paths'])
  it.each(recordings.filter((name) => !told.has(name)))('%s: has no errors', async (name) => {
    const runtime = installed(readRecording(name), { isKilled: false })
    const { errors, findings } = await verified(runtime)
    expect({ errors, findings: findings.filter(({ severity }) => severity === 'error') }).toEqual({
      errors: 0,
      findings: [],
    })
  })
})

describe('a damaged place', () => {
  const places: readonly [string, string, number, string][] = [
    [
      'the size of a record',
      inLog(queued.offset).path,
      inLog(queued.offset).position + 2,
      'RECORD_DAMAGED',
    ],
    [
      'the magic of a record',
      inLog(queued.offset).path,
      inLog(queued.offset).position + 5,
      'RECORD_DAMAGED',
    ],
    [
      'the body of a record',
      inLog(queued.offset).path,
      inLog(queued.offset).position + 90,
      'RECORD_DAMAGED',
    ],
    [
      'the offset in a record',
      inLog(queued.offset).path,
      inLog(queued.offset).position + 34,
      'RECORD_DAMAGED',
    ],
    [
      'the queue offset in a record',
      inLog(queued.offset).path,
      inLog(queued.offset).position + 27,
      'ENTRY_POINTS_NOWHERE',
    ],
    ['the offset of an entry', QUEUE, 3 * 20 + 6, 'ENTRY_WRONG'],
    ['the size of an entry', QUEUE, 3 * 20 + 11, 'ENTRY_WRONG'],
    ['the tags code of an entry', QUEUE, 3 * 20 + 19, 'ENTRY_WRONG'],
    ['the offset of an index entry', INDEX, 40 + 32 * 4 + 20 * 9 + 10, 'INDEX_WRONG'],
    ['the hash of an index entry', INDEX, 40 + 32 * 4 + 20 * 9 + 2, 'INDEX_WRONG'],
    ['the chain of an index entry', INDEX, 40 + 32 * 4 + 20 * 99 + 19, 'INDEX_WRONG'],
    ['a slot', INDEX, 40 + 7, 'INDEX_WRONG'],
    ['the header of an index file', INDEX, 35, 'INDEX_WRONG'],
    ['the checkpoint', `${ROOT}/checkpoint`, 1, 'CHECKPOINT_WRONG'],
    ['a table', `${ROOT}/config/topics.json`, 0, 'TABLE_UNREADABLE'],
  ]

  it.each(places)('%s is found and named', async (_what, path, position, code) => {
    const runtime = javaStore('clean')
    runtime.flipBit(path, position * 8 + 1)
    const { findings } = await verified(runtime)
    const named = findings.filter((finding) => finding.code === code)
    expect(findings.map((finding) => finding.code)).toContain(code)
    if (code !== 'ENTRY_POINTS_NOWHERE')
      expect(named.map((finding) => finding.path)).toContain(path)
    expect(named[0]!.toDo).not.toBe('')
  })

  it('says of a damaged record where it was and who is without it', async () => {
    const runtime = javaStore('clean')
    const { path, position } = inLog(queued.offset)
    runtime.flipBit(path, (position + 90) * 8)
    const { findings, checked } = await verified(runtime)
    expect(checked.records).toBe(messages.length - 1)
    expect(findings[0]).toMatchObject({ code: 'RECORD_DAMAGED', offset: queued.offset, path })
    expect(findings[0]!.what).toContain('topic TopicTest, queue 1, offset 3')
    const entry = findings.find(({ code }) => code === 'ENTRY_POINTS_NOWHERE')
    expect(entry).toMatchObject({ path: QUEUE, offset: 60 })
    expect(entry!.what).toContain('its record is damaged')
  })

  it('names a queue whose directory is missing, unless its topic was deleted', async () => {
    const runtime = javaStore('clean')
    runtime.files.remove(`${ROOT}/consumequeue/TopicTest/2`)
    expect((await verified(runtime)).counts).toEqual({ QUEUE_MISSING: 1 })
    const topics = `${ROOT}/config/topics.json`
    const text = Buffer.from(runtime.files.readFile(topics)!).toString()
    runtime.files.writeFile(topics, Buffer.from(text.replaceAll('"TopicTest"', '"Other"')))
    expect((await verified(runtime)).counts).toEqual({ QUEUE_UNKNOWN: 1 })
  })

  it('names missing files of the log, of a queue, and one that is too short', async () => {
    const runtime = javaStore('clean')
    runtime.files.remove(`${ROOT}/commitlog/00000000000000065536`)
    runtime.files.remove(`${ROOT}/consumequeue/TopicTest/2/00000000000000000800`)
    const short = runtime.files.open(QUEUE, 'write')
    short.truncate(700)
    short.close()
    const { counts, findings } = await verified(runtime)
    expect(counts).toMatchObject({ LOG_FILE_MISSING: 1, QUEUE_FILE_MISSING: 1, QUEUE_FILE_SIZE: 1 })
    expect(findings.find(({ code }) => code === 'QUEUE_FILE_SIZE')!.path).toBe(QUEUE)
  })

  it('takes a record that was being written for a torn tail, and remains of a cut log for remains', async () => {
    const runtime = javaStore('clean')
    const { path, position } = inLog(243_234)
    const last = messages.at(-1)!
    const bytes = Buffer.from(runtime.files.readFile(path)!)
    const record = Buffer.from(bytes.subarray(inLog(last.offset).position, position))
    overwrite(runtime, path, position, record.subarray(0, 60))
    const torn = await verified(runtime)
    expect({ counts: torn.counts, end: torn.logEnd }).toEqual({
      counts: { LOG_TORN: 1 },
      end: 243_234,
    })
    // A whole record, older than the last one, in its right place behind something that is none.
    const place = 243_234 + 60
    record.writeBigInt64BE(BigInt(place), 28)
    record.writeBigInt64BE(1n, 56)
    overwrite(runtime, path, position + 60, record)
    const remains = await verified(runtime)
    expect({ counts: remains.counts, end: remains.logEnd }).toEqual({
      counts: { LOG_TORN: 1 },
      end: 243_234,
    })
  })
})
