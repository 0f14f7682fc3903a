// SPDX-License-Identifier: Apache-2.0
// Puts compacted pairs in the place of those they were made of, all or none.
//
// The compacted pairs lie, flushed, in the sub folder `compacting`. A plan is written there first; from then on the replacement
// happens, now or, after a crash, at the next start. Without a plan what lies there counts for nothing. Each step may be done twice.
import { writeFileAtomically } from '@rocketmq-ts/runtime'
import { StoreError } from '../errors.ts'
import { segmentName } from '../segment-files.ts'
import { PairFiles } from './pair-files.ts'

/** Java's names. */
const COMPACTING = 'compacting'
const REPLICATING = 'replicating'
/** Ours alone; Java looks at no file of the sub folder. */
const PLAN = 'plan.json'

interface Plan {
  /** Names of the pairs that take their places. */
  readonly put: readonly string[]
  /** Names of the pairs that go without anything taking their places. */
  readonly removed: readonly string[]
}

/** The row into which the pairs of `row` are compacted. Nothing that an earlier attempt left is in it. */
export function compactingRow(row: PairFiles): PairFiles {
  const { log, units } = row.directories
  const compacting = new PairFiles(
    { log: `${log}/${COMPACTING}`, units: `${units}/${COMPACTING}` },
    row.disk,
  )
  discard(compacting)
  return compacting
}

/** Forgets an attempt. */
export function discard(compacting: PairFiles): void {
  const { open, files } = compacting.disk
  const { log } = compacting.directories
  // First, and for good: a plan whose files are gone would leave some old pairs and take others.
  if (files.stat(`${log}/${PLAN}`) !== undefined) {
    files.remove(`${log}/${PLAN}`)
    files.flushDirectory(log)
  }
  for (const directory of [compacting.directories.log, compacting.directories.units]) {
    for (const name of files.list(directory)) open.close(`${directory}/${name}`)
    if (files.stat(directory) !== undefined) files.remove(directory)
  }
}

/** Replaces the first `count` pairs of `row` by those of `compacting`, in one step as far as readers are concerned. */
export function replace(row: PairFiles, count: number, compacting: PairFiles): void {
  const put = compacting.pairs.map(({ start }) => segmentName(start))
  const gone = row.pairs.slice(0, count).map(({ start }) => segmentName(start))
  const plan: Plan = { put, removed: gone.filter((name) => !put.includes(name)) }
  compacting.flushNames()
  const { files } = row.disk
  files.makeDirectory(compacting.directories.log)
  files.flushDirectory(row.directories.log)
  writeFileAtomically(files, planPath(row), Buffer.from(JSON.stringify(plan), 'utf8'))
  row.pairs = [...compacting.pairs, ...row.pairs.slice(count)]
  row.unfinished = () => carryOut(row, plan)
  finish(row)
}

/** Carries out what a failure of the disk interrupted. */
export function finish(row: PairFiles): void {
  row.unfinished?.()
  row.unfinished = undefined
}

/** At start: goes on with a replacement that was planned, forgets one that was not. */
export function finishReplacement(row: PairFiles): void {
  const { files } = row.disk
  const bytes = files.readFile(planPath(row))
  if (bytes === undefined) {
    compactingRow(row)
  } else {
    carryOut(row, parsePlan(planPath(row), bytes))
  }
  // Left by a Java replica that was stopped while it copied its master's queue; it begins anew too.
  for (const directory of [row.directories.log, row.directories.units]) {
    const replicating = `${directory}/${REPLICATING}`
    if (files.stat(replicating) !== undefined) files.remove(replicating)
  }
}

function carryOut(row: PairFiles, plan: Plan): void {
  const { files, open } = row.disk
  const both = [row.directories.log, row.directories.units]
  for (const directory of both) {
    for (const name of plan.put) {
      const from = `${directory}/${COMPACTING}/${name}`
      open.close(from)
      open.close(`${directory}/${name}`)
      if (files.stat(from) !== undefined) files.rename(from, `${directory}/${name}`)
    }
    for (const name of plan.removed) {
      open.close(`${directory}/${name}`)
      files.remove(`${directory}/${name}`)
    }
    files.flushDirectory(directory)
  }
  // The plan goes last, and for good before anything else is done: carried out later it would do harm.
  files.remove(planPath(row))
  files.flushDirectory(`${row.directories.log}/${COMPACTING}`)
  for (const directory of both) files.remove(`${directory}/${COMPACTING}`)
}

function planPath(row: PairFiles): string {
  return `${row.directories.log}/${COMPACTING}/${PLAN}`
}

function parsePlan(path: string, bytes: Uint8Array): Plan {
  try {
    const plan: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (isPlan(plan)) return plan
  } catch {
    // Told below.
  }
  throw new StoreError(
    'RMQ_STORE_LAYOUT',
    `${path} is not the plan of a replacement; files of this queue may be half replaced`,
  )
}

function isPlan(value: unknown): value is Plan {
  if (typeof value !== 'object' || value === null) return false
  const { put, removed } = value as Partial<Record<keyof Plan, unknown>>
  return areNames(put) && areNames(removed)
}

function areNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.every((name) => typeof name === 'string' && /^\d{20}$/.test(name))
  )
}
