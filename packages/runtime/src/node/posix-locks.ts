// SPDX-License-Identifier: Apache-2.0
// Looks whether another process holds a lock of the kind that Java's FileLock takes. Node can see such locks on Linux, not take them.
import * as fs from 'node:fs'

/** A process and the file that it has locked, as /proc/locks tells. */
interface HeldLock {
  readonly processId: number
  readonly major: number
  readonly minor: number
  readonly inode: bigint
}

/** Reads the POSIX write locks out of the text of /proc/locks. */
export function posixWriteLocks(text: string): readonly HeldLock[] {
  const held: HeldLock[] = []
  for (const line of text.split('\n')) {
    // 1: POSIX  ADVISORY  WRITE 4711 fe:00:1234567 0 0. Lines with an arrow are those who wait for one.
    const found = /^\d+: POSIX +\w+ +WRITE (\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line)
    if (found === null) continue
    const [, processId = '', major = '', minor = '', inode = ''] = found
    held.push({
      processId: Number(processId),
      major: Number.parseInt(major, 16),
      minor: Number.parseInt(minor, 16),
      inode: BigInt(inode),
    })
  }
  return held
}

/** The process that holds a POSIX write lock on the file; undefined when none does, or where nobody can tell. */
export function posixLockHolder(path: string): number | undefined {
  let held: readonly HeldLock[]
  let file: fs.BigIntStats
  try {
    file = fs.statSync(path, { bigint: true })
    held = posixWriteLocks(fs.readFileSync('/proc/locks', 'latin1'))
  } catch {
    return undefined
  }
  // Some file systems show another device here than there; then the holder's open files decide.
  return held.find((lock) => {
    if (lock.inode !== file.ino) return false
    return isDevice(lock, file.dev) || hasOpen(lock.processId, file)
  })?.processId
}

// How Linux packs both numbers into one.
function isDevice({ major, minor }: HeldLock, device: bigint): boolean {
  const found = {
    major: (device >> 8n) & 0xfffn,
    minor: (device & 0xffn) | ((device >> 12n) & 0xfff00n),
  }
  return found.major === BigInt(major) && found.minor === BigInt(minor)
}

function hasOpen(processId: number, file: fs.BigIntStats): boolean {
  try {
    const directory = `/proc/${processId}/fd`
    return fs.readdirSync(directory).some((name) => {
      const open = fs.statSync(`${directory}/${name}`, { bigint: true, throwIfNoEntry: false })
      return open?.ino === file.ino && open.dev === file.dev
    })
  } catch {
    return false
  }
}
