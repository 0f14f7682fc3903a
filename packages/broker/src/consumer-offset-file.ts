// SPDX-License-Identifier: Apache-2.0
// The JSON of consumerOffset.json, which is also the answer of GET_ALL_CONSUMER_OFFSET.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'
import {
  initially,
  int32,
  list,
  mapOf,
  offset,
  parseJavaJson,
  readShape,
  record,
  text,
  writeJavaJson,
  type JsonForm,
  type Shape,
} from '@rocketmq-ts/remoting/java-json'

/** What Java's ConsumerOffsetManager writes. Offsets are by `topic@group`, then queue id. */
export interface ConsumerOffsetFile {
  readonly dataVersion: DataVersion
  readonly groupTopicMap: ReadonlyMap<string, readonly string[]>
  readonly offsetTable: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** How far each group was given messages, whether or not it has consumed them. */
  readonly pullOffsetTable: ReadonlyMap<string, ReadonlyMap<number, number>>
}

const zero = (): number => 0
const versionShape: Shape<DataVersion> = record<DataVersion>({
  counter: initially(offset, zero),
  stateVersion: initially(offset, zero),
  timestamp: initially(offset, zero),
})

const offsets = mapOf(text, mapOf(int32, offset))
const fileShape: Shape<ConsumerOffsetFile> = record<ConsumerOffsetFile>({
  dataVersion: initially(versionShape, () => ({ counter: 0, stateVersion: 0, timestamp: 0 })),
  groupTopicMap: initially(mapOf(text, list(text)), () => new Map()),
  offsetTable: initially(offsets, () => new Map()),
  pullOffsetTable: initially(offsets, () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not such a table. */
export function decodeConsumerOffsetFile(bytes: Uint8Array): ConsumerOffsetFile {
  return readShape('consumerOffset.json', fileShape, parseJavaJson(bytes))
}

export function encodeConsumerOffsetFile(
  table: ConsumerOffsetFile,
  form: JsonForm = 'compact',
): Uint8Array {
  return Buffer.from(writeJavaJson(fileShape.write(table), form), 'utf8')
}
