// SPDX-License-Identifier: Apache-2.0
// Holds an index against the log, both read from the files of a stopped store: every key of every record, in Java's order, and nothing else.
import {
  decodeProperties,
  int32At,
  int64At,
  RecordLocation,
  SysFlag,
  tagHash,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Files } from '@rocketmq-ts/runtime'
import { entryHash, entryPosition, type IndexShape } from '../../src/index-file/index-format.ts'

interface Entry {
  readonly hash: number
  readonly offset: number
}

/** What the log says should be in the index, and what is there from the log's first record on. */
export function readIndexAndLog(
  files: Files,
  root: string,
  shape: IndexShape,
): { readonly expected: readonly Entry[]; readonly found: readonly Entry[] } {
  const { entries: expected, start } = keysOfLog(files, `${root}/commitlog`)
  const found: Entry[] = []
  for (const name of files.list(`${root}/index`)) {
    const bytes = files.readFile(`${root}/index/${name}`) ?? new Uint8Array(0)
    found.push(...entriesOf(bytes, shape).filter(({ offset }) => offset >= start))
  }
  return { expected, found }
}

function keysOfLog(files: Files, directory: string): { entries: Entry[]; start: number } {
  const entries: Entry[] = []
  const location = new RecordLocation()
  const names = files.list(directory)
  for (const name of names) {
    const bytes = files.readFile(`${directory}/${name}`) ?? new Uint8Array(0)
    for (let at = 0; location.locate(bytes, at); at += location.recordBytes) {
      const text = (from: number, to: number): string =>
        Buffer.from(bytes.subarray(from, to)).toString()
      if (transactionTypeOf(location.sysFlag) === SysFlag.TRANSACTION_ROLLBACK) continue
      const topic = text(location.topicStart, location.topicEnd)
      const { UNIQ_KEY, KEYS, TAGS } = decodeProperties(
        text(location.propertiesStart, location.propertiesEnd),
      )
      const keys = [
        ...(UNIQ_KEY === undefined ? [] : [`${topic}#${UNIQ_KEY}`]),
        ...(KEYS ?? '').split(' ').flatMap((key) => (key === '' ? [] : [`${topic}#${key}`])),
        ...(TAGS === undefined ? [] : [`${topic}#T#${TAGS}`]),
      ]
      for (const key of keys) {
        entries.push({ hash: entryHash(tagHash(key)), offset: Number(name) + at })
      }
    }
  }
  return { entries, start: Number(names[0] ?? 0) }
}

/** All entries of a file, after each was found along the chain of its slot. */
function entriesOf(bytes: Uint8Array, shape: IndexShape): Entry[] {
  const count = Math.max(1, int32At(bytes, 36))
  const chained = new Set<number>()
  let usedSlots = 0
  for (let slot = 0; slot < shape.slots; slot++) {
    let entry = int32At(bytes, 40 + slot * 4)
    if (entry !== 0) usedSlots++
    for (let limit = count; entry !== 0; entry = int32At(bytes, entryPosition(shape, entry) + 16)) {
      if (entry >= limit) throw new Error(`slot ${slot} leads to entry ${entry} of ${limit}`)
      limit = entry
      if (int32At(bytes, entryPosition(shape, entry)) % shape.slots !== slot) {
        throw new Error(`entry ${entry} is in the chain of slot ${slot}`)
      }
      chained.add(entry)
    }
  }
  if (chained.size !== count - 1) throw new Error(`${chained.size} of ${count - 1} are chained`)
  if (usedSlots !== int32At(bytes, 32)) throw new Error(`${usedSlots} slots are in use`)
  return Array.from({ length: count - 1 }, (_, at) => {
    const position = entryPosition(shape, at + 1)
    return { hash: int32At(bytes, position), offset: int64At(bytes, position + 4) }
  })
}
