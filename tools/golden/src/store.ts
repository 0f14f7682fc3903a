// SPDX-License-Identifier: Apache-2.0
// Records store folders of a real broker, stopped cleanly and killed, with what Java reads back.

import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join, relative, sep } from 'node:path'
import { goldenFolders, provenanceOf, writeFixture } from './fixtures.ts'
import type { JavaRecorders } from './java.ts'
import { freePort } from './servers.ts'

const fixtureFolder = join(goldenFolders.store, 'java-store')

// RocksDB is none of our formats, and its option files name folders of the recording machine.
const leftOut = new Set(['rocksdbstore'])

const configFiles = [
  'topics.json',
  'subscriptionGroup.json',
  'consumerOffset.json',
  'delayOffset.json',
]

/** Exit status of the writer when it halts without any shutdown. */
const haltedStatus = 7

/** Records both store variants; returns how many fixture files were written. */
export async function recordStores(java: JavaRecorders, workFolder: string): Promise<number> {
  rmSync(fixtureFolder, { recursive: true, force: true })
  const clean = await recordVariant(java, workFolder, 'clean')
  const killed = await recordVariant(java, workFolder, 'killed')
  await recordTornTail(java, workFolder)
  recordConfigFiles(java, join(workFolder, 'clean', 'store', 'config'))
  return clean + killed + 3
}

type Variant = 'clean' | 'killed'

async function recordVariant(
  java: JavaRecorders,
  workFolder: string,
  variant: Variant,
): Promise<number> {
  const folder = join(workFolder, variant)
  const store = join(folder, 'store')
  mkdirSync(folder)
  const port = String(await freePort())
  const end = variant === 'clean' ? 'stop' : 'halt'
  java.run('WriteStore', [store, port, end], {
    jvmArgs: [`-Duser.home=${folder}`],
    status: variant === 'clean' ? 0 : haltedStatus,
  })

  const target = join(fixtureFolder, variant)
  cpSync(store, join(target, 'store'), {
    recursive: true,
    filter: (source) => !leftOut.has(relative(store, source).split(sep)[0] ?? ''),
  })
  const files = listFiles(join(target, 'store'))
  const manifest = await readBack(java, workFolder, variant, () => {})
  writeFixture(join(target, 'manifest.json'), provenance(java), {
    variant,
    files,
    ...manifest,
  })
  if (variant === 'clean') recordStoredMessages(java, store, manifest as unknown as Manifest)
  return files.length
}

/** Cuts records of every kind out of the commit log, for tests that have no store. */
function recordStoredMessages(java: JavaRecorders, store: string, manifest: Manifest): void {
  const wantedKeys = new Set([
    'key0 shared',
    'key6',
    'order1',
    '键',
    'long',
    'v6',
    'zlib',
    'empty',
    'tran4',
    'tran8',
    'tran12',
    'batch0',
    'batch4',
    'delay1',
    'delay5',
  ])
  const wanted = manifest.messages.filter(
    (message) => wantedKeys.has(message.keys ?? '') || message.tags === 'TagV6',
  )
  const messages = wanted.map((javaReads) => {
    const record = readLog(store, manifest, javaReads.offset, javaReads.size)
    return { hex: record.toString('hex'), javaReads }
  })
  const file = join(goldenFolders.remoting, 'stored-messages.json')
  writeFixture(file, provenance(java), { messages })
}

function readLog(store: string, manifest: Manifest, offset: number, size: number): Buffer {
  const fileBytes = manifest.sizes.commitLogFileBytes
  const start = Math.floor(offset / fileBytes) * fileBytes
  const log = readFileSync(logFile(store, start))
  return log.subarray(offset - start, offset - start + size)
}

function logFile(store: string, start: number): string {
  return join(store, 'commitlog', String(start).padStart(20, '0'))
}

/** Opens a copy of a store with Java, after `damage` was done to it, and returns what it reads. */
async function readBack(
  java: JavaRecorders,
  workFolder: string,
  variant: Variant,
  damage: (store: string) => void,
): Promise<Record<string, unknown>> {
  const copy = join(workFolder, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(workFolder, variant, 'store'), join(copy, 'store'), { recursive: true })
  damage(join(copy, 'store'))
  java.run('ReadStore', [join(copy, 'store'), String(await freePort()), copy, 'read'], {
    jvmArgs: [`-Duser.home=${copy}`],
  })
  return JSON.parse(readFileSync(join(copy, 'read.json'), 'utf8')) as Record<string, unknown>
}

