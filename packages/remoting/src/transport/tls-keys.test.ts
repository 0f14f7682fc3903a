// SPDX-License-Identifier: Apache-2.0
// Keys are read from their files, again when those change, and what does not fit never takes the place of what did.
import type { PathStat } from '@rocketmq-ts/runtime'
import { expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import { TlsKeys, type TlsRuntime } from './tls-keys.ts'
import { parseTlsSettings, type TlsSettings } from './tls-settings.ts'

const settings: TlsSettings = parseTlsSettings(
  new Map([
    ['tls.test.mode.enable', 'false'],
    ['tls.server.keyPath', '/key'],
    ['tls.server.keyPassword', 'secret'],
    ['tls.server.certPath', '/cert'],
    ['tls.server.trustCertPath', '/ca'],
    ['tls.server.need.client.auth', 'optional'],
    ['tls.client.authServer', 'true'],
    ['tls.client.trustCertPath', '/ca'],
  ]),
)

class Disk {
  readonly #texts = new Map<string, { text: string; modifiedMs: number }>()
  #writes = 0

  write(path: string, text: string): void {
    this.#texts.set(path, { text, modifiedMs: ++this.#writes })
  }

  readonly files = {
    readFile: (path: string): Uint8Array | undefined => {
      const file = this.#texts.get(path)
      return file === undefined ? undefined : Buffer.from(file.text)
    },
    stat: (path: string): PathStat | undefined => {
      const file = this.#texts.get(path)
      return file === undefined
        ? undefined
        : { kind: 'file', byteLength: file.text.length, modifiedMs: file.modifiedMs }
    },
  }
}

function world(): { runtime: MemoryRuntime; disk: Disk; seams: TlsRuntime } {
  const runtime = new MemoryRuntime()
  const disk = new Disk()
  for (const name of ['key', 'cert', 'ca']) disk.write(`/${name}`, `first ${name}`)
  const { timers, network } = runtime
  return {
    runtime,
    disk,
    seams: { timers, network, files: disk.files as TlsRuntime['files'] & {} },
  }
}

test('a server shows its certificate and asks for others as told', () => {
  const { runtime, seams } = world()
  const keys = new TlsKeys('server', settings, seams)
  expect(runtime.tlsOptions).toEqual([
    {
      side: 'server',
      certificateChain: 'first cert',
      privateKey: 'first key',
      privateKeyPassword: 'secret',
      trustedCertificates: 'first ca',
      clientCertificate: 'optional',
      verifiesPeer: false,
    },
  ])
  keys.close()
  expect(runtime.timerCount).toBe(0)
})

test('a client trusts as told and shows nothing when it has nothing', () => {
  const { runtime, seams } = world()
  new TlsKeys('client', settings, seams).close()
  expect(runtime.tlsOptions).toEqual([
    { side: 'client', trustedCertificates: 'first ca', verifiesPeer: true, verifiesName: false },
  ])
})

test('files that change are read again within half a second', async () => {
  const { runtime, disk, seams } = world()
  const keys = new TlsKeys('server', settings, seams)
  const first = keys.context()
  await runtime.advance(5000)
  expect(keys.context()).toBe(first)
  disk.write('/cert', 'second cert')
  await runtime.advance(500)
  expect(keys.context()).not.toBe(first)
  expect(runtime.tlsOptions.at(-1)).toMatchObject({ certificateChain: 'second cert' })
  keys.close()
})

test('what does not fit is not used, and tried again when the next file changes', async () => {
  const { runtime, disk, seams } = world()
  const keys = new TlsKeys('server', settings, seams)
  const first = keys.context()
  disk.write('/key', 'bad key')
  await runtime.advance(1000)
  expect(keys.context()).toBe(first)
  // Not again and again: nothing has changed.
  expect(runtime.tlsOptions).toHaveLength(2)
  disk.write('/key', 'second key')
  await runtime.advance(500)
  expect(keys.context()).not.toBe(first)
  keys.close()
})

test('at the start a missing or bad file is an error that names it', () => {
  const { runtime, disk, seams } = world()
  disk.write('/key', 'bad key')
  expect(() => new TlsKeys('server', settings, seams)).toThrow(/\/key, \/cert, \/ca.*no key/)
  const { server } = settings
  const missing = { ...settings, server: { ...server, keyPath: '/missing' } }
  expect(() => new TlsKeys('server', missing, seams)).toThrow('/missing does not exist')
  expect(runtime.timerCount).toBe(0)
})
