// SPDX-License-Identifier: Apache-2.0
// `pnpm generate`: rewrites every generated file. With `--check` it only says which of them are out of date.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { workspaceRoot } from '@rocketmq-ts/tool-workspace/packages'
import { errorsTable } from './errors-table.ts'
import { isCurrent, writeGenerated, type GeneratedFile } from './generated-file.ts'
import { handlersIndex } from './handlers-index.ts'
import { requestCodesTable } from './request-codes-table.ts'
import { loadRequestSchemas } from './request-schemas.ts'
import { requestsIndex } from './requests-index.ts'
import { loadUnsupported } from './unsupported-codes.ts'

const requestsFolder = path.join(workspaceRoot, 'packages/remoting/src/requests')
const schemas = await loadRequestSchemas(requestsFolder)
const files: GeneratedFile[] = [
  requestsIndex(requestsFolder),
  ...['namesrv', 'broker']
    .filter((name) => existsSync(path.join(workspaceRoot, `packages/${name}/src/handlers`)))
    .map((name) => handlersIndex(workspaceRoot, name)),
  requestCodesTable(
    workspaceRoot,
    schemas,
    await loadUnsupported(workspaceRoot, ['namesrv', 'broker']),
  ),
  await errorsTable(workspaceRoot),
]

const outdated = files.filter((file) => !isCurrent(workspaceRoot, file))
if (process.argv.includes('--check')) {
  for (const file of outdated) console.log(`${file.path} is out of date: run pnpm generate`)
  process.exitCode = outdated.length === 0 ? 0 : 1
} else {
  for (const file of outdated) {
    writeGenerated(workspaceRoot, file)
    console.log(`wrote ${file.path}`)
  }
}
