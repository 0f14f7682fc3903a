// SPDX-License-Identifier: Apache-2.0
// What a broker knows of access: the gate in front of its handlers, who administers it, and how its own requests are signed.
import {
  createAccessGate,
  parseAccessConfig,
  signRequest,
  type AccessConfig,
  type AuditLog,
  type AuthMetadata,
} from '@rocketmq-ts/acl'
import type { Gate, Refusal, Sign } from '@rocketmq-ts/remoting'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerConfig } from '../config.ts'
import { openAuthMetadata } from './auth-file.ts'
import { migrateAccounts } from './migrate-accounts.ts'
import { NewcomerLimits } from './newcomer-limits.ts'
import { PlainAclFiles } from './plain-acl-files.ts'
import { createPlainGate } from './plain-gate.ts'

/** The access control of one broker. */
export interface BrokerAccess {
  /** Undefined when nothing is checked. */
  readonly gate: Gate | undefined
  /** Users and policies of 2.0; undefined when the configuration does not ask for them. */
  readonly metadata: AuthMetadata | undefined
  /** Accounts of 1.0; undefined when the configuration does not ask for them. */
  readonly plain: PlainAclFiles | undefined
  /** Signs what this broker asks others; undefined when it has no credentials. */
  readonly sign: Sign | undefined
  readonly audit: AuditLog
  /** What peers may cost before they are known. */
  readonly newcomers: NewcomerLimits
}

/** What access control needs of the broker. */
export interface BrokerAccessParts {
  readonly runtime: Pick<Runtime, 'clock' | 'files'>
  readonly logger: Logger
  readonly config: BrokerConfig
}

/**
 * Reads users, policies and accounts, and makes the first users.
 * @throws when any of it cannot be read: a broker that was told to check must not start without.
 */
export function openBrokerAccess(parts: BrokerAccessParts): BrokerAccess {
  const { runtime, logger, config } = parts
  const audit = logger.child({ name: 'audit' })
  const access = parseAccessConfig(config.given)
  const plain =
    config.given.get('aclEnable')?.toLowerCase() === 'true'
      ? PlainAclFiles.open({ ...parts, home: plainHome(config) })
      : undefined
  const metadata = access.hasMetadata ? openMetadata(parts, access) : undefined
  const { innerCredentials } = access
  warnAbout(logger, access)
  return {
    gate: chained([
      plain === undefined ? undefined : createPlainGate(plain, audit),
      metadata === undefined || !(access.isAuthenticated || access.isAuthorized)
        ? undefined
        : createAccessGate({
            metadata,
            config: access,
            clusterName: config.clusterName,
            monotonicMs: () => runtime.clock.monotonicMs(),
            audit,
          }),
    ]),
    newcomers: new NewcomerLimits({
      maxFrameBytes: numberOf(config, 'newcomerMaxFrameBytes'),
      maxConnectionsPerAddress: numberOf(config, 'newcomerMaxConnectionsPerAddress'),
      maxRefusedPerMinute: numberOf(config, 'maxRefusedRequestsPerMinute'),
      monotonicMs: () => runtime.clock.monotonicMs(),
      audit,
    }),
    metadata,
    plain,
    sign:
      innerCredentials === undefined
        ? undefined
        : (fields, body) => ({ ...signRequest(innerCredentials, fields, body) }),
    audit,
  }
}

function numberOf({ given }: BrokerConfig, key: string): number {
  return Math.max(0, Number(given.get(key) ?? '0'))
}

/** @see BrokerStartup: the folder of users and policies is always that of the other tables */
function openMetadata(
  { runtime, logger, config }: BrokerAccessParts,
  access: AccessConfig,
): AuthMetadata {
  const directory = `${config.storeDirectory}/config`
  runtime.files.makeDirectory(directory)
  const metadata = openAuthMetadata(runtime.files, `${directory}/auth.json`)
  for (const credentials of [access.initialUser, access.innerCredentials]) {
    if (credentials === undefined) continue
    orThrow(
      metadata.addUser({
        username: credentials.accessKey,
        password: credentials.secretKey,
        userType: 'Super',
      }),
    )
  }
  if (access.migrateFromV1) {
    migrateAccounts({ files: runtime.files, home: plainHome(config), metadata, logger })
  }
  return metadata
}

function orThrow(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new Error(`cannot make the first users: ${refusal.remark}`)
}

function warnAbout(logger: Logger, { isAuthenticated, isAuthorized }: AccessConfig): void {
  if (isAuthorized && !isAuthenticated) {
    logger.warn(
      {},
      'policies are checked but signatures are not: everyone can claim to be any user; set authenticationEnabled=true',
    )
  }
}

/** Where Java looks for conf/plain_acl.yml and conf/acl. */
function plainHome(config: BrokerConfig): string {
  const home = config.given.get('rocketmqHome') ?? ''
  if (home === '') {
    throw new Error(
      'accounts of access control 1.0 are in ROCKETMQ_HOME/conf: set ROCKETMQ_HOME or rocketmqHome',
    )
  }
  return home
}

/** The gates that are there, one after the other, as Java's hooks come before its pipelines. */
export function chained(gates: readonly (Gate | undefined)[]): Gate | undefined {
  const [first, second, ...more] = gates.filter((gate) => gate !== undefined)
  if (first === undefined || second === undefined) return first
  const both: Gate = (call) => first(call) ?? second(call)
  return chained([both, ...more])
}
