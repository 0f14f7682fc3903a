// SPDX-License-Identifier: Apache-2.0
// The commands on a stopped store: what they print, what they leave alone, and how they end.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeAll, describe, expect, it } from 'vitest'
import { mqadmin } from '../mqadmin.ts'
import { commands } from './index.ts'

const GOLDEN = fileURLToPath(new URL('../../../store/test/golden/java-store', import.meta.url))
const LOG = '/store/commitlog/00000000000000000000'

// Loading takes real time, of which simulated runtimes know nothing.
beforeAll(async () => {
  for (const { name, load } of commands) if (name.startsWith('store')) await load()
})

/** A store that Java wrote. */
function javaStore(variant: string): SimulatedRuntime {
  const runtime = simulatedRuntime({ seed: 1 })
  const copy = (from: string, to: string): void => {
    runtime.files.makeDirectory(to)
    for (const name of readdirSync(from)) {
      const source = `${from}/${name}`
      if (statSync(source).isDirectory()) copy(source, `${to}/${name}`)
      else runtime.files.writeFile(`${to}/${name}`, readFileSync(source))
    }
  }
  copy(`${GOLDEN}/${variant}/store`, '/store')
  return runtime
}

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: readonly string[]
}

async function run(runtime: SimulatedRuntime, ...args: string[]): Promise<Ran> {
  let out = ''
  const err: string[] = []
  const code = await runtime.settle(
    mqadmin({
      ...{ args, runtime, namesrvAddr: undefined },
      print: (text) => void (out += text),
      complain: (line) => void err.push(line),
      signal: new AbortController().signal,
    }),
  )
  return { code, out, err }
}

