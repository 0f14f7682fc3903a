// SPDX-License-Identifier: Apache-2.0
// What every scenario of the benchmark gets.

import type { Java } from '../../interop/src/java.ts'
import { type ServerKind, Servers } from '../../interop/src/servers.ts'

export interface BenchContext {
  readonly java: Java
  readonly runs: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Run dist/main.js of our servers. */
  readonly built: boolean
  /** The two sides, in the order in which they take turns. */
  readonly kinds: readonly [Side, Side]
  /** Everything temporary goes below this folder. */
  readonly scratch: string
  /** Stores that are made once. */
  readonly cache: string
}

/** One of the two compared systems. "java" against "java" shows how far the machine can be trusted. */
export interface Side {
  readonly name: string
  readonly kind: ServerKind
}

/** What the scenarios of the store get: they run in this process and need no Java. */
export type StoreBench = Pick<BenchContext, 'runs' | 'scratch'>

/** What a figure is of: one of two systems, or a store and what it is held against. */
export type Measured = Pick<Side, 'name'>

/** Our store. */
export const ours: Measured = { name: 'ours' }
/** The same bytes through the bare calls of the system. */
export const raw: Measured = { name: 'raw' }

/** One figure of one side, all runs. */
export interface Figure {
  readonly scenario: string
  readonly what: string
  readonly unit: string
  /** Which way is better; decides nothing, only printed. */
  readonly better: 'more' | 'less'
  readonly values: Record<string, number[]>
}

/**
 * Apache's start script in its essence, with a heap of 2 GiB instead of 8.
 * Its -XX:+AlwaysPreTouch is left out, which shows Java's start and memory in a better light.
 */
export const javaBrokerOptions: readonly string[] = [
  '-Xms2g',
  '-Xmx2g',
  '-XX:+UseG1GC',
  '-XX:G1HeapRegionSize=16m',
  '-XX:G1ReservePercent=25',
  '-XX:InitiatingHeapOccupancyPercent=30',
  '-XX:SoftRefLRUPolicyMSPerMB=0',
  '-XX:MaxDirectMemorySize=4g',
  '-XX:-UseLargePages',
]

/** Collects figures by scenario and name. */
export class Figures {
  readonly all: Figure[] = []

  add(
    side: Measured,
    figure: Pick<Figure, 'scenario' | 'what' | 'unit' | 'better'>,
    value: number,
  ): void {
    let found = this.all.find(
      ({ scenario, what, unit }) =>
        scenario === figure.scenario && what === figure.what && unit === figure.unit,
    )
    if (found === undefined) {
      found = { ...figure, values: {} }
      this.all.push(found)
    }
    ;(found.values[side.name] ??= []).push(value)
  }
}

export async function startServers(
  context: BenchContext,
  side: Side,
  folder: string,
): Promise<Servers> {
  return await Servers.start({
    java: context.java,
    folder,
    namesrv: side.kind,
    broker: side.kind,
    built: context.built,
    javaBrokerOptions,
  })
}
