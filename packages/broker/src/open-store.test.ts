// SPDX-License-Identifier: Apache-2.0
// How Java's store settings are read.
import { describe, expect, it } from 'vitest'
import { keysWithoutEffect, parseBrokerConfig } from './config.ts'
import { pathsOf } from './open-store.ts'

describe('the log’s settings of broker.conf', () => {
  it('are Java’s where nothing is set', () => {
    expect(parseBrokerConfig({})).toMatchObject({
      commitLogDirectory: '',
      readOnlyCommitLogDirectories: '',
      flushLeastPages: 4,
      flushThoroughIntervalMs: 10_000,
      flushTimed: true,
      wakeFlush: false,
      transientPool: false,
      commitIntervalMs: 200,
      commitThoroughIntervalMs: 200,
      commitLeastPages: 4,
      warmUpSegments: false,
      appendPropertyCrc: false,
      verifyPropertyCrc: false,
    })
  })

  it('all have an effect', () => {
    const given = {
      storePathCommitLog: '/a/log,/b/log',
      readOnlyCommitLogStorePaths: '/old/log',
      flushCommitLogLeastPages: '0',
      flushCommitLogThoroughInterval: '5000',
      flushCommitLogTimed: 'false',
      wakeFlushWhenPutMessage: 'true',
      transientStorePoolEnable: 'true',
      commitIntervalCommitLog: '50',
      commitCommitLogThoroughInterval: '100',
      commitCommitLogLeastPages: '1',
      enabledAppendPropCRC: 'true',
      forceVerifyPropCRC: 'true',
      warmMapedFileEnable: 'true',
    }
    expect(keysWithoutEffect(parseBrokerConfig(given).given)).toEqual([])
  })

  it('may name several directories, with commas between them', () => {
    expect(pathsOf(' /a,/b ,, ')).toEqual(['/a', '/b'])
    expect(pathsOf('')).toEqual([])
  })
})
