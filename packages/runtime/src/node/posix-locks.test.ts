// SPDX-License-Identifier: Apache-2.0
// Which lines of /proc/locks are locks that Java's FileLock would meet.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { posixLockHolder, posixWriteLocks } from './posix-locks.ts'

describe('locks of other processes', () => {
  it('are read from the kernel’s list: write locks that are held, not those waited for', () => {
    const text = [
      '1: POSIX  ADVISORY  WRITE 18041 fe:00:6555215 0 0',
      '1: -> POSIX  ADVISORY  WRITE 18042 fe:00:6555215 0 0',
      '2: FLOCK  ADVISORY  WRITE 620 00:1a:1145 0 EOF',
      '3: POSIX  ADVISORY  READ  619 103:02:77 0 EOF',
      '4: OFDLCK ADVISORY  WRITE -1 00:06:1028 0 EOF',
      '5: POSIX  MANDATORY WRITE 77 103:0a:18446744073709551615 128 128',
      '',
    ].join('\n')
    expect(posixWriteLocks(text)).toEqual([
      { processId: 18_041, major: 0xfe, minor: 0, inode: 6_555_215n },
      { processId: 77, major: 0x103, minor: 0x0a, inode: 18_446_744_073_709_551_615n },
    ])
  })

  it('are none on a file that nobody locks or that does not exist', () => {
    const directory = mkdtempSync(`${tmpdir()}/posix-locks-`)
    try {
      writeFileSync(`${directory}/lock`, 'lock')
      expect(posixLockHolder(`${directory}/lock`)).toBeUndefined()
      expect(posixLockHolder(`${directory}/missing`)).toBeUndefined()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
