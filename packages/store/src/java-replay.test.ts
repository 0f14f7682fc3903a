// SPDX-License-Identifier: Apache-2.0
// Messages that Java's store took, at the times it took them: our files are the same to the byte.
import type { Files } from '@rocketmq-ts/runtime'
import { describe, expect, it } from 'vitest'
import {
  maskUndefined,
  readRecording,
  recordings,
  replay,
  unpacked,
} from '../test/support/java-replay.ts'
import { ROOT } from '../test/support/store.ts'

/** Files that are compared. */
const COMPARED = /^(commitlog|consumequeue)\//
/** Recordings of what the store can do. */
const REPLAYED: ReadonlySet<string> = new Set([
  'plain',
  'version-2',
  'ipv6',
  'compressed',
  'batch',
  'transaction',
  'delay',
  'property-crc',
  'size-limits',
  'queue-start',
])

describe.each(recordings.filter((name) => REPLAYED.has(name)))('%s', (name) => {
  const recording = readRecording(name)

  it('gives the files that Java wrote', async () => {
    const { runtime, outcomes } = await replay(recording)
    expect(outcomes).toEqual(
      recording.inputs.map(({ status, offset, bytes, queueOffset }) =>
        status === 'PUT_OK' ? { status, offset, bytes, queueOffset } : { status },
      ),
    )
    const ours = filesBelow(runtime.files, ROOT)
      .map((path) => path.slice(ROOT.length + 1))
      .filter((path) => COMPARED.test(path))
    const files = recording.after.filter(({ path }) => COMPARED.test(path))
    const differences = files.flatMap(({ path, content }) => {
      const javas = maskUndefined(path, unpacked(content))
      const mine = maskUndefined(path, Buffer.from(runtime.files.readFile(`${ROOT}/${path}`) ?? []))
      return mine.equals(javas) ? [] : [{ path, ...firstDifference(mine, javas) }]
    })
    expect(differences).toEqual([])
    expect(ours.toSorted()).toEqual(files.map(({ path }) => path).toSorted())
  })
})

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
