// SPDX-License-Identifier: Apache-2.0
// Stores recorded from Java on a simulated disk, to be damaged; and what is still in them, read without the code under test.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { StoreFolder, type Verification, verifyStore } from '../../src/toolbox/index.ts'
import { ROOT } from './store.ts'

const GOLDEN = fileURLToPath(new URL('../golden/java-store', import.meta.url))

/** A message as Java's recorder listed it. */
export interface JavaMessage {
  readonly topic: string
  readonly queueId: number
  readonly queueOffset: number
  readonly offset: number
  readonly size: number
  readonly sysFlag: number
}

export function javaMessages(variant: string): readonly JavaMessage[] {
  const text = readFileSync(`${GOLDEN}/${variant}/manifest.json`, 'utf8')
  return (JSON.parse(text) as { messages: JavaMessage[] }).messages
}

/** Java's store on a disk of its own. */
export function javaStore(variant: 'clean' | 'killed', seed: number = 1): SimulatedRuntime {
  const runtime = simulatedRuntime({ seed })
  const copy = (from: string, to: string): void => {
    runtime.files.makeDirectory(to)
    for (const name of readdirSync(from)) {
      const source = `${from}/${name}`
      if (statSync(source).isDirectory()) copy(source, `${to}/${name}`)
      else runtime.files.writeFile(`${to}/${name}`, readFileSync(source), { durable: true })
    }
    runtime.files.flushDirectory(to)
  }
  copy(`${GOLDEN}/${variant}/store`, ROOT)
  runtime.files.flushDirectory('')
  return runtime
}

export async function verified(runtime: SimulatedRuntime): Promise<Verification> {
  const folder = new StoreFolder({ files: runtime.files, root: ROOT })
  const result = await runtime.settle(verifyStore({ folder, turn: runtime.turn }))
  folder.close()
  return result
}

/** Every file below a directory, with its bytes. */
export function snapshot(runtime: SimulatedRuntime, directory: string = ROOT): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of runtime.files.list(directory)) {
    const path = `${directory}/${name}`
    if (runtime.files.stat(path)?.kind === 'directory') {
      for (const [inner, bytes] of snapshot(runtime, path)) found.set(inner, bytes)
    } else {
      found.set(path, Buffer.from(runtime.files.readFile(path) ?? []).toString('hex'))
    }
  }
  return found
}

/** Path and position of a log offset in files of 64 KiB. */
export function inLog(offset: number): { path: string; position: number } {
  const start = offset - (offset % 65_536)
  return {
    path: `${ROOT}/commitlog/${String(start).padStart(20, '0')}`,
    position: offset - start,
  }
}

/** Bytes of a record as they lie in the log. */
export function recordBytes(runtime: SimulatedRuntime, message: JavaMessage): string {
  const { path, position } = inLog(message.offset)
  const file = runtime.files.readFile(path) ?? new Uint8Array(0)
  return Buffer.from(file.subarray(position, position + message.size)).toString('hex')
}

export function overwrite(
  runtime: SimulatedRuntime,
  path: string,
  position: number,
  bytes: Uint8Array,
): void {
  const file = runtime.files.open(path, 'write')
  file.writeSync([bytes], position)
  file.flushSync()
  file.close()
}
