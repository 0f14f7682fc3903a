// SPDX-License-Identifier: Apache-2.0
// At the start, makes users and policies of 2.0 out of the accounts of 1.0, as migrateAuthFromV1Enabled asks.
import { migrateAccount, parsePlainAcl, type AuthMetadata } from '@rocketmq-ts/acl'
import type { Files, Logger } from '@rocketmq-ts/runtime'
import { plainAclPaths } from './plain-acl-files.ts'
import { parseYaml } from './plain-yaml.ts'

/** What the migration works on. */
export interface MigrationParts {
  readonly files: Files
  readonly home: string
  readonly metadata: AuthMetadata
  readonly logger: Logger
}

/** Users that are there already stay as they are; an account that cannot be taken over is logged and left out. @see AuthMigrator */
export function migrateAccounts({ files, home, metadata, logger }: MigrationParts): void {
  for (const path of plainAclPaths(files, home)) {
    const bytes = files.readFile(path)
    if (bytes === undefined) continue
    for (const config of parsePlainAcl(parseYaml(bytes)).accounts) {
      const outcome = migrateAccount(metadata, config)
      const facts = { path, accessKey: config.accessKey }
      if (outcome === 'made') logger.info(facts, 'an account of 1.0 became a user')
      else if (outcome !== 'there') {
        logger.error(
          { ...facts, reason: outcome.fault },
          'an account of 1.0 could not become a user',
        )
      }
    }
  }
}
