// SPDX-License-Identifier: Apache-2.0
// Messages that Java's store took, at the times it took them: our files are the same to the byte.
import type { Files } from '@rocketmq-ts/runtime'
import type { SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import {
  installed,
  maskUndefined,
  openRecorded,
  readRecording,
  type Recording,
  recordings,
  replay,
  unpacked,
} from '../test/support/java-replay.ts'
import { ROOT } from '../test/support/store.ts'

/** Files that are compared. */
const COMPARED =
  /^(commitlog(-\w)?|consumequeue|consumequeue_ext|batchconsumequeue|index|checkpoint)(\/|$)/
describe.each(recordings)('%s', (name) => {
  const recording = readRecording(name)

  it('gives the files that Java wrote', async () => {
    const { runtime, outcomes } = await replay(recording)
    expect(outcomes).toEqual(
      recording.inputs.map(({ status, offset, bytes, queueOffset }) =>
        status === 'PUT_OK' ? { status, offset, bytes, queueOffset } : { status },
      ),
    )
    expectSame(recording, runtime)
  })

  it.each([
    ['stopped in order', false],
    ['killed', true],
  ])('leaves the files alone that Java wrote, %s', async (_, isKilled) => {
    const runtime = installed(recording, { isKilled })
    const store = await openRecorded(runtime, recording)
    await runtime.settle(store.close())
    // The index file that was not full yet is not trusted after a crash, as in Java, and built again.
    expectSame(isKilled ? rebuilt(recording) : recording, runtime)
  })

  it('builds the queues and the index again from the log', async () => {
    const without = /^(consumequeue|consumequeue_ext|batchconsumequeue|index|checkpoint)(\/|$)/
    const runtime = installed(recording, { isKilled: true, without })
    const store = await openRecorded(runtime, recording)
    await runtime.settle(store.close())
    expectSame(rebuilt(recording), runtime)
  })
})

/** The recording with all its files there at the start. */
function rebuilt(recording: Recording): Recording {
  return { ...recording, before: recording.after }
}

/** Every compared file is there, and no other, with the same bytes. */
function expectSame(recording: Recording, runtime: SimulatedRuntime): void {
  const ours = comparable(
    recording,
    filesBelow(runtime.files, ROOT).map((path) => ({
      path: path.slice(ROOT.length + 1),
      bytes: Buffer.from(runtime.files.readFile(path) ?? []),
    })),
  )
  const javas = comparable(
    recording,
    recording.after.map(({ path, content }) => ({ path, bytes: unpacked(content) })),
  )
  expect([...ours.keys()]).toEqual([...javas.keys()])
  const differences = [...javas].flatMap(([path, bytes]) => {
    const mine = ours.get(path) ?? Buffer.alloc(0)
    return mine.equals(bytes) ? [] : [{ path, ...firstDifference(mine, bytes) }]
  })
  expect(differences).toEqual([])
}

interface Content {
  readonly path: string
  readonly bytes: Buffer
}

/** Files by path, without the bytes that are undefined. */
function comparable(recording: Recording, files: readonly Content[]): Map<string, Buffer> {
  const compared = files
    .filter(({ path }) => COMPARED.test(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  let indexFiles = 0
  const entries = compared.map(({ path, bytes }): [string, Buffer] => {
    maskUndefined(recording, path, bytes)
    // Files that are rebuilt at the start are named by the time of that, which a replay cannot know.
    const isRebuilt = recording.before.length > 0 && path.startsWith('index/')
    return [isRebuilt ? `index/${++indexFiles}` : path, bytes]
  })
  return new Map(entries)
}

/** Where two files differ first, with the bytes around. */
function firstDifference(ours: Buffer, javas: Buffer): object {
  let at = 0
  while (at < ours.length && ours[at] === javas[at]) at++
  const around = (file: Buffer): string => file.toString('hex', Math.max(0, at - 8), at + 32)
  return { at, lengths: [ours.length, javas.length], ours: around(ours), javas: around(javas) }
}

function filesBelow(files: Files, folder: string): string[] {
  return files.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`
    return files.stat(path)?.kind === 'directory' ? filesBelow(files, path) : [path]
  })
}
