// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { parseAccessConfig } from './config.ts'

const parse = (given: Readonly<Record<string, string>>): ReturnType<typeof parseAccessConfig> =>
  parseAccessConfig(new Map(Object.entries(given)))
const PACKAGE = 'org.apache.rocketmq.auth'

test('nothing given is nothing checked, and nobody made', () => {
  expect(parse({})).toMatchObject({
    isAuthenticated: false,
    isAuthorized: false,
    hasMetadata: false,
    initialUser: undefined,
    innerCredentials: undefined,
    statefulAuthenticationMs: 0,
  })
})

test('keys of Java are followed', () => {
  const config = parse({
    authenticationEnabled: 'TRUE',
    authenticationStrategy: `${PACKAGE}.authentication.strategy.StatefulAuthenticationStrategy`,
    authorizationStrategy: `${PACKAGE}.authorization.strategy.StatefulAuthorizationStrategy`,
    authenticationMetadataProvider: `${PACKAGE}.authentication.provider.LocalAuthenticationMetadataProvider`,
    statefulAuthenticationCacheExpiredSecond: '7',
    authenticationWhitelist: ' 105, 34 ,',
    initAuthenticationUser: '{"username":"u","password":"p"}',
    innerClientAuthenticationCredentials: "{'accessKey':'a','secretKey':'s','securityToken':null}",
  })
  expect(config).toMatchObject({
    isAuthenticated: true,
    hasMetadata: true,
    statefulAuthenticationMs: 7000,
    initialUser: { accessKey: 'u', secretKey: 'p' },
    innerCredentials: { accessKey: 'a', secretKey: 's' },
  })
  expect([...config.authenticationWhitelist]).toEqual([105, 34])
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['a class of one’s own', { authenticationProvider: 'com.acme.Mine' }, 'authenticationProvider'],
  ['another strategy', { authorizationStrategy: 'Mine' }, 'authorizationStrategy'],
  ['a white list of names', { authorizationWhitelist: 'SEND_MESSAGE' }, 'is no request code'],
  ['no JSON', { initAuthenticationUser: 'u/hush' }, 'initAuthenticationUser: must be JSON'],
  [
    'an empty secret',
    { innerClientAuthenticationCredentials: '{"accessKey":"hush","secretKey":" "}' },
    'innerClientAuthenticationCredentials: must be JSON',
  ],
])('%s is refused, without what it holds', (_, given, text) => {
  expect(() => parse(given)).toThrow(text)
  expect(() => parse(given)).not.toThrow('hush')
})
