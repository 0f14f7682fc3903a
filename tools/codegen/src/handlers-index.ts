// SPDX-License-Identifier: Apache-2.0
// Writes the index of a server's handlers: one function that makes them all.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { generatedHead, type GeneratedFile } from './generated-file.ts'
import { schemaFiles } from './request-schemas.ts'

export interface HandlerFactory {
  readonly name: string
  /** The type of its one parameter: the parts of the server it works on. */
  readonly contextType: string
  /** Where the handler file imports that type from. */
  readonly contextPath: string
  /** Several codes may be served by one function, which then returns several handlers. */
  readonly isList: boolean
}

/** `name` is the package's folder below packages/. */
export function handlersIndex(root: string, name: string): GeneratedFile {
  const folder = `packages/${name}/src/handlers`
  const found = schemaFiles(path.join(root, folder)).flatMap((file) => {
    const text = readFileSync(path.join(root, folder, file), 'utf8')
    return findFactories(text).map((factory) => ({ ...factory, file }))
  })
  const contexts = new Set(found.map(({ contextType }) => contextType))
  const [first] = found
  if (first === undefined || contexts.size !== 1) {
    throw new Error(
      `${folder}: every handler takes the same context, found [${[...contexts].join(', ')}]`,
    )
  }
  const files = [...new Set(found.map(({ file }) => file))]
  const imports = files.map((file) => {
    const names = found.filter((factory) => factory.file === file).map((factory) => factory.name)
    return `import { ${names.sort().join(', ')} } from './${file}'\n`
  })
  const entries = found.map(
    (factory) => `    ${factory.isList ? '...' : ''}${factory.name}(context),\n`,
  )
  return {
    path: `${folder}/index.ts`,
    text: [
      generatedHead(`Makes every handler of the package ${name}.`),
      `import type { Handler } from '@rocketmq-ts/remoting'\n`,
      `import type { ${first.contextType} } from '${first.contextPath}'\n`,
      ...imports,
      `\n/** One handler per request code. */\n`,
      `export function createHandlers(context: ${first.contextType}): Handler[] {\n`,
      `  return [\n`,
      ...entries,
      `  ]\n}\n`,
    ].join(''),
  }
}

/** The functions of a handler file that make handlers: `export function on…(context: Context): Handler`. */
export function findFactories(text: string): HandlerFactory[] {
  const pattern =
    /^export function (on[A-Z]\w*)\(\s*\w+: (\w+),?\s*\): (readonly )?Handler(\[\])?/gm
  return [...text.matchAll(pattern)].map((match) => {
    const [, name = '', contextType = '', , list] = match
    const importing = new RegExp(
      `^import (?:type )?\\{[^}]*\\b${contextType}\\b[^}]*\\} from '([^']+)'`,
      'm',
    )
    const contextPath = importing.exec(text)?.[1]
    if (contextPath === undefined) throw new Error(`${name}: ${contextType} is not imported`)
    return { name, contextType, contextPath, isList: list !== undefined }
  })
}
