// SPDX-License-Identifier: Apache-2.0
// The other direction: what our codec writes is read by the Java classes and compared field by field.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoots } from './fixtures.ts'
import type { JavaRecorders } from './java.ts'

type Expected = Readonly<Record<string, unknown>>

/** What Java is asked to read, and what it must find. */
interface Item {
  readonly name: string
  readonly asked: object
  readonly expected: Expected
}

/** @throws {Error} naming the first things Java reads differently; returns how many were compared. */
export function compareJavaReads(java: JavaRecorders, workFolder: string): number {
  const items = ourItems()
  const asked = join(workFolder, 'asked.json')
  const answered = join(workFolder, 'answered.json')
  writeFileSync(asked, JSON.stringify(items.map((item) => item.asked)))
  java.run('ReadOurs', [asked, answered])
  const answers = JSON.parse(readFileSync(answered, 'utf8')) as Expected[]
  const problems = items.flatMap((item, index) => differences(item, answers[index] ?? {}))
  if (problems.length > 0) {
    throw new Error(`${problems.length} differences:\n${problems.slice(0, 20).join('\n')}`)
  }
  return items.length
}

/** Made in a process of their own: recorders import no package. */
function ourItems(): Item[] {
  const maker = pathToFileURL(join(packageRoots.remoting, 'test/record-our-frames.ts')).href
  const script = `import { ourFrames } from '${maker}'; console.log(JSON.stringify(ourFrames()))`
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (run.status !== 0) throw new Error(`${maker} ended with ${run.status}:\n${run.stderr}`)
  return JSON.parse(run.stdout) as Item[]
}

function differences({ name, expected }: Item, answer: Expected): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const found = answer[key]
    if (typeof value === 'object' && value !== null) {
      return differences(
        { name: `${name} ${key}`, asked: {}, expected: value as Expected },
        (found ?? {}) as Expected,
      )
    }
    return found === value
      ? []
      : [`${name}: ${key} is ${String(found)} (${String(answer['error'])}), not ${String(value)}`]
  })
}
