// SPDX-License-Identifier: Apache-2.0
// Reads conf/tools.yml: the access key and the secret key that sign what mqadmin asks.
import type { Credentials } from '@rocketmq-ts/client'
import type { Runtime } from '@rocketmq-ts/runtime'

/**
 * Undefined when there is no such file or one of the keys is blank: requests then go unsigned, as Java's do.
 * Takes plain `name: value` lines, quoted or not, which is all that Java's file has; the text of a value counts as
 * written, also where YAML would see a number. Source: AclUtils.getAclRPCHook.
 * @throws when a line is none of these; the message shows no value
 */
export function readCredentials(
  rocketmqHome: string,
  files: Pick<Runtime['files'], 'readFile'>,
): Credentials | undefined {
  const path = `${rocketmqHome}/conf/tools.yml`
  const bytes = files.readFile(path)
  if (bytes === undefined) return undefined
  const values = new Map<string, string>()
  for (const [index, line] of new TextDecoder().decode(bytes).split(/\r?\n/).entries()) {
    if (isPassedOver(line)) continue
    const [, name = '', value] = /^([A-Za-z]\w*)\s*:(?:\s+(.*))?$/.exec(line) ?? []
    if (name === '') throw new Error(`${path}, line ${index + 1}: not a line such as 'name: value'`)
    const text = scalar(value ?? '')
    if (text === undefined) {
      throw new Error(`${path}, line ${index + 1}: the value of ${name} is not a plain text`)
    }
    values.set(name, text)
  }
  const accessKey = values.get('accessKey') ?? ''
  const secretKey = values.get('secretKey') ?? ''
  return accessKey.trim() === '' || secretKey.trim() === '' ? undefined : { accessKey, secretKey }
}

/** Blank lines, comments and the marks around a document. */
function isPassedOver(line: string): boolean {
  return /^\s*(#.*)?$|^(---|\.\.\.)\s*$/.test(line)
}

/** Undefined when the value is more than one line of text. */
function scalar(value: string): string | undefined {
  const quoted = /^(?:'((?:[^']|'')*)'|"([^"\\]*)")\s*(?:#.*)?$/.exec(value)
  if (quoted !== null) return quoted[1]?.replaceAll("''", "'") ?? quoted[2] ?? ''
  if (/^['"[{>|&*!%@`]/.test(value)) return undefined
  return value.replace(/(^|\s+)#.*$/, '').trim()
}
