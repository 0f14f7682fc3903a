// SPDX-License-Identifier: Apache-2.0
// Who may import whom: the one table behind the picture in ARCHITECTURE.md.

export interface ArrowRow {
  /** Our packages that may be imported; a subpath stands for that entry alone. */
  readonly ours: readonly string[]
  /** Outside packages that may be imported. */
  readonly outside: readonly string[]
}

const everything = [
  'runtime',
  'remoting',
  'store',
  'acl',
  'namesrv',
  'broker',
  'client',
  'tools',
  'testing',
] as const

/** Keyed by folder below packages/. */
export const arrowTable: Readonly<Record<string, ArrowRow>> = {
  runtime: { ours: [], outside: [] },
  remoting: { ours: ['runtime'], outside: [] },
  store: { ours: ['runtime', 'remoting/message', 'remoting/java-json'], outside: ['zod'] },
  acl: { ours: ['runtime', 'remoting'], outside: [] },
  namesrv: { ours: ['runtime', 'remoting', 'acl'], outside: ['zod'] },
  broker: { ours: ['runtime', 'remoting', 'acl', 'store'], outside: ['zod', 'yaml'] },
  client: { ours: ['runtime', 'remoting', 'acl'], outside: [] },
  tools: {
    ours: ['runtime', 'remoting', 'acl', 'store', 'client'],
    outside: ['zod', 'yaml', 'commander'],
  },
  testing: {
    ours: ['runtime', 'remoting', 'store', 'namesrv', 'broker', 'client'],
    outside: ['zod'],
  },
}

/** apps/*, tools/* and examples/* wire whatever they need. */
export const wiringRow: ArrowRow = { ours: everything, outside: ['*'] }

/** What tests may import besides what their package may. */
export const testExtras: ArrowRow = {
  ours: ['remoting/testing', 'runtime/simulated', 'runtime/node'],
  outside: ['vitest', 'fast-check'],
}

/** Says where the code belongs instead, for a reader who has just met a broken arrow. */
export function adviceFor(from: string, to: string): string {
  if (from === 'runtime') {
    return 'runtime knows nothing of RocketMQ: keep this in the package that uses it and pass it in'
  }
  if (to === 'broker' || to === 'namesrv') {
    return `nobody builds on a server: move what both need down into remoting (wire) or runtime (outside world), or wire them together in packages/testing or an app`
  }
  if (from === 'broker' && to === 'client') {
    return 'the broker talks to other servers with remoting and its request schemas: see packages/remoting/src/requests'
  }
  if (from === 'store' && to.startsWith('remoting')) {
    return 'what the store needs of messages belongs in packages/remoting/src/message, of Java JSON in packages/remoting/src/java-json; the rest of the wire belongs in the broker'
  }
  if (to === 'testing' || to.endsWith('/testing')) {
    return 'only tests may use it: move what production code needs into the package proper'
  }
  if (to === 'store') {
    return 'only the broker owns a store: put what reads it into packages/broker, what travels into packages/remoting'
  }
  if (to === 'tools') {
    return 'tools sits on top: move the shared part into packages/client/src/admin'
  }
  return `turn the dependency round, or move the shared part into a package both may import`
}
