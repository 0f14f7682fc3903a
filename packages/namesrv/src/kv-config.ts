// SPDX-License-Identifier: Apache-2.0
// The key-value table: configuration by namespace, kept in a file that Java's name server can read and write too.
import {
  initially,
  mapOf,
  parseJavaJson,
  readShape,
  record,
  text,
  writeJavaJson,
  type Shape,
} from '@rocketmq-ts/remoting/java-json'
import { readFileOrBackup, writeFileAtomically, type Files } from '@rocketmq-ts/runtime'

/** The namespace that holds the fixed order of queues of ordered topics. */
export const ORDER_TOPIC_CONFIG = 'ORDER_TOPIC_CONFIG'

/** What the file holds. Java: KVConfigSerializeWrapper. */
interface KvConfigFile {
  readonly configTable: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const fileShape: Shape<KvConfigFile> = record<KvConfigFile>({
  configTable: initially(mapOf(text, mapOf(text, text)), () => new Map()),
})

/** Told of each value that was put or deleted. */
export type KvListener = (namespace: string, key: string) => void

/** Values by namespace and key; every change is on disk before the call returns. */
export class KvConfig {
  readonly #files: Files
  readonly #path: string
  readonly #table: Map<string, Map<string, string>>
  readonly #onChanged: KvListener

  private constructor(
    files: Files,
    path: string,
    table: KvConfigFile['configTable'],
    onChanged: KvListener,
  ) {
    this.#files = files
    this.#path = path
    this.#onChanged = onChanged
    this.#table = new Map([...table].map(([namespace, values]) => [namespace, new Map(values)]))
  }

  /** Reads the file, or its backup; a table without a readable file is empty. */
  static open(files: Files, path: string, onChanged: KvListener = () => undefined): KvConfig {
    const file = readFileOrBackup(files, path, (bytes) =>
      readShape('kvConfig', fileShape, parseJavaJson(bytes)),
    )
    return new KvConfig(files, path, file?.configTable ?? new Map(), onChanged)
  }

  get(namespace: string, key: string): string | undefined {
    return this.#table.get(namespace)?.get(key)
  }

  /** All values of a namespace; undefined when it was never written to. */
  list(namespace: string): ReadonlyMap<string, string> | undefined {
    return this.#table.get(namespace)
  }

  put(namespace: string, key: string, value: string): void {
    const values = this.#table.get(namespace) ?? new Map<string, string>()
    values.set(key, value)
    this.#table.set(namespace, values)
    this.#onChanged(namespace, key)
    this.#persist()
  }

  delete(namespace: string, key: string): void {
    this.#table.get(namespace)?.delete(key)
    this.#onChanged(namespace, key)
    this.#persist()
  }

  #persist(): void {
    const json = writeJavaJson(fileShape.write({ configTable: this.#table }))
    const slash = this.#path.lastIndexOf('/')
    if (slash > 0) this.#files.makeDirectory(this.#path.slice(0, slash))
    writeFileAtomically(this.#files, this.#path, Buffer.from(json, 'utf8'))
  }
}
