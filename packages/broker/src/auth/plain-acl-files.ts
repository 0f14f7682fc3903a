// SPDX-License-Identifier: Apache-2.0
// The files of access control 1.0: read at the start, read again when one of them changes, changed by administrators.
import {
  parsePlainAcl,
  plainRulesOf,
  type PlainAccessConfig,
  type PlainAclData,
  type PlainDataVersion,
  type PlainRules,
} from '@rocketmq-ts/acl'
import { writeFileAtomically, type Files, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { withAccount, withoutAccount, withVersion, withWhiteAddresses } from './plain-acl-edit.ts'
import { parseYaml, writeYaml } from './plain-yaml.ts'

/** What the files need of the outside. */
export interface PlainAclFilesOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'files'>
  readonly logger: Logger
  /** ROCKETMQ_HOME: the files are `conf/plain_acl.yml` and all YAML files below `conf/acl`. */
  readonly home: string
}

/** How often {@link PlainAclFiles.reload} is to be called. @see AclFileWatchService */
export const PLAIN_ACL_WATCH_MS: number = 500
const MAX_DEPTH = 16

/** The accounts and white lists in force. */
export class PlainAclFiles {
  readonly #options: PlainAclFilesOptions
  readonly #defaultFile: string
  #rules: PlainRules
  #versions: ReadonlyMap<string, PlainDataVersion>
  /** Names, lengths and times of the files last looked at. */
  #seen: string

  private constructor(options: PlainAclFilesOptions) {
    this.#options = options
    this.#defaultFile = `${options.home}/conf/plain_acl.yml`
    this.#seen = this.#look()
    const data = this.#read()
    this.#rules = plainRulesOf(data)
    this.#versions = this.#versionsOf(data)
    this.#tell()
  }

  /** @throws when a file cannot be used: a broker that was told to check must not start without its rules. */
  static open(options: PlainAclFilesOptions): PlainAclFiles {
    return new PlainAclFiles(options)
  }

  get rules(): PlainRules {
    return this.#rules
  }

  /** Of the main file, and of each file by its path. */
  get versions(): {
    readonly main: PlainDataVersion
    readonly all: ReadonlyMap<string, PlainDataVersion>
  } {
    const main = this.#versions.get(this.#defaultFile) ?? this.#noVersion()
    return { main, all: this.#versions }
  }

  /** Takes over what has changed. A file that cannot be used leaves all rules as they were, and the log says so. */
  reload(): void {
    const { logger } = this.#options
    const seen = this.#look()
    if (seen === this.#seen) return
    this.#seen = seen
    try {
      this.#take()
      this.#tell()
    } catch (error) {
      logger.error(
        { reason: messageOf(error) },
        'files of access control 1.0 have changed but cannot be used: the old rules still hold; repair the file',
      )
    }
  }

  #take(): void {
    const data = this.#read()
    this.#rules = plainRulesOf(data)
    this.#versions = this.#versionsOf(data)
  }

  #tell(): void {
    const { accounts, isWhite, repeated } = this.#rules
    const facts = { accounts: accounts.size, globalWhiteAddresses: isWhite.length }
    this.#options.logger.info(facts, 'files of access control 1.0 were read')
    if (repeated.length > 0) {
      this.#options.logger.warn(
        { accessKeys: repeated },
        'access keys are in more than one place: the first counts',
      )
    }
  }

  /** Adds an account to the main file, or changes it where it stands. @throws {PlainAclError} with Java's text */
  updateAccount(config: PlainAccessConfig): void {
    const path = this.#rules.fileOf.get(config.accessKey ?? '') ?? this.#defaultFile
    this.#edit(path, (file) => withAccount(file, config))
  }

  /** False when there is no such account. */
  deleteAccount(accessKey: string): boolean {
    const path = this.#rules.fileOf.get(accessKey)
    if (path === undefined) return false
    this.#edit(path, (file) => withoutAccount(file, accessKey))
    return true
  }

  /** False when the file is none of those that are read. */
  updateWhiteAddresses(addresses: readonly string[], file: string | undefined): boolean {
    const path = file === undefined || file === '' ? this.#defaultFile : file
    // Any other path would let an administrator write anywhere.
    if (!this.#paths().includes(path)) return false
    this.#edit(path, (content) => withWhiteAddresses(content, addresses))
    return true
  }

  /** Writes a file only when all files together can be used with it. */
  #edit(path: string, change: (file: unknown) => object): void {
    const { files } = this.#options.runtime
    const before = this.#contentOf(path)
    const version = parsePlainAcl(before).version ?? this.#noVersion()
    const next = { counter: version.counter + 1, timestamp: this.#nowMs() }
    const content = withVersion(change(before), next)
    const data = new Map(this.#read()).set(path, parsePlainAcl(content))
    plainRulesOf(data)
    writeFileAtomically(files, path, writeYaml(content))
    this.#seen = this.#look()
    this.#take()
  }

  #read(): ReadonlyMap<string, PlainAclData> {
    const data = new Map<string, PlainAclData>()
    for (const path of this.#paths()) {
      try {
        data.set(path, parsePlainAcl(this.#contentOf(path)))
      } catch (cause) {
        throw new Error(`cannot use ${path}: ${messageOf(cause)}`, { cause })
      }
    }
    return data
  }

  #contentOf(path: string): unknown {
    const bytes = this.#options.runtime.files.readFile(path)
    return bytes === undefined ? null : parseYaml(bytes)
  }

  #versionsOf(data: ReadonlyMap<string, PlainAclData>): ReadonlyMap<string, PlainDataVersion> {
    return new Map([...data].map(([path, { version }]) => [path, version ?? this.#noVersion()]))
  }

  #noVersion(): PlainDataVersion {
    return { counter: 0, timestamp: this.#nowMs() }
  }

  #nowMs(): number {
    return this.#options.runtime.clock.nowMs()
  }

  #paths(): readonly string[] {
    return plainAclPaths(this.#options.runtime.files, this.#options.home)
  }

  #look(): string {
    const { files } = this.#options.runtime
    return this.#paths()
      .map((path) => {
        const stat = files.stat(path)
        return `${path} ${stat?.byteLength ?? -1} ${stat?.modifiedMs ?? 0}`
      })
      .join('\n')
  }
}

/** All files of access control 1.0, the main one last, whether it is there or not. */
export function plainAclPaths(files: Files, home: string): readonly string[] {
  return [...yamlFilesBelow(files, `${home}/conf/acl`, MAX_DEPTH), `${home}/conf/plain_acl.yml`]
}

function yamlFilesBelow(files: Files, directory: string, depth: number): readonly string[] {
  return files.list(directory).flatMap((name) => {
    const path = `${directory}/${name}`
    if (name.endsWith('.yml') || name.endsWith('.yaml')) return [path]
    const isFolder = depth > 0 && files.stat(path)?.kind === 'directory'
    return isFolder ? yamlFilesBelow(files, path, depth - 1) : []
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
