// SPDX-License-Identifier: Apache-2.0
// The host seam: what a process knows of the machine and of itself.

/** How much of the machine this process uses. */
export interface ProcessUsage {
  /** Resident memory in bytes. */
  readonly residentBytes: number
  /** User plus system CPU time spent, in microseconds. */
  readonly cpuMicros: number
}

/** The machine and the process. */
export interface Host {
  readonly processId: number
  readonly hostName: string
  /** Home directory of the user, an absolute path without a trailing separator. */
  readonly homeDirectory: string
  /** Where files that nobody keeps may go, an absolute path without a trailing separator. */
  readonly temporaryDirectory: string
  /** `linux`, `darwin` or `win32`. */
  readonly platform: string
  /** Addresses of this machine's interfaces, IPv4 and IPv6 text, without loopback and without zone suffix. */
  ipAddresses(): readonly string[]
  /** Offset of local time from UTC in minutes at the given wall time, east positive: `deleteWhen` and index file names are local times. */
  utcOffsetMinutes(atMs: number): number
  usage(): ProcessUsage
}
