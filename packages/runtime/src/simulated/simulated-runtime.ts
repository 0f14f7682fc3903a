// SPDX-License-Identifier: Apache-2.0
// All seams simulated under one seed: machines with disks, processes on them, virtual time, a network in memory.
import type { Clock } from '../clock.ts'
import type { Host } from '../host.ts'
import type { Runtime } from '../runtime.ts'
import type { Timers } from '../timers.ts'
import type { Turn } from '../turn.ts'
import { Life, Scheduler } from './scheduler.ts'
import { SimDisk } from './sim-disk.ts'
import { type DiskBehaviour, SimFiles } from './sim-files.ts'
import { type LinkBehaviour, SimNetwork, type Wire } from './sim-network.ts'
import { SimRandom } from './sim-random.ts'

/** Wall time of a world's beginning: 2026-01-01T00:00:00Z. */
const BEGINNING_MS = 1_767_225_600_000
const HOUR_MS = 3_600_000
/** Sets the kernel's own choices apart from those of the world. */
const KERNEL_SEED = 0x6b65_726e
const UNLIMITED_BYTES = Number.POSITIVE_INFINITY

/** How a process ends without being asked. */
export type CrashKind =
  /** The process is killed: what reached the kernel stays. */
  | 'process'
  /** Power fails: what was flushed stays, of the rest any sectors. */
  | 'power'

export interface SimulatedOptions {
  readonly seed: number
  /** Address of the first machine. Default 10.0.0.1. */
  readonly host?: string
}

/** One simulated process on a machine, and the controls of its world. */
export interface SimulatedRuntime extends Runtime {
  readonly random: SimRandom
  readonly seed: number
  /** The machine's disk: faults, space, latency. */
  readonly disk: DiskBehaviour
  /** The world's network: latency, fragments, partitions. */
  readonly link: LinkBehaviour
  /** Lets virtual time pass and runs what is due. */
  advance(durationMs: number): Promise<void>
  /** Runs until only periodic work is left. */
  run(): Promise<void>
  /** Runs until the promise settles; rejects when it has not after `limitMs` (default one hour) of virtual time. */
  settle<T>(promise: Promise<T>, limitMs?: number): Promise<T>
  /** Ends the process on the spot. Returns the next process on the same machine; this one can do nothing any more. */
  crash(kind: CrashKind): SimulatedRuntime
  /** Turns one bit of a file over, in its bytes on the disk and in those that reads see. Nothing happens behind its end. */
  flipBit(path: string, bit: number): void
  /** A process on another machine of the same world. */
  machine(host: string): SimulatedRuntime
}

/** What processes on the same machine share. */
interface Machine {
  readonly host: string
  readonly disk: SimDisk
  readonly behaviour: DiskBehaviour
  readonly kernelRandom: SimRandom
  readonly locks: Map<string, Life>
  nextProcessId: number
}

interface World {
  readonly seed: number
  readonly scheduler: Scheduler
  readonly random: SimRandom
  readonly wire: Wire
}

/** The first process of a new world. The same seed and the same calls give the same run. */
export function simulatedRuntime(options: SimulatedOptions): SimulatedRuntime {
  const random = new SimRandom(options.seed)
  const scheduler = new Scheduler()
  const link: LinkBehaviour = {
    latencyMs: [0.05, 0.5],
    mostBytesAtOnce: 16 * 1024,
    isCut: () => false,
  }
  const wire = { scheduler, random: random.fork(), behaviour: link, listening: new Map() }
  const world = { seed: options.seed, scheduler, random, wire }
  return processOn(world, machineIn(options.host ?? '10.0.0.1', options.seed))
}

function machineIn(host: string, seed: number): Machine {
  const behaviour: DiskBehaviour = {
    fault: undefined,
    capacityBytes: UNLIMITED_BYTES,
    latencyMs: [0.02, 0.6],
    writesAtOnce: false,
    evictsAfterFailedFlush: false,
  }
  const kernelRandom = new SimRandom(seed ^ KERNEL_SEED)
  const disk = new SimDisk()
  return { host, disk, behaviour, kernelRandom, locks: new Map(), nextProcessId: 1000 }
}

function processOn(world: World, machine: Machine): SimulatedRuntime {
  const { scheduler, wire } = world
  const life = new Life()
  const clock = clockOf(scheduler)
  const files = new SimFiles({
    disk: machine.disk,
    behaviour: machine.behaviour,
    locks: machine.locks,
    life,
    scheduler,
    random: world.random.fork(),
    kernelRandom: machine.kernelRandom,
    nowMs: () => clock.nowMs(),
  })
  const network = new SimNetwork(wire, life, machine.host)
  const end = (kind: CrashKind): void => {
    life.end()
    files.abandon()
    network.abandon(kind === 'process')
    if (kind === 'power') machine.disk.losePower(world.random.fork())
  }
  return {
    seed: world.seed,
    clock,
    timers: timersOf(scheduler, life),
    turn: turnOf(scheduler, life),
    random: world.random.fork(),
    host: hostOf(machine, scheduler),
    files,
    network,
    disk: machine.behaviour,
    link: wire.behaviour,
    advance: (durationMs) => scheduler.advance(durationMs),
    run: () => scheduler.run(),
    settle: (promise, limitMs = HOUR_MS) => scheduler.settle(promise, limitMs),
    crash: (kind) => {
      end(kind)
      return processOn(world, machine)
    },
    flipBit: (path, bit) => machine.disk.file(path)?.flipBit(bit),
    machine: (host) => processOn(world, machineIn(host, world.seed)),
  }
}

function clockOf(scheduler: Scheduler): Clock {
  return {
    nowMs: () => BEGINNING_MS + Math.floor(scheduler.nowMs),
    monotonicMs: () => scheduler.nowMs,
  }
}

function timersOf(scheduler: Scheduler, life: Life): Timers {
  return {
    after: (delayMs, run) => scheduler.after(life, delayMs, run),
    every(periodMs, run) {
      let cancel = (): void => undefined
      let isStopped = false
      const again = (): void => {
        cancel = scheduler.after(
          life,
          periodMs,
          () => {
            run()
            if (!isStopped) again()
          },
          true,
        )
      }
      again()
      return () => {
        isStopped = true
        cancel()
      }
    },
  }
}

function turnOf(scheduler: Scheduler, life: Life): Turn {
  return { atEnd: (run) => scheduler.atTurnEnd(life, run) }
}

function hostOf(machine: Machine, scheduler: Scheduler): Host {
  const processId = machine.nextProcessId++
  return {
    processId,
    hostName: `sim-${machine.host.replaceAll('.', '-')}`,
    homeDirectory: '/home/sim',
    temporaryDirectory: '/tmp',
    platform: 'linux',
    ipAddresses: () => [machine.host],
    utcOffsetMinutes: () => 0,
    usage: () => ({ residentBytes: 0, cpuMicros: Math.floor(scheduler.nowMs * 1000) }),
  }
}