/** What Java's recovery makes of killed stores whose last record is damaged. */
async function recordTornTail(java: JavaRecorders, workFolder: string): Promise<void> {
  const whole = JSON.parse(
    readFileSync(join(fixtureFolder, 'killed', 'manifest.json'), 'utf8'),
  ) as Manifest
  const last = whole.messages.at(-1)
  if (last === undefined) throw new Error('the killed store holds no message')
  const damages = [
    {
      name: 'last 20 bytes of the last record zeroed',
      offset: last.offset + last.size - 20,
      hex: '00'.repeat(20),
    },
    { name: 'all of the last record zeroed', offset: last.offset, hex: '00'.repeat(last.size) },
    { name: 'magic of the last record overwritten', offset: last.offset + 4, hex: 'ffffffff' },
    { name: 'size of the last record made huge', offset: last.offset, hex: '7fffffff' },
    { name: 'size of the last record made negative', offset: last.offset, hex: 'ffffffff' },
    {
      name: 'one body byte of the last record flipped',
      offset: last.offset + last.bodyAt,
      hex: 'ff',
    },
    {
      name: 'first record of the last file zeroed',
      offset: lastFileStart(whole),
      hex: '00'.repeat(64),
    },
    {
      name: 'garbage after the last record',
      offset: last.offset + last.size,
      hex: '5a'.repeat(64),
    },
  ]
  const cases: object[] = []
  for (const damage of damages) {
    const after = (await readBack(java, workFolder, 'killed', (store) =>
      overwrite(store, whole, damage.offset, damage.hex),
    )) as unknown as Manifest
    cases.push({
      ...damage,
      maxOffset: after.maxOffset,
      messageCount: after.messages.length,
      consumeQueues: after.consumeQueues.map((queue) => ({
        topic: queue.topic,
        queueId: queue.queueId,
        minQueueOffset: queue.minQueueOffset,
        maxQueueOffset: queue.maxQueueOffset,
      })),
    })
  }
  writeFixture(join(fixtureFolder, 'torn-tail.json'), provenance(java), {
    undamaged: { maxOffset: whole.maxOffset, messageCount: whole.messages.length },
    cases,
  })
}

interface Manifest {
  readonly maxOffset: number
  readonly sizes: { readonly commitLogFileBytes: number }
  readonly messages: readonly {
    readonly offset: number
    readonly size: number
    readonly bodyAt: number
    readonly keys: string | null
    readonly tags: string | null
  }[]
  readonly consumeQueues: readonly {
    readonly topic: string
    readonly queueId: number
    readonly minQueueOffset: number
    readonly maxQueueOffset: number
  }[]
}

function lastFileStart(manifest: Manifest): number {
  const fileBytes = manifest.sizes.commitLogFileBytes
  return Math.floor((manifest.maxOffset - 1) / fileBytes) * fileBytes
}

function overwrite(store: string, manifest: Manifest, offset: number, hex: string): void {
  const fileBytes = manifest.sizes.commitLogFileBytes
  const start = Math.floor(offset / fileBytes) * fileBytes
  const file = openSync(logFile(store, start), 'r+')
  try {
    writeSync(file, Buffer.from(hex, 'hex'), 0, hex.length / 2, offset - start)
  } finally {
    closeSync(file)
  }
}

function recordConfigFiles(java: JavaRecorders, folder: string): void {
  const files = configFiles.map((name) => {
    const bytes = readFileSync(join(folder, name))
    return { name, text: bytes.toString('utf8'), hex: bytes.toString('hex') }
  })
  writeFixture(join(goldenFolders.remoting, 'config-files.json'), provenance(java), { files })
}

function listFiles(folder: string): object[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return paths.map((path) => {
    const bytes = readFileSync(path)
    return {
      path: relative(folder, path).split(sep).join('/'),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  })
}

function provenance(java: JavaRecorders): ReturnType<typeof provenanceOf> {
  return provenanceOf('store', 'java/WriteStore.java', java.javaVersion)
}
