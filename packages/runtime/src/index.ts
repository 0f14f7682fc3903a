// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/runtime.
export { readFileOrBackup, writeFileAtomically } from './atomic-file.ts'
export type { Clock } from './clock.ts'
export type { DiskSpace, Done, FileLock, Files, OpenFile, PathStat } from './files.ts'
export type { Host, ProcessUsage } from './host.ts'
export { silentLogger, type Logger } from './logger.ts'
export type {
  ConnectOptions,
  HttpAnswer,
  HttpGetOptions,
  Listener,
  ListenOptions,
  Network,
  Socket,
  SocketAddress,
  SocketEvents,
  TlsStart,
} from './network.ts'
export type { Random } from './random.ts'
export type { Runtime } from './runtime.ts'
export type { Cancel, Timers } from './timers.ts'
export type { ClientCertificate, TlsContext, TlsOptions } from './tls.ts'
export type { Turn } from './turn.ts'
