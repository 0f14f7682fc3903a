// SPDX-License-Identifier: Apache-2.0
// Settings that are printed, changed while running, and kept in the file they came from.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseJavaProperties } from '@rocketmq-ts/remoting'
import { silentLogger } from '@rocketmq-ts/runtime'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { keysWithoutEffect, parseNameServerConfig } from '../config.ts'
import { javaKeys } from './java-keys.ts'
import { NameServerSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'namesrv-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { files } = nodeRuntime()
const host = { homeDirectory: '/home/mq' }

function settingsOf(given: Record<string, string>, path?: string): NameServerSettings {
  const config = parseNameServerConfig(given)
  const where = path === undefined ? {} : { path }
  return new NameServerSettings({ config, files, host, logger: silentLogger, ...where })
}

const lineOf = (settings: NameServerSettings, key: string): string | undefined =>
  settings
    .asProperties()
    .split('\n')
    .find((line) => line.startsWith(`${key}=`))

test('prints what Java prints: sorted keys of the name server and its port, and what else was given', () => {
  const settings = settingsOf({
    connectTimeoutMillis: '9',
    listenPort: '0',
    enableTopicList: 'TRUE',
  })
  settings.listensOn(4711)
  const lines = settings.asProperties().trimEnd().split('\n')
  expect(lines).toEqual(lines.toSorted())
  // Two classes without rocketmqHome, which has no value, and one client key that was given.
  expect(lines).toHaveLength(22 + 18 - 1 + 1)
  expect(lines).toContain('kvConfigPath=/home/mq/namesrv/kvConfig.json')
  expect(lines).toContain('listenPort=4711')
  expect(lines).toContain('enableTopicList=true')
  expect(lines).toContain('connectTimeoutMillis=9')
  expect(settings.asPrinted().trimEnd().split('\n')).toHaveLength(javaKeys.length)
})

test('a live setting holds at once, another one from the next start on', () => {
  const settings = settingsOf({})
  const changes = { supportActingMaster: 'true', listenPort: '1', serverWorkerThreads: '3' }
  expect(settings.update(new Map(Object.entries(changes)))).toEqual(Object.keys(changes))
  expect(settings.current).toMatchObject({ supportActingMaster: true, listenPort: 9876 })
  expect(lineOf(settings, 'listenPort')).toBe('listenPort=1')
  expect(lineOf(settings, 'serverWorkerThreads')).toBe('serverWorkerThreads=3')
  expect(settings.update(new Map([['supportActingMaster', 'true']]))).toEqual([])
})

test('what does not fit is left out, the rest is taken', () => {
  const settings = settingsOf({})
  const changes = { waitSecondsForService: 'soon', nothing: '1', connectTimeoutMillis: '1' }
  const changed = settings.update(new Map(Object.entries({ ...changes, enableTopicList: 'false' })))
  expect(changed).toEqual(['enableTopicList'])
  expect(settings.current).toMatchObject({ enableTopicList: false, waitSecondsForService: 45 })
})

test('changed keys are kept in the file, its other lines keep their values', () => {
  const path = join(folder, 'namesrv.conf')
  writeFileSync(path, 'listenPort = 5\ntls.server.mode=disabled\n')
  const settings = settingsOf({ listenPort: '5' }, path)
  expect(lineOf(settings, 'configStorePath')).toBe(`configStorePath=${path}`)
  settings.update(new Map([['orderMessageEnable', 'true']]))
  const kept = parseJavaProperties(readFileSync(path, 'utf8'))
  expect(Object.fromEntries(kept)).toEqual({
    listenPort: '5',
    'tls.server.mode': 'disabled',
    orderMessageEnable: 'true',
  })
})

test('a file that cannot be written does not take the change back', () => {
  const settings = settingsOf({}, join(folder, 'nowhere', 'namesrv.conf'))
  settings.update(new Map([['enableTopicList', 'false']]))
  expect(settings.current.enableTopicList).toBe(false)
})

test('keys without effect are named with their reason, unless they have Java’s default', () => {
  const config = parseNameServerConfig({
    serverWorkerThreads: '9',
    serverSelectorThreads: '3',
    rocketmqHome: '/opt/rocketmq',
    listenPort: '1',
  })
  const keys = keysWithoutEffect(config)
  expect(keys.map(({ key }) => key)).toEqual(['serverWorkerThreads'])
  expect(keys[0]?.reason).toMatch(/thread/)
})

test('every key is explained to operators', () => {
  const page = readFileSync(
    new URL('../../../../docs/operators/name-server.md', import.meta.url),
    'utf8',
  )
  for (const { name, inert } of javaKeys) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `))
    expect(row, name).toBeDefined()
    if (inert !== undefined) expect(row, name).toContain(`none: ${inert}`)
  }
})
