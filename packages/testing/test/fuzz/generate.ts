// SPDX-License-Identifier: Apache-2.0
// The next frame that is sent: a recorded command, its fields and body tampered with, its bytes perhaps spoiled.
import type { SimRandom } from '@rocketmq-ts/runtime/simulated'
import { entry, layOut, type Entry } from './compose.ts'
import type { Corpus, Specimen } from './corpus.ts'
import { spoil } from './spoil.ts'
import { hugeFrame } from './huge.ts'

/** Names that exist on the servers, so that requests come past the first look. */
const known: ReadonlyMap<string, string> = new Map(
  Object.entries({
    topic: 'FuzzTopic',
    topicName: 'FuzzTopic',
    producerGroup: 'FuzzGroup',
    consumerGroup: 'FuzzGroup',
    group: 'FuzzGroup',
    groupName: 'FuzzGroup',
    defaultTopic: 'TBW102',
    defaultTopicQueueNums: '4',
    queueId: '0',
    sysFlag: '0',
    flag: '0',
    offset: '0',
    queueOffset: '0',
    commitOffset: '0',
    maxMsgNums: '32',
    maxNum: '32',
    subscription: '*',
    subVersion: '0',
    expressionType: 'TAG',
    suspendTimeoutMillis: '500',
    clusterName: 'DefaultCluster',
    cluster: 'DefaultCluster',
    brokerName: 'test-broker',
    brokerId: '0',
    brokerAddr: '127.0.0.1:10911',
    readQueueNums: '4',
    writeQueueNums: '4',
    perm: '6',
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: '0',
    compressed: 'false',
    bodyCrc32: '0',
    batch: 'false',
    clientID: 'fuzz@1',
    key: 'k',
    beginTimestamp: '0',
    endTimestamp: '9999999999999',
    properties: 'KEYS\u0001k\u0002TAGS\u0001t\u0002',
    // SEND_MESSAGE_V2.
    a: 'FuzzGroup',
    b: 'FuzzTopic',
    c: 'TBW102',
    d: '4',
    e: '0',
    f: '0',
    i: 'KEYS\u0001k\u0002TAGS\u0001t\u0002',
    m: 'false',
  }),
)

const VALUES: readonly (string | Uint8Array)[] = [
  '',
  ' ',
  '-1',
  '0',
  '+1',
  ' 1',
  '1.5',
  '0x10',
  '1e308',
  'NaN',
  'null',
  'true',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  'TBW102',
  'SCHEDULE_TOPIC_XXXX',
  'RMQ_SYS_TRANS_HALF_TOPIC',
  '%RETRY%FuzzGroup',
  '%DLQ%FuzzGroup',
  '../../../../tmp/x',
  'a\u0001b\u0002c',
  'DELAY\u000199\u0002',
  'DELAY\u00013\u0002KEYS\u0001k\u0002TAGS\u0001t\u0002',
  'TRAN_MSG\u0001true\u0002PGROUP\u0001FuzzGroup\u0002',
  '\u0000',
  '消息😀',
  '(a || b',
  '((((a > 1)))) AND b IS NULL',
  'x'.repeat(128),
  'x'.repeat(256),
  'x'.repeat(33_000),
  Uint8Array.of(0xff, 0xfe, 0xfd),
  Uint8Array.of(0xc0, 0x80),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0x61, 0xe6, 0xb6),
]

const RAW_VALUES: readonly string[] = [
  'null',
  'true',
  '1',
  '-0',
  '1e999',
  '{}',
  '[]',
  '[1,2,{"a":"b"}]',
  '{"a":{"b":[]}}',
  '"\\ud800"',
  '"\\u0000"',
  "'single'",
  'x',
  '/**/1',
]

const JSON_VALUES: readonly string[] = [
  ...RAW_VALUES,
  '""',
  '"x"',
  '-1',
  '1.5',
  '2147483648',
  '9007199254740993',
  '9223372036854775807',
  '99999999999999999999999999',
  '1e400',
  '{"__proto__":1}',
  '{1:2,{"a":1}:3}',
  `${'['.repeat(300)}${']'.repeat(300)}`,
]

/** The body's class by request code; any recorded body stands in for the others now and then. */
const bodyOfCode: ReadonlyMap<number, string> = new Map([
  [34, 'HeartbeatData'],
  [41, 'LockBatchRequestBody'],
  [42, 'UnlockBatchRequestBody'],
  [103, 'RegisterBrokerBody'],
  [200, 'SubscriptionGroupConfig'],
  [322, 'DataVersion'],
])

/** A client that takes part: its group is the one requests ask for. */
const HEARTBEAT = JSON.stringify({
  clientID: 'fuzz@1',
  consumerDataSet: [
    {
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      consumeType: 'CONSUME_PASSIVELY',
      groupName: 'FuzzGroup',
      messageModel: 'CLUSTERING',
      subscriptionDataSet: [
        {
          classFilterMode: false,
          codeSet: [],
          expressionType: 'TAG',
          subString: '*',
          subVersion: 0,
          tagsSet: [],
          topic: 'FuzzTopic',
        },
      ],
      unitMode: false,
    },
  ],
  heartbeatFingerprint: 0,
  producerDataSet: [{ groupName: 'FuzzGroup' }],
  withoutSub: false,
})
const HEART_BEAT = 34
const SEND_BATCH_MESSAGE = 320

