// SPDX-License-Identifier: Apache-2.0
// Runs inside an empty project into which the tarballs were installed: imports every entry of every package.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const scope = path.join(import.meta.dirname, 'node_modules/@rocketmq-ts')
const folders = readdirSync(scope)
if (folders.length === 0) throw new Error(`nothing is installed in ${scope}`)
for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(path.join(scope, folder, 'package.json'), 'utf8'))
  for (const subpath of Object.keys(manifest.exports ?? {})) {
    if (subpath.endsWith('.json')) continue
    await importEntry(path.posix.join(manifest.name, subpath))
  }
  for (const command of Object.keys(manifest.bin ?? {})) checkCommand(command)
}

/** An entry must come from its compiled form, say something, and also answer to require(). */
async function importEntry(specifier) {
  const location = import.meta.resolve(specifier)
  if (!location.includes('/dist/')) throw new Error(`${specifier} is ${location}, outside dist`)
  const imported = await import(specifier)
  const required = require(specifier)
  if (Object.keys(imported).join() !== Object.keys(required).join()) {
    throw new Error(`${specifier} differs between import and require`)
  }
}

function checkCommand(command) {
  const file = path.join(import.meta.dirname, 'node_modules/.bin', command)
  if (!existsSync(file)) throw new Error(`the command ${command} was not installed`)
  const text = readFileSync(file, 'utf8')
  if (!text.startsWith('#!/usr/bin/env node\n')) throw new Error(`${command} has no #! line`)
}
