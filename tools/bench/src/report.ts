// SPDX-License-Identifier: Apache-2.0
// Prints the figures of both sides as a table with their ratio, and writes them as JSON.

import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { BenchContext, Figure, Measured } from './options.ts'
import { median, short, spread } from './statistics.ts'

/** First side divided by second, from the medians. */
export function ratio(figure: Figure, [first, second]: readonly [Measured, Measured]): number {
  return median(figure.values[first.name] ?? []) / median(figure.values[second.name] ?? [])
}

export function table(figures: readonly Figure[], sides: readonly [Measured, Measured]): string {
  const [first, second] = sides
  const rows = figures.map((figure) => [
    figure.scenario,
    `${figure.what}, ${figure.unit}`,
    spread(figure.values[first.name] ?? []),
    spread(figure.values[second.name] ?? []),
    `${short(ratio(figure, sides))} (${figure.better} is better)`,
  ])
  const heads = ['scenario', 'figure', first.name, second.name, `${first.name}/${second.name}`]
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Returns the file's path. */
export async function writeJson(
  folder: string,
  figures: readonly Figure[],
  context: BenchContext,
): Promise<string> {
  const file = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`)
  await mkdir(folder, { recursive: true })
  const { runs, seconds, warmUpSeconds, built, kinds } = context
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  await writeFile(
    file,
    `${JSON.stringify({ machine, runs, seconds, warmUpSeconds, built, sides: kinds, figures }, undefined, 2)}\n`,
  )
  return file
}
