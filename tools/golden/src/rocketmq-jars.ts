// SPDX-License-Identifier: Apache-2.0
// Fetches the jars of RocketMQ 5.5.0, and of 4.9.7 where asked, with Maven into the ignored cache folder, once.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'

/** The RocketMQ release that all Java peers of this workspace run. */
export const ROCKETMQ_VERSION = '5.5.0'

/** The last release with access control by plain_acl.yml whose broker is on Maven Central: 4.9.8 is there without one. */
export const PLAIN_ACL_VERSION = '4.9.7'

const repositoryRoot = resolve(import.meta.dirname, '../../..')
const pomFiles = {
  [ROCKETMQ_VERSION]: resolve(import.meta.dirname, '../pom.xml'),
  [PLAIN_ACL_VERSION]: resolve(import.meta.dirname, '../pom-4.9.7.xml'),
} as const

/** Returns those of `commands` which are not on PATH. */
export function missingCommands(commands: readonly string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  return commands.filter(
    (command) =>
      !folders.some((folder) => endings.some((end) => existsSync(join(folder, command + end)))),
  )
}

/** The line to print when `missing` keeps a Java lane from running. */
export function missingCommandsLine(missing: readonly string[]): string {
  return `not on PATH: ${missing.join(', ')}. Install a JDK (17 or newer) and Maven, then run this again`
}

/**
 * Makes sure that the jars are there and returns their folder; `<folder>/*` is a class path.
 *
 * The folder appears by one rename after Maven has succeeded, so an interrupted fetch leaves
 * nothing that looks complete, and two fetches at once do not disturb each other.
 *
 * @throws Error with a one-line message when `java` or `mvn` is missing or Maven fails.
 */
export async function fetchRocketmqJars(
  version: keyof typeof pomFiles = ROCKETMQ_VERSION,
): Promise<string> {
  const cacheFolder = join(repositoryRoot, '.cache', `rocketmq-${version}`)
  const libFolder = join(cacheFolder, 'lib')
  if (await hasBrokerJar(libFolder, version)) return libFolder

  const missing = missingCommands(['java', 'mvn'])
  if (missing.length > 0) throw new Error(missingCommandsLine(missing))

  await mkdir(cacheFolder, { recursive: true })
  const fetchFolder = await mkdtemp(join(cacheFolder, 'fetch-'))
  try {
    const maven = spawnSync(
      'mvn',
      [
        '-q',
        '-B',
        '-f',
        pomFiles[version],
        'dependency:copy-dependencies',
        `-DoutputDirectory=${fetchFolder}`,
      ],
      { encoding: 'utf8', shell: process.platform === 'win32' },
    )
    if (maven.status !== 0 || !(await hasBrokerJar(fetchFolder, version))) {
      const reason = `${maven.stdout ?? ''}${maven.stderr ?? ''}`
        .split('\n')
        .find((line) => line.includes('ERROR'))
      throw new Error(
        `Maven could not fetch RocketMQ ${version}: ${reason ?? maven.error?.message ?? 'no reason given'}`,
      )
    }
    try {
      await rename(fetchFolder, libFolder)
    } catch (error) {
      // Another process won the race; its folder is as good as ours.
      if (!(await hasBrokerJar(libFolder, version))) throw error
    }
  } finally {
    await rm(fetchFolder, { recursive: true, force: true })
  }
  return libFolder
}

async function hasBrokerJar(folder: string, version: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.includes(`rocketmq-broker-${version}.jar`)
}
