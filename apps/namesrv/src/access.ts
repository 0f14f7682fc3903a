// SPDX-License-Identifier: Apache-2.0
// Access control of a name server, when the configuration asks for it: Java's has none, so the keys are those of the broker.
import {
  AuthMetadata,
  createAccessGate,
  decodeAuthData,
  parseAccessConfig,
  type AuthData,
} from '@rocketmq-ts/acl'
import type { Gate } from '@rocketmq-ts/remoting'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'

/** Keys of broker.conf that a name server follows as well; `authConfigPath` names the file with users and policies. */
const accessKeys: ReadonlySet<string> = new Set([
  'authenticationEnabled',
  'authenticationStrategy',
  'authenticationWhitelist',
  'authorizationEnabled',
  'authorizationWhitelist',
  'authConfigPath',
  'clusterName',
  'initAuthenticationUser',
  'innerClientAuthenticationCredentials',
  'statefulAuthenticationCacheExpiredSecond',
])

/** How often the file is looked at. */
const WATCH_MS = 5000

/** Splits what access control follows from what the name server itself reads. */
export function splitAccessKeys(given: ReadonlyMap<string, string>): {
  readonly access: ReadonlyMap<string, string>
  readonly others: ReadonlyMap<string, string>
} {
  const entries = [...given]
  return {
    access: new Map(entries.filter(([key]) => accessKeys.has(key))),
    others: new Map(entries.filter(([key]) => !accessKeys.has(key))),
  }
}

/** What access control needs of the process. */
export interface NameServerAccessOptions {
  readonly given: ReadonlyMap<string, string>
  readonly runtime: Pick<Runtime, 'clock' | 'files' | 'timers'>
  readonly logger: Logger
}

/**
 * The gate, and undefined when nothing asks for one. Users and policies are those of a broker's `config/auth.json`, or a copy of it,
 * and are read again when the file changes; a file that cannot be used leaves the old ones in force.
 * @throws when the configuration or the file cannot be used at the start.
 */
export function openNameServerAccess(options: NameServerAccessOptions): Gate | undefined {
  const { given, runtime, logger } = options
  const config = parseAccessConfig(given)
  if (!config.isAuthenticated && !config.isAuthorized) return undefined
  const path = given.get('authConfigPath') ?? ''
  const read = (): AuthData | undefined => {
    const bytes = path === '' ? undefined : runtime.files.readFile(path)
    return bytes === undefined ? undefined : decodeAuthData(bytes)
  }
  const data = read()
  if (path !== '' && data === undefined) {
    throw new Error(`authConfigPath: there is no file ${path}; name a broker's config/auth.json`)
  }
  const metadata = new AuthMetadata(data)
  const addFirstUsers = (): void => {
    for (const first of [config.initialUser, config.innerCredentials]) {
      if (first === undefined) continue
      metadata.addUser({
        username: first.accessKey,
        password: first.secretKey,
        userType: 'Super',
      })
    }
  }
  addFirstUsers()
  let seen = stampOf(runtime, path)
  runtime.timers.every(WATCH_MS, () => {
    const stamp = stampOf(runtime, path)
    if (stamp === seen) return
    seen = stamp
    try {
      const changed = read()
      if (changed === undefined) throw new Error('the file is gone')
      metadata.replace(changed)
      addFirstUsers()
      logger.info({ path }, 'users and policies were read again')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      logger.error(
        { path, reason },
        'users and policies have changed but cannot be used: the old ones still hold; repair the file',
      )
    }
  })
  return createAccessGate({
    metadata,
    config,
    clusterName: given.get('clusterName') ?? 'DefaultCluster',
    monotonicMs: () => runtime.clock.monotonicMs(),
    audit: logger.child({ name: 'audit' }),
  })
}

function stampOf({ files }: Pick<Runtime, 'files'>, path: string): string {
  const stat = path === '' ? undefined : files.stat(path)
  return `${stat?.byteLength ?? -1} ${stat?.modifiedMs ?? 0}`
}
