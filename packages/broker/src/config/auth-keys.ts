// SPDX-License-Identifier: Apache-2.0
// Every key of Java's AuthConfig with its type and 5.5.0 default: accepted in broker.conf, not part of what GET_BROKER_CONFIG prints.
import type { JavaKey } from './java-key.ts'

/** Source: AuthConfig. */
export const authKeys: readonly JavaKey[] = [
  ['configName', 'String', null],
  ['clusterName', 'String', null],
  ['authConfigPath', 'String', null],
  ['authenticationEnabled', 'boolean', 'false'],
  ['authenticationProvider', 'String', null],
  ['authenticationMetadataProvider', 'String', null],
  ['authenticationStrategy', 'String', null],
  ['authenticationWhitelist', 'String', null],
  ['initAuthenticationUser', 'String', null],
  ['innerClientAuthenticationCredentials', 'String', null],
  ['authorizationEnabled', 'boolean', 'false'],
  ['authorizationProvider', 'String', null],
  ['authorizationMetadataProvider', 'String', null],
  ['authorizationStrategy', 'String', null],
  ['authorizationWhitelist', 'String', null],
  ['migrateAuthFromV1Enabled', 'boolean', 'false'],
  ['userCacheMaxNum', 'int', '1000'],
  ['userCacheExpiredSecond', 'int', '600'],
  ['userCacheRefreshSecond', 'int', '60'],
  ['aclCacheMaxNum', 'int', '1000'],
  ['aclCacheExpiredSecond', 'int', '600'],
  ['aclCacheRefreshSecond', 'int', '60'],
  ['statefulAuthenticationCacheMaxNum', 'int', '10000'],
  ['statefulAuthenticationCacheExpiredSecond', 'int', '60'],
  ['statefulAuthorizationCacheMaxNum', 'int', '10000'],
  ['statefulAuthorizationCacheExpiredSecond', 'int', '60'],
]