const PROPERTIES_TEXT = [
  'brokerPermission=6',
  'listenPort=99999999',
  'flushDiskType=NEVER\nmaxMessageSize=-1',
  'kvConfigPath=/nowhere',
  '\\u12',
  '=\n=\n',
  '__proto__=1',
  'scanNotActiveBrokerInterval=5000',
]
/** UPDATE_BROKER_CONFIG and UPDATE_NAMESRV_CONFIG. */
const CONFIG_CODES = [25, 318]
const SEND_CODES = [10, 310]

/** Writes frames from seeds. */
export class Generator {
  readonly #corpus: Corpus
  readonly #frames: readonly Buffer[]
  readonly #bodies: readonly Uint8Array[]

  constructor(corpus: Corpus) {
    this.#corpus = corpus
    this.#frames = corpus.all.flatMap(({ frames }) => frames)
    this.#bodies = [...corpus.bodies.values()].flat()
  }

  /** The next frame for a server that serves `codes`; without codes: of any code, requests and answers. */
  next(random: SimRandom, codes?: readonly number[]): Buffer {
    if (random.once(800)) return hugeFrame(random)
    const specimen = this.#specimen(random, codes)
    const frame = random.once(4) ? pick(random, specimen.frames) : this.#tampered(random, specimen)
    if (random.once(2)) return frame
    return spoil(frame, { random, other: () => pick(random, this.#frames) })
  }

  #specimen(random: SimRandom, codes: readonly number[] | undefined): Specimen {
    const own =
      codes === undefined || random.once(6)
        ? undefined
        : this.#corpus.requests.get(pick(random, codes))
    return pick(random, own ?? this.#corpus.all)
  }

  #tampered(random: SimRandom, specimen: Specimen): Buffer {
    let entries = specimen.fields.map(([name, value]) =>
      entry(name, random.once(5) ? value : (known.get(name) ?? value)),
    )
    for (let left = random.below(4); left > 0; left--) entries = tamper(random, entries)
    return layOut({
      encoding: random.once(2) ? 'json' : 'binary',
      code: random.once(50) ? random.below(70_000) : specimen.code,
      opaque: random.below(2 ** 30),
      flag: random.once(20) ? random.below(8) : specimen.flag,
      entries,
      body: random.once(10) ? undefined : this.#body(random, specimen),
    })
  }

  #body(random: SimRandom, { body, code }: Specimen): Uint8Array | undefined {
    if (CONFIG_CODES.includes(code)) return Buffer.from(pick(random, PROPERTIES_TEXT))
    if (code === HEART_BEAT && random.once(2)) {
      return this.#distorted(random, Buffer.from(HEARTBEAT))
    }
    if (code === SEND_BATCH_MESSAGE || (SEND_CODES.includes(code) && random.once(2))) {
      const { batches, messages } = this.#corpus
      return this.#distorted(random, pick(random, random.once(4) ? messages : batches))
    }
    const name = bodyOfCode.get(code)
    const own = name === undefined ? undefined : this.#corpus.bodies.get(name)
    if (own !== undefined && own.length > 0 && !random.once(8)) {
      return this.#distorted(random, pick(random, own))
    }
    return random.once(4) ? this.#distorted(random, pick(random, this.#bodies)) : body
  }

  #distorted(random: SimRandom, body: Uint8Array): Uint8Array {
    if (random.once(3) || body.length < 2) return body
    if (random.once(3)) {
      const bytes = Buffer.from(body)
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
      return random.once(3) ? bytes.subarray(0, random.below(bytes.length)) : bytes
    }
    return Buffer.from(distortJson(random, Buffer.from(body).toString('utf8')))
  }
}

function pick<T>(random: SimRandom, items: readonly T[]): T {
  return items[random.below(items.length)] as T
}

function tamper(random: SimRandom, entries: readonly Entry[]): Entry[] {
  const index = random.below(entries.length + 1)
  const found = entries[index]
  if (found === undefined) return [...entries, entry('fuzz', pick(random, VALUES))]
  const name = Buffer.from(found.name).toString()
  switch (random.below(5)) {
    case 0:
      return entries.toSpliced(index, 1)
    case 1:
      return [...entries, found]
    case 2:
      return entries.with(index, {
        ...found,
        value: (random.once(2) ? pick(random, entries) : found).name,
      })
    case 3:
      return entries.with(index, entry(name, pick(random, RAW_VALUES), true))
    default:
      return entries.with(index, entry(name, pick(random, VALUES)))
  }
}

/** One value or name of a JSON text replaced by another, good or bad. */
function distortJson(random: SimRandom, text: string): string {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|[{}[\],:]/g)]
  const token = tokens[random.below(tokens.length)]
  if (token === undefined) return text
  const end = token.index + token[0].length
  return text.slice(0, token.index) + pick(random, JSON_VALUES) + text.slice(end)
}
