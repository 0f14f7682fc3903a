// SPDX-License-Identifier: Apache-2.0
// The JSON of delayOffset.json: how far each delay level has been delivered.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'
import {
  initially,
  int32,
  mapOf,
  offset,
  parseJavaJson,
  prettyJavaJson,
  readShape,
  record,
  type Shape,
} from '@rocketmq-ts/remoting/java-json'

/** What Java's ScheduleMessageService writes. */
export interface DelayOffsetFile {
  readonly dataVersion: DataVersion
  /** By level, from 1: the queue offset to deliver next. */
  readonly offsetTable: ReadonlyMap<number, number>
}

const zero = (): number => 0
const versionShape: Shape<DataVersion> = record<DataVersion>({
  counter: initially(offset, zero),
  stateVersion: initially(offset, zero),
  timestamp: initially(offset, zero),
})

const fileShape: Shape<DelayOffsetFile> = record<DelayOffsetFile>({
  dataVersion: initially(versionShape, () => ({ counter: 0, stateVersion: 0, timestamp: 0 })),
  offsetTable: initially(mapOf(int32, offset), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not such a table. */
export function decodeDelayOffsetFile(bytes: Uint8Array): DelayOffsetFile {
  return readShape('delayOffset.json', fileShape, parseJavaJson(bytes))
}

export function encodeDelayOffsetFile(table: DelayOffsetFile): Uint8Array {
  return Buffer.from(prettyJavaJson(fileShape.write(table)), 'utf8')
}
