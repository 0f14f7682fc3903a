// SPDX-License-Identifier: Apache-2.0
// Java side of the harness: jars, compiled drivers, and the command line of a Java process.

import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import {
  fetchRocketmqJars,
  missingCommands,
  missingCommandsLine,
  ROCKETMQ_VERSION,
} from '../../golden/src/rocketmq-jars.ts'
import { Child } from './processes.ts'

export const repositoryRoot: string = resolve(import.meta.dirname, '../../..')
export const cacheFolder: string = join(repositoryRoot, '.cache')

/** The one line to print when this machine cannot run the Java lanes, undefined when it can. */
export function missingJava(): string | undefined {
  const missing = missingCommands(['java', 'javac', 'mvn'])
  return missing.length === 0 ? undefined : missingCommandsLine(missing)
}

export interface Java {
  readonly classPath: string
}

/** Fetches the jars and compiles the drivers of `sources`, both once. */
export async function prepareJava(sources: string): Promise<Java> {
  const jars = await fetchRocketmqJars()
  const names = (await readdir(sources)).filter((name) => name.endsWith('.java')).sort()
  const classes = join(cacheFolder, 'java-drivers', sources.split('/').at(-2) ?? 'drivers')
  const classPath = join(jars, '*')
  const texts = await Promise.all(names.map((name) => readFile(join(sources, name), 'utf8')))
  const stamp = `${ROCKETMQ_VERSION}\n${texts.join('\n')}`
  const stampFile = join(classes, 'compiled-sources')
  if ((await readFile(stampFile, 'utf8').catch(() => '')) !== stamp) {
    await mkdir(classes, { recursive: true })
    const files = names.map((name) => join(sources, name))
    const javac = spawnSync('javac', ['-nowarn', '-d', classes, '-cp', classPath, ...files], {
      encoding: 'utf8',
    })
    if (javac.status !== 0) throw new Error(`javac failed:\n${javac.stdout}${javac.stderr}`)
    await writeFile(stampFile, stamp)
  }
  return { classPath: classes + delimiter + classPath }
}

export interface JavaProcess {
  readonly name: string
  readonly main: string
  readonly folder: string
  readonly options?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

/** Starts a Java program whose home, logs and working folder are all `folder`. */
export async function startJava(java: Java, program: JavaProcess): Promise<Child> {
  const logback = await quietLogback(program.folder)
  const properties = {
    'user.home': program.folder,
    'rocketmq.home.dir': program.folder,
    'rmq.logback.configurationFile': logback,
    ...program.properties,
  }
  return new Child({
    name: program.name,
    command: 'java',
    folder: program.folder,
    args: [
      ...(program.options ?? ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']),
      '-Dfile.encoding=UTF-8',
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
      '-cp',
      java.classPath,
      program.main,
      ...program.args,
    ],
  })
}

/** Warnings and errors only, in one file per folder. */
async function quietLogback(folder: string): Promise<string> {
  const file = join(folder, 'conf', 'logback.xml')
  if ((await stat(file).catch(() => undefined)) !== undefined) return file
  await mkdir(join(folder, 'conf'), { recursive: true })
  await writeFile(
    file,
    `<configuration>
  <appender name="file" class="ch.qos.logback.core.FileAppender">
    <file>${join(folder, 'rocketmq.log')}</file>
    <encoder><pattern>%d %p %t %logger{20} %m%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="file"/></root>
</configuration>
`,
  )
  return file
}
