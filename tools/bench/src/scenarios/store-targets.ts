// SPDX-License-Identifier: Apache-2.0
// What the store's figures must be, and a short measurement that says which of them are missed by far.

import { Figures, ours, raw, type StoreBench } from '../options.ts'
import { ratio } from '../report.ts'
import { median, short } from '../statistics.ts'
import { measureAppend, nameOf, targetCases } from './store-append.ts'
import { measureRecovery } from './store-recovery.ts'
import { measureSync } from './store-sync.ts'

/** A figure, what it is to be, and below (or above) which it is wrong on any machine, however busy. */
interface Target {
  readonly what: string
  readonly wanted: number
  readonly least?: number
  readonly most?: number
  measure(bench: StoreBench): Promise<number>
}

const attempts = 3

const targets: readonly Target[] = [
  ...targetCases.map((one) => ({
    what: `${nameOf(one)}: bytes per second of CPU, of the raw write's`,
    wanted: 0.5,
    least: 0.35,
    measure: async (bench: StoreBench) => {
      const figures = new Figures()
      await measureAppend(bench, one, figures)
      return 1 / ratioOf(figures, 'µs of the thread per record')
    },
  })),
  {
    what: 'SYNC_FLUSH, one writer: acknowledgements per second, of the raw loop’s',
    wanted: 0.8,
    least: 0.5,
    measure: async (bench) => {
      const figures = new Figures()
      await measureSync(bench, 1, figures)
      return ratioOf(figures, 'acks/s')
    },
  },
  {
    what: 'SYNC_FLUSH, 128 writers: acknowledgements per fdatasync',
    wanted: 100,
    least: 60,
    measure: async (bench) => {
      const figures = new Figures()
      await measureSync(bench, 128, figures)
      return ratioOf(figures, 'acks per fdatasync')
    },
  },
  {
    what: 'opening after a clean stop: four times the log takes so much longer',
    wanted: 1,
    most: 2.5,
    measure: async (bench) => {
      const figures = new Figures()
      await measureRecovery(bench, [0.125, 0.5], figures, false)
      const [small = [], large = []] = figures.all
        .filter(({ what }) => what.includes('clean'))
        .map(({ values }) => values[ours.name])
      return median(large) / median(small)
    },
  },
]

/** Prints each figure beside its target; returns the number of those missed by far in every attempt. */
export async function checkTargets(bench: StoreBench): Promise<number> {
  let missed = 0
  for (const target of targets) if (!(await isMet(target, bench))) missed++
  console.log(`${targets.length - missed} passed, ${missed} failed`)
  return missed
}

async function isMet(target: Target, bench: StoreBench): Promise<boolean> {
  const { what, wanted, least = -Infinity, most = Infinity } = target
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const value = await target.measure(bench)
    const isGood = value >= least && value <= most
    const limit = target.least === undefined ? `at most ${short(most)}` : `at least ${short(least)}`
    console.log(
      `${isGood ? 'ok  ' : 'MISS'} ${what}: ${short(value)} (target ${short(wanted)}, ${limit})`,
    )
    if (isGood) return true
  }
  return false
}

function ratioOf(figures: Figures, unit: string): number {
  const figure = figures.all.find((one) => one.unit === unit)
  return figure === undefined ? Number.NaN : ratio(figure, [ours, raw])
}
