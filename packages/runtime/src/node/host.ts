// SPDX-License-Identifier: Apache-2.0
// This machine and this process.
import { homedir, hostname, networkInterfaces, tmpdir } from 'node:os'
import process from 'node:process'
import type { Host, ProcessUsage } from '../host.ts'

function ipAddresses(): readonly string[] {
  const addresses: string[] = []
  for (const list of Object.values(networkInterfaces())) {
    for (const entry of list ?? []) {
      if (!entry.internal) addresses.push(entry.address.split('%')[0] ?? entry.address)
    }
  }
  return addresses
}

function usage(): ProcessUsage {
  const cpu = process.cpuUsage()
  return { residentBytes: process.memoryUsage.rss(), cpuMicros: cpu.user + cpu.system }
}

/** The host as Node sees it. */
export const nodeHost: Host = {
  processId: process.pid,
  hostName: hostname(),
  homeDirectory: homedir(),
  temporaryDirectory: tmpdir(),
  platform: process.platform,
  ipAddresses,
  utcOffsetMinutes: (atMs) => {
    const offset = new Date(atMs).getTimezoneOffset()
    return offset === 0 ? 0 : -offset
  },
  usage,
}
