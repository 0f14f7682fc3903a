// SPDX-License-Identifier: Apache-2.0
// Java's TLS options are read under Java's names, with Java's defaults and Java's order of precedence.
import { expect, test } from 'vitest'
import { parseTlsSettings, withoutTlsKeys } from './tls-settings.ts'

const given = (entries: Record<string, string>): Map<string, string> =>
  new Map(Object.entries(entries))

test('nothing given is what Java does: both on one port, with a certificate of its own making', () => {
  expect(parseTlsSettings(new Map())).toEqual({
    mode: 'permissive',
    clientEnabled: false,
    testMode: true,
    server: { needClientAuth: 'none', authClient: false },
    client: { authServer: false },
  })
})

test('a server that takes TLS only uses it towards others too, unless told otherwise', () => {
  expect(parseTlsSettings(given({ 'tls.server.mode': 'enforcing' })).clientEnabled).toBe(true)
  const told = given({ 'tls.server.mode': 'enforcing', 'tls.enable': 'false' })
  expect(parseTlsSettings(told).clientEnabled).toBe(false)
})

test('every key is read, and the file wins over the keys beside it', () => {
  const asked: string[] = []
  const files = {
    readFile: (path: string) => {
      asked.push(path)
      return Buffer.from(
        'tls.server.keyPath=/file.key\ntls.server.mode=disabled\nother=1\ntls.server.keyPassword=\n',
      )
    },
  }
  const settings = parseTlsSettings(
    given({
      listenPort: '9876',
      'tls.config.file': '/there/tls.properties',
      'tls.server.mode': 'Enforcing',
      'tls.test.mode.enable': 'false',
      'tls.server.need.client.auth': 'REQUIRE',
      'tls.server.keyPath': '/given.key',
      'tls.server.keyPassword': 'lost',
      'tls.server.certPath': '/s.crt',
      'tls.server.authClient': 'true',
      'tls.server.trustCertPath': '/s.ca',
      'tls.client.keyPath': '/c.key',
      'tls.client.keyPassword': 'secret',
      'tls.client.certPath': '/c.crt',
      'tls.client.authServer': 'true',
      'tls.client.trustCertPath': '/c.ca',
      'tls.ciphers': 'A, B',
      'tls.protocols': 'TLSv1.2,TLSv1.3',
    }),
    files,
  )
  expect(asked).toEqual(['/there/tls.properties'])
  expect(settings).toEqual({
    // As in Java, the file says nothing about the mode.
    mode: 'enforcing',
    clientEnabled: true,
    testMode: false,
    server: {
      keyPath: '/file.key',
      certPath: '/s.crt',
      trustCertPath: '/s.ca',
      needClientAuth: 'require',
      authClient: true,
    },
    client: {
      keyPath: '/c.key',
      keyPassword: 'secret',
      certPath: '/c.crt',
      trustCertPath: '/c.ca',
      authServer: true,
    },
    ciphers: ['A', 'B'],
    protocols: ['TLSv1.2', 'TLSv1.3'],
  })
})

test.each([
  [{ 'tls.server.mode': 'on' }, /tls\.server\.mode must be one of disabled/],
  [{ 'tls.enable': 'yes' }, /tls\.enable must be one of true/],
  [{ 'tls.server.keypath': '/k' }, /unknown key tls\.server\.keypath/],
])('%o is refused', (entries, message) => {
  expect(() => parseTlsSettings(given(entries as Record<string, string>))).toThrow(message)
})

test('other settings are left to who knows them', () => {
  expect(withoutTlsKeys(given({ listenPort: '1', 'tls.enable': 'true' }))).toEqual(
    given({ listenPort: '1' }),
  )
})