describe('on a sound store of Java', () => {
  it('storeVerify ends with 0 and says what it has looked at', async () => {
    const { code, out } = await run(javaStore('clean'), 'storeVerify', '-d', '/store')
    expect(code).toBe(0)
    expect(out).toBe(
      '365 records in 243234 bytes, 363 entries in 10 queues, 1071 index entries, 0 checksums\nsound\n',
    )
  })

  it('storeVerify ends with 3 when the broker was not stopped in order', async () => {
    const { code, out } = await run(javaStore('killed'), 'storeVerify', '-d', '/store')
    expect(code).toBe(3)
    expect(out).toContain('warning NOT_STOPPED: /store/abort: ')
  })

  it('storeInspect shows bounds, tables and features, as text and as JSON', async () => {
    const runtime = javaStore('clean')
    const { out } = await run(runtime, 'storeInspect', '-d', '/store')
    expect(out).toMatch(/^OrderTopic +1 +SimpleCQ +0 +3 +1$/m)
    expect(out).toContain(
      'log          4 files of 65536 bytes, from 0, known to queues up to 243234',
    )
    expect(out).toContain('features     index, delayed messages')
    const json = JSON.parse((await run(runtime, 'storeInspect', '-d', '/store', '-o', 'json')).out)
    expect(json).toMatchObject({
      isClean: true,
      log: { files: 4 },
      features: ['index', 'delayed messages'],
    })
    expect(json.queues).toHaveLength(10)
  })

  it('storeExport writes what the filters leave, with bodies as they were sent', async () => {
    const runtime = javaStore('clean')
    const manifest = JSON.parse(readFileSync(`${GOLDEN}/clean/manifest.json`, 'utf8'))
    const lines = async (...args: string[]): Promise<Record<string, unknown>[]> => {
      const { out } = await run(runtime, 'storeExport', '-d', '/store', ...args)
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    }
    const all = await lines()
    const sent = manifest.messages.filter(
      (m: { sysFlag: number }) => ((m.sysFlag & 0xc) % 12) % 8 === 0 && (m.sysFlag & 0xc) !== 12,
    )
    expect(all.map((m) => m['commitLogOffset'])).toEqual(
      sent.map((m: { offset: number }) => m.offset),
    )
    const some = await lines('-t', 'TopicTest', '-i', '1', '-p', '3', '-q', '5')
    expect(some.map((m) => [m['topic'], m['queueId'], m['queueOffset']])).toEqual([
      ['TopicTest', 1, 3],
      ['TopicTest', 1, 4],
    ])
    const { topic, key, offsets } = manifest.keyQueries.find(
      (q: { key: string; offsets: number[] }) => q.offsets.length === 1,
    )
    const keyed = await lines('-t', topic, '-k', key)
    expect(keyed.map((m) => m['commitLogOffset'])).toEqual(offsets)
    const [first] = await lines('-t', 'OrderTopic', '-u')
    const [same] = await lines('-t', 'OrderTopic')
    expect(Buffer.from(String(same!['bodyBase64']), 'base64').toString()).toBe(first!['body'])
    const ms = Number(first!['storeTimestamp'])
    expect(await lines('-t', 'OrderTopic', '-z', String(ms))).toEqual([])
    expect(await lines('-t', 'OrderTopic', '-a', String(ms + 100_000))).toEqual([])
  })

  it('storeDump shows each kind of file', async () => {
    const runtime = javaStore('clean')
    const dump = async (path: string): Promise<string> =>
      (await run(runtime, 'storeDump', '-f', `/store/${path}`)).out
    expect(await dump('commitlog/00000000000000000000')).toMatch(
      /^0  \d+ bytes  V1  topic .+, queue \d, offset 0/,
    )
    expect(await dump('consumequeue/OrderTopic/1/00000000000000000000')).toMatch(
      /^0  log offset \d+, \d+ bytes, tags code -?\d+\n1 {2}/,
    )
    expect(await dump('index/20261121132129369')).toMatch(
      /^\{"beginTimestampMs":\d+.+\n1 {2}hash \d+, log offset 0, second 0, before it 0\n/,
    )
    expect(JSON.parse(await dump('checkpoint'))).toHaveProperty('physicMsgTimestampMs')
    expect(await dump('config/topics.json')).toContain('topicConfigTable')
    expect((await run(runtime, 'storeDump', '-f', '/store/lock')).code).toBe(4)
  })
})

describe('on a damaged store', () => {
  it('storeVerify names the damage and ends with 2, storeRepair asks first and then does it', async () => {
    const runtime = javaStore('clean')
    runtime.flipBit(LOG, 200 * 8)
    const found = await run(runtime, 'storeVerify', '-d', '/store')
    expect(found.code).toBe(2)
    expect(found.out).toContain(`error RECORD_DAMAGED: ${LOG} at 0: `)
    const before = Buffer.from(runtime.files.readFile(LOG)!)
    const asked = await run(runtime, 'storeRepair', '-d', '/store')
    expect(asked.code).toBe(2)
    expect(asked.out).toContain('these are lost:\n  topic ')
    expect(Buffer.from(runtime.files.readFile(LOG)!).equals(before)).toBe(true)
    const done = await run(runtime, 'storeRepair', '-d', '/store', '-y')
    expect(done.code).toBe(0)
    expect(done.out).toMatch(/sound\n$/)
    expect((await run(runtime, 'storeVerify', '-d', '/store')).code).toBe(0)
  })

  it('says why it refuses: no store, or one that is open', async () => {
    const runtime = javaStore('clean')
    const none = await run(runtime, 'storeVerify', '-d', '/elsewhere')
    expect([none.code, none.err[0]]).toEqual([
      4,
      '/elsewhere is no directory: give that of the store',
    ])
    const lock = runtime.files.lock('/store/lock')
    for (const command of ['storeInspect', 'storeVerify', 'storeExport', 'storeRepair']) {
      const open = await run(runtime, command, '-d', '/store')
      expect([command, open.code]).toEqual([command, 4])
      expect(open.err[0]).toContain('/store is in use by a running broker')
    }
    expect((await run(runtime, 'storeRepair', '-d', '/store', '-y')).code).toBe(4)
    expect((await run(runtime, 'storeVerify', '-d', '/store', '-f')).code).toBe(0)
    lock?.release()
  })
})

it('the store is loaded by its commands alone', () => {
  const index = readFileSync(fileURLToPath(new URL('index.ts', import.meta.url)), 'utf8')
  const main = readFileSync(fileURLToPath(new URL('../mqadmin.ts', import.meta.url)), 'utf8')
  for (const text of [index, main])
    expect(text).not.toMatch(/^import .*(store-|@rocketmq-ts\/store)/m)
})
