// SPDX-License-Identifier: Apache-2.0
// Writes the index of remoting's requests: one line per schema file.

import { schemaFiles } from './request-schemas.ts'
import { generatedHead, type GeneratedFile } from './generated-file.ts'

export function requestsIndex(folder: string): GeneratedFile {
  const lines = schemaFiles(folder).map((file) => `export * from './${file}'\n`)
  return {
    path: 'packages/remoting/src/requests/index.ts',
    text: generatedHead('Every request code with its two headers.') + lines.join(''),
  }
}
