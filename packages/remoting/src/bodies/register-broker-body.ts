// SPDX-License-Identifier: Apache-2.0
// What a broker tells the name server when it registers: as JSON, or as a deflated list of texts.
import { deflateSync, inflateSync } from 'node:zlib'
import { initially, list, readShape, record, text, type Shape } from '../java-json/shape.ts'
import { parseJavaJson } from '../java-json/parse.ts'
import { JavaJsonError } from '../java-json/values.ts'
import { writeJavaJson } from '../java-json/write.ts'
import { bodyCrc } from '../message/body-crc.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape } from './data-version.ts'
import { int32, mapOf } from '../java-json/shape.ts'
import { topicFilterTypeShape, type TopicConfig } from './topic-config.ts'
import {
  topicConfigAndMappingShape,
  type TopicConfigAndMappingSerializeWrapper,
} from './topic-config-serialize-wrapper.ts'
import { topicQueueMappingInfoShape, type TopicQueueMappingInfo } from './topic-queue-mapping.ts'

/** Java's RegisterBrokerBody. */
export interface RegisterBrokerBody {
  readonly filterServerList: readonly string[]
  readonly topicConfigSerializeWrapper: TopicConfigAndMappingSerializeWrapper
}

/** An inflated body larger than this is refused: it would come from a frame made to fill the memory. */
const MAX_INFLATED_BYTES = 256 * 1024 * 1024

const unset = { counter: 0, stateVersion: 0, timestamp: 0 }
const filterServers = list(text)
const attributes = mapOf(text, text)

const shape: Shape<RegisterBrokerBody> = record<RegisterBrokerBody>({
  filterServerList: initially(filterServers, () => []),
  topicConfigSerializeWrapper: initially(topicConfigAndMappingShape, () => ({
    dataVersion: unset,
    mappingDataVersion: unset,
    topicConfigTable: new Map(),
  })),
})

/** The value of the header field bodyCrc32 that belongs to an encoded body. */
export function registerBrokerBodyCrc32(encoded: Uint8Array): number {
  return bodyCrc(encoded, 0, encoded.length)
}

/** @throws {JavaJsonError} when the bytes are not a RegisterBrokerBody of the told form. */
export function decodeRegisterBrokerBody(
  bytes: Uint8Array,
  options: { readonly compressed: boolean } = { compressed: false },
): RegisterBrokerBody {
  if (!options.compressed) return decodeBody('RegisterBrokerBody', shape, bytes)
  const reader = new PartReader(inflate(bytes))
  const dataVersion = readShape('dataVersion', dataVersionShape, reader.json())
  const topicConfigTable = new Map<string, TopicConfig>()
  for (let left = reader.int32(); left > 0; left -= 1) {
    const topic = parseTopicLine(reader.text())
    topicConfigTable.set(topic.topicName, topic)
  }
  const filterServerList = readShape('filterServerList', filterServers, reader.json())
  const wrapper = { dataVersion, mappingDataVersion: unset, topicConfigTable }
  // Brokers before 5.0 end here.
  const mappings = new Map<string, TopicQueueMappingInfo>()
  for (let left = reader.isAtEnd ? 0 : reader.int32(); left > 0; left -= 1) {
    const info = readShape('mapping', topicQueueMappingInfoShape, reader.json())
    mappings.set(info.topic ?? 'null', info)
  }
  return {
    filterServerList,
    topicConfigSerializeWrapper:
      mappings.size === 0 ? wrapper : { ...wrapper, topicQueueMappingInfoMap: mappings },
  }
}

/** The bytes Java's RegisterBrokerBody writes in the told form. */
export function encodeRegisterBrokerBody(
  body: RegisterBrokerBody,
  options: { readonly compressed: boolean } = { compressed: false },
): Uint8Array {
  if (!options.compressed) return encodeBody(shape, body)
  const { dataVersion, topicConfigTable, topicQueueMappingInfoMap } =
    body.topicConfigSerializeWrapper
  const mappings = [...(topicQueueMappingInfoMap?.values() ?? [])]
  const parts: Uint8Array[] = []
  pushText(parts, writeJavaJson(dataVersionShape.write(dataVersion)))
  pushInt32(parts, topicConfigTable.size)
  for (const topic of topicConfigTable.values()) pushText(parts, topicLine(topic))
  pushText(parts, writeJavaJson(filterServers.write(body.filterServerList)))
  pushInt32(parts, mappings.length)
  for (const info of mappings)
    pushText(parts, writeJavaJson(topicQueueMappingInfoShape.write(info)))
  return deflateSync(Buffer.concat(parts), { level: 9 })
}

/** `name readQueues writeQueues perm filterType attributes`, separated by one space. */
function topicLine(topic: TopicConfig): string {
  const counts = `${topic.readQueueNums} ${topic.writeQueueNums} ${topic.perm}`
  const json = writeJavaJson(attributes.write(topic.attributes))
  return `${topic.topicName} ${counts} ${topic.topicFilterType} ${json}`
}

function parseTopicLine(line: string): TopicConfig {
  const [topicName = '', read, write, perm, filterType, ...rest] = line.split(' ')
  const json = rest.join(' ')
  if (topicName === '') throw new JavaJsonError('a topic line without a name')
  return readShape(`topic ${topicName}`, topicLineShape, {
    topicName,
    readQueueNums: read,
    writeQueueNums: write,
    perm,
    topicFilterType: filterType,
    attributes: json === '' ? undefined : parseJavaJson(json),
  })
}

const topicLineShape: Shape<TopicConfig> = {
  read(value) {
    const line = lineShape.read(value)
    return { ...line, order: false, topicSysFlag: 0 }
  },
  write: (topic) => topic,
}

const lineShape: Shape<Omit<TopicConfig, 'order' | 'topicSysFlag'>> = record<
  Omit<TopicConfig, 'order' | 'topicSysFlag'>
>({
  attributes: initially(attributes, () => new Map()),
  perm: int32,
  readQueueNums: int32,
  topicFilterType: topicFilterTypeShape,
  topicName: text,
  writeQueueNums: int32,
})

function inflate(bytes: Uint8Array): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES })
  } catch (cause) {
    throw new JavaJsonError('the compressed body does not inflate', cause)
  }
}

/** Reads counted parts one after another. */
class PartReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  int32(): number {
    if (this.#at + 4 > this.#bytes.length) throw endsEarly()
    const value = this.#bytes.readInt32BE(this.#at)
    this.#at += 4
    return value
  }

  text(): string {
    const length = this.int32()
    if (length < 0 || this.#at + length > this.#bytes.length) throw endsEarly()
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  json(): unknown {
    return parseJavaJson(this.text())
  }
}

function endsEarly(): JavaJsonError {
  return new JavaJsonError('the compressed body ends inside a part')
}

function pushInt32(parts: Uint8Array[], value: number): void {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  parts.push(bytes)
}

function pushText(parts: Uint8Array[], value: string): void {
  const bytes = Buffer.from(value, 'utf8')
  pushInt32(parts, bytes.length)
  parts.push(bytes)
}
