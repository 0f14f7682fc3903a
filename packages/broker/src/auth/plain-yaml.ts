// SPDX-License-Identifier: Apache-2.0
// YAML of access control 1.0 in and out: bounded, without references and types, and without its text in any message.
import { PlainAclError } from '@rocketmq-ts/acl'
import { parseDocument, stringify, YAMLError } from 'yaml'

const MAX_BYTES = 4 * 1024 * 1024

/**
 * The objects in a file; null when it holds none.
 * @throws {PlainAclError} that says where the text stops being YAML.
 */
export function parseYaml(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES) {
    throw new PlainAclError(`${bytes.length} bytes are more than the ${MAX_BYTES} a file may have`)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const document = parseDocument(text, { prettyErrors: true, schema: 'core', uniqueKeys: true })
    const [fault] = document.errors
    if (fault !== undefined) throw fault
    // References can make a small file very large.
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch (error) {
    throw new PlainAclError(reasonOf(error))
  }
}

/** The parser quotes the line, which may hold a secret key; its code and place are enough. */
function reasonOf(error: unknown): string {
  if (!(error instanceof YAMLError)) return 'this is no UTF-8, or refers to parts of itself'
  const place = error.linePos?.[0]
  const where = place === undefined ? '' : ` in line ${place.line}, column ${place.col}`
  return `this is no YAML (${error.code})${where}`
}

/** The text of a file. */
export function writeYaml(value: unknown): Uint8Array {
  return Buffer.from(stringify(value, { lineWidth: 0 }), 'utf8')
}
