// SPDX-License-Identifier: Apache-2.0
// Runs seeds against a stage, several at a time, and compares the heap before and after.
import { loadCorpus } from './corpus.ts'
import { Generator } from './generate.ts'
import { usedBytes } from './heap.ts'
import { FRAMES_OF_A_SEED, noOutcomes, runSession, type Outcomes, type Target } from './session.ts'
import { startStage, type Stage } from './stage.ts'

export interface FuzzOptions {
  readonly frames: number
  readonly seed: number
  readonly say: (line: string) => void
}

export interface FuzzReport {
  readonly passed: number
  readonly failures: readonly string[]
  readonly outcomes: Outcomes
}

/** Servers are replaced after this many frames: what they were rightly told to keep does not pile up. */
const FRAMES_OF_A_STAGE = 50_000
const WARM_UP_FRAMES = 3000
const AT_A_TIME = 8
const MAX_GROWTH_BYTES = 10 * 1024 * 1024
/** Seeds no run begins with. */
const WARM_UP_SEED = 2 ** 40

/** Frames are sent in seeds of {@link FRAMES_OF_A_SEED}. */
export async function fuzz({ frames, say, seed }: FuzzOptions): Promise<FuzzReport> {
  // Most frames end in an error: long stacks would be most of the work.
  Error.stackTraceLimit = 5
  const corpus = loadCorpus()
  const generator = new Generator(corpus)
  const codes = [...corpus.requests.keys()]
  const outcomes = noOutcomes()
  const failures: string[] = []
  const fail = (text: string): void => {
    failures.push(text)
    say(text)
  }
  const onCrash = (error: unknown): void => fail(`thrown past everyone: ${stackOf(error)}`)
  process.on('uncaughtException', onCrash)
  process.on('unhandledRejection', onCrash)
  const seeds = Math.ceil(frames / FRAMES_OF_A_SEED)
  const seedsOfAStage = FRAMES_OF_A_STAGE / FRAMES_OF_A_SEED
  let passed = 0
  let firstHeapBytes: number | undefined
  try {
    for (let done = 0; done < seeds; done += seedsOfAStage) {
      const stage = await startStage(codes)
      const run = { stage, generator, fail }
      const warmUpFrames = Math.min(frames, WARM_UP_FRAMES)
      await runSeeds(run, range(WARM_UP_SEED, warmUpFrames / FRAMES_OF_A_SEED), noOutcomes())
      const before = await usedBytes()
      const own = range(seed + done, Math.min(seedsOfAStage, seeds - done))
      passed += await runSeeds(run, own, outcomes)
      const after = await usedBytes()
      say(
        `after ${outcomes.frames} frames: heap ${change(before.heap, after.heap)}, buffers ${change(before.buffers, after.buffers)}`,
      )
      // Against the first start: what outlives servers that were closed counts as well.
      firstHeapBytes ??= before.heap
      const growthBytes = after.heap - Math.min(before.heap, firstHeapBytes)
      if (growthBytes > MAX_GROWTH_BYTES) fail('the heap grew by more than 10 MiB')
      await stage.cluster.close()
    }
  } finally {
    process.off('uncaughtException', onCrash)
    process.off('unhandledRejection', onCrash)
  }
  return { passed, failures, outcomes }
}

interface Run {
  readonly stage: Stage
  readonly generator: Generator
  readonly fail: (text: string) => void
}

/** Returns how many passed. */
async function runSeeds(
  { fail, generator, stage }: Run,
  seeds: readonly number[],
  outcomes: Outcomes,
): Promise<number> {
  const waiting = seeds.values()
  let passed = 0
  let told = stage.mistakes.length
  const work = async (): Promise<void> => {
    for (const seed of waiting) {
      // Which server is the seed's own choice, so that it alone shows a failure again.
      const target = stage.targets[seed % 2] as Target
      try {
        await runSession(seed, target, generator, outcomes)
        passed++
      } catch (error) {
        fail(`${target.name}, seed ${seed}: ${stackOf(error)}\n${again(seed)}`)
      }
      for (; told < stage.mistakes.length; told++) {
        fail(`near seed ${seed}, logged: ${stackOf(stage.mistakes[told])}\n${again(seed)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return passed
}

function again(seed: number): string {
  return `  again with: node packages/testing/test/fuzz/main.ts --frames ${FRAMES_OF_A_SEED} --seed ${seed}`
}

function change(beforeBytes: number, afterBytes: number): string {
  return `${(beforeBytes / 1e6).toFixed(1)} → ${(afterBytes / 1e6).toFixed(1)} MB`
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
