// SPDX-License-Identifier: Apache-2.0
// Brokers that fall silent or hang up, in virtual time.
import { expect, test } from 'vitest'
import type { Connection } from '@rocketmq-ts/remoting'
import { silentLogger } from '@rocketmq-ts/runtime'
import { Liveness } from './liveness.ts'
import { RouteTable, type MinIdChange } from './route-table.ts'

/** A clock whose timers run as time is moved on. */
class VirtualTime {
  nowMs = 0
  readonly #timers = new Set<{ periodMs: number; dueMs: number; run: () => void }>()
  readonly clock = { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs }
  readonly timers = {
    after: (): never => {
      throw new Error('liveness only repeats')
    },
    every: (periodMs: number, run: () => void) => {
      const timer = { periodMs, dueMs: this.nowMs + periodMs, run }
      this.#timers.add(timer)
      return () => this.#timers.delete(timer)
    },
  }

  get timerCount(): number {
    return this.#timers.size
  }

  advance(ms: number): void {
    const endMs = this.nowMs + ms
    while (this.nowMs < endMs) {
      this.nowMs += 1
      for (const timer of this.#timers) {
        if (timer.dueMs !== this.nowMs) continue
        timer.dueMs += timer.periodMs
        timer.run()
      }
    }
  }
}

interface TestConnection {
  closed: boolean
  close(): void
}

function newConnection(): Connection & TestConnection {
  const connection: TestConnection = {
    closed: false,
    close: () => {
      connection.closed = true
    },
  }
  return connection as Connection & TestConnection
}

function setUp(): {
  time: VirtualTime
  routes: RouteTable<Connection>
  liveness: Liveness
  register: (
    name: string,
    connection: Connection,
    heartbeatTimeoutMs?: number,
    brokerId?: number,
  ) => void
  names: () => string[]
  /** The smallest id after each change that was told. */
  told: (number | undefined)[]
} {
  const time = new VirtualTime()
  const routes = new RouteTable<Connection>()
  const told: (number | undefined)[] = []
  const tell = (change: MinIdChange | undefined): void => {
    if (change !== undefined) told.push(change.addresses.keys().next().value)
  }
  const liveness = new Liveness({
    routes,
    clock: time.clock,
    timers: time.timers,
    logger: silentLogger,
    scanIntervalMs: 5_000,
    onMinIdChange: tell,
  })
  const register = (
    name: string,
    connection: Connection,
    heartbeatTimeoutMs?: number,
    brokerId = 0,
  ): void => {
    routes.register(
      {
        brokerAddr: brokerId === 0 ? `${name}:1` : `${name}-${brokerId}:1`,
        brokerId,
        brokerName: name,
        clusterName: 'C',
        haServerAddr: '',
        zoneName: undefined,
        heartbeatTimeoutMs,
        enableActingMaster: true,
        dataVersion: { counter: 0, stateVersion: 0, timestamp: 0 },
        topics: new Map(),
        filterServers: undefined,
        connection,
      },
      time.clock.monotonicMs(),
    )
  }
  const names = (): string[] => [...routes.clusterInfo().brokerAddrTable.keys()]
  return { time, routes, liveness, register, names, told }
}

test('a silent broker is dropped and its connection closed at the first scan after its time-out', () => {
  const { time, register, names } = setUp()
  const [a, b] = [newConnection(), newConnection()]
  register('a', a)
  register('b', b, 12_000)
  time.advance(14_999)
  expect(names()).toEqual(['a', 'b'])
  time.advance(1)
  expect(names()).toEqual(['a'])
  expect([a.closed, b.closed]).toEqual([false, true])
  time.advance(105_000)
  expect(names()).toEqual(['a'])
  time.advance(5_000)
  expect(names()).toEqual([])
  expect(a.closed).toBe(true)
})

test('a heartbeat keeps a broker', () => {
  const { time, routes, register, names } = setUp()
  register('a', newConnection())
  for (let beat = 0; beat < 10; beat += 1) {
    time.advance(100_000)
    routes.heard({ clusterName: 'C', brokerAddr: 'a:1' }, time.nowMs)
  }
  expect(names()).toEqual(['a'])
})

test('a closed connection takes its brokers with it at once, and no others', () => {
  const { liveness, register, names } = setUp()
  const shared = newConnection()
  register('a', shared)
  register('b', shared)
  register('c', newConnection())
  liveness.connectionClosed(shared)
  expect(names()).toEqual(['c'])
})

test('the old connection of a broker that has come back says nothing', () => {
  const { liveness, register, names } = setUp()
  const old = newConnection()
  register('a', old)
  register('a', newConnection())
  liveness.connectionClosed(old)
  expect(names()).toEqual(['a'])
})

test('an address that lost its id to another is forgotten, not its name', () => {
  const { time, routes, register, names } = setUp()
  register('a', newConnection(), 1_000)
  routes.register(
    {
      brokerAddr: 'moved:1',
      brokerId: 0,
      brokerName: 'a',
      clusterName: 'C',
      haServerAddr: '',
      zoneName: undefined,
      heartbeatTimeoutMs: undefined,
      enableActingMaster: undefined,
      dataVersion: { counter: 0, stateVersion: 0, timestamp: 0 },
      topics: new Map(),
      filterServers: undefined,
      connection: newConnection(),
    },
    0,
  )
  time.advance(5_000)
  expect(names()).toEqual(['a'])
  expect(routes.expired(10_000)).toEqual([])
})

test('those of its name are told of the smallest id when a broker expires or hangs up, not when a slave does', () => {
  const { time, liveness, register, told } = setUp()
  const [hangsUp, slave] = [newConnection(), newConnection()]
  register('a', newConnection(), 1_000)
  register('a', hangsUp, 600_000, 1)
  register('a', newConnection(), 600_000, 2)
  register('a', slave, 600_000, 3)
  liveness.connectionClosed(slave)
  expect(told).toEqual([])
  time.advance(5_000)
  expect(told).toEqual([1])
  liveness.connectionClosed(hangsUp)
  expect(told).toEqual([1, 2])
})

test('closing stops the scan', () => {
  const { time, liveness } = setUp()
  expect(time.timerCount).toBe(1)
  liveness.close()
  expect(time.timerCount).toBe(0)
})
