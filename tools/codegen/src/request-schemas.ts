// SPDX-License-Identifier: Apache-2.0
// Loads every request schema of remoting: the source of truth for codes, indices and tables.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** One request code, as its schema file states it. */
export interface RequestSchema {
  readonly code: number
  /** Java's name of it: `SEND_MESSAGE`. */
  readonly name: string
  /** The name under which it is exported: `sendMessage`. */
  readonly exportName: string
  /** File name below packages/remoting/src/requests. */
  readonly file: string
}

/** The schema files of a folder, sorted by name; several schemas may share a file. */
export function schemaFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .sort()
}

/** Every schema of a folder, sorted by code. @throws {Error} when two of them share a code or a name. */
export async function loadRequestSchemas(folder: string): Promise<RequestSchema[]> {
  const schemas: RequestSchema[] = []
  for (const file of schemaFiles(folder)) {
    const exported = (await import(pathToFileURL(path.join(folder, file)).href)) as object
    for (const [exportName, value] of Object.entries(exported)) {
      if (isSchema(value)) schemas.push({ code: value.code, name: value.name, exportName, file })
    }
  }
  for (const key of ['code', 'name'] as const) {
    const twice = schemas.find((schema, at) =>
      schemas.some((other, otherAt) => otherAt < at && other[key] === schema[key]),
    )
    if (twice !== undefined) throw new Error(`${key} ${twice[key]} is used twice in ${folder}`)
  }
  return schemas.sort((a, b) => a.code - b.code)
}

function isSchema(value: unknown): value is { code: number; name: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'number' &&
    'name' in value &&
    typeof value.name === 'string' &&
    'request' in value &&
    'response' in value
  )
}
