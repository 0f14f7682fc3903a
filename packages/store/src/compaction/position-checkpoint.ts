// SPDX-License-Identifier: Apache-2.0
// How far each queue has been compacted, in the JSON file that Java keeps. @see CompactionPositionMgr
import {
  bool,
  initially,
  mapOf,
  offset,
  parseJavaJson,
  prettyJavaJson,
  readShape,
  record,
  type Shape,
  text,
} from '@rocketmq-ts/remoting/java-json'
import { type Files, readFileOrBackup, writeFileAtomically } from '@rocketmq-ts/runtime'

const FILE_NAME = 'position-checkpoint'

interface PositionFile {
  /** Java writes what it calculates. */
  readonly empty: boolean
  /** By `<topic>_<queue id>`: the last queue offset that a compaction looked at. */
  readonly queueOffsetMap: ReadonlyMap<string, number>
}

const fileShape: Shape<PositionFile> = record<PositionFile>({
  empty: initially(bool, () => false),
  queueOffsetMap: initially(mapOf(text, offset), () => new Map()),
})

/** Without the file everything is compacted again, which changes nothing but the time it takes. */
export class PositionCheckpoint {
  readonly #files: Files
  readonly #path: string
  readonly #offsets: Map<string, number>

  constructor(files: Files, directory: string) {
    this.#files = files
    this.#path = `${directory}/${FILE_NAME}`
    const read = readFileOrBackup(files, this.#path, (bytes) =>
      readShape(FILE_NAME, fileShape, parseJavaJson(bytes)),
    )
    this.#offsets = new Map(read?.queueOffsetMap)
  }

  /** −1 when the queue was never compacted. */
  get(topic: string, queueId: number): number {
    return this.#offsets.get(`${topic}_${queueId}`) ?? -1
  }

  set(topic: string, queueId: number, queueOffset: number): void {
    this.#offsets.set(`${topic}_${queueId}`, queueOffset)
  }

  /** Queue offsets from `queueOffset` on are given away again. */
  lower(topic: string, queueId: number, queueOffset: number): boolean {
    if (this.get(topic, queueId) < queueOffset) return false
    this.set(topic, queueId, queueOffset - 1)
    return true
  }

  remove(topic: string, queueId: number): boolean {
    return this.#offsets.delete(`${topic}_${queueId}`)
  }

  save(): void {
    const value = { empty: this.#offsets.size === 0, queueOffsetMap: this.#offsets }
    const bytes = Buffer.from(prettyJavaJson(fileShape.write(value)), 'utf8')
    writeFileAtomically(this.#files, this.#path, bytes)
  }
}
