// SPDX-License-Identifier: Apache-2.0
// The door for a bare machine: installs the workspace if needed, then runs one command with its own Node.
//
// Plain JavaScript without dependencies, because it runs before anything is installed and on Node 20.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const onWindows = process.platform === 'win32'

/** The script each command runs, relative to the root of the workspace. */
const commands = {
  start: 'apps/standalone/src/main.ts',
  test: 'tools/workspace/test-lanes.ts',
  check: 'tools/workspace/checks.ts',
  crash: 'packages/store/test/crash/main.ts',
  fuzz: 'packages/testing/test/fuzz/main.ts',
  interop: 'tools/interop/src/main.ts',
  bench: 'tools/bench/src/main.ts',
  generate: 'tools/codegen/src/main.ts',
}

const [command = '', ...rest] = process.argv.slice(2)
// npm takes the `--` of `npm start -- --exit` for itself, pnpm passes it on.
const args = rest[0] === '--' ? rest.slice(1) : rest
const script = commands[command]
if (script === undefined) {
  fail(
    `unknown command '${command}': use ${Object.keys(commands).join(', ')}, as in: node tools/workspace/run.mjs test`,
  )
}
install()
runWithWorkspaceNode(script, args)

/** Installs exactly what the lock file says; does nothing when that was done before and nothing changed since. */
function install() {
  const stampPath = path.join(root, 'node_modules/.rocketmq-ts-installed')
  const fingerprint = manifestFingerprint()
  if (isInstalled(stampPath, fingerprint)) return
  process.stderr.write('Installing the workspace …\n')
  const pnpm = readManifest('.').packageManager
  const result = spawnSync('npx', ['-y', pnpm, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    shell: onWindows,
    // Without a terminal pnpm may not ask before it replaces a stale node_modules; CI tells it not to.
    env: { ...process.env, CI: 'true' },
  })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
    const reason = result.error?.message ?? `exit code ${result.status}`
    fail(
      `installing with ${pnpm} failed (${reason}); is the npm registry reachable, and is pnpm-lock.yaml up to date?`,
    )
  }
  writeFileSync(stampPath, fingerprint)
}

function isInstalled(stampPath, fingerprint) {
  if (!existsSync(stampPath) || readFileSync(stampPath, 'utf8') !== fingerprint) return false
  // Someone may have deleted one package's node_modules since.
  return workspaceFolders().every(
    (folder) =>
      Object.keys(readManifest(folder).dependencies ?? {}).length === 0 ||
      existsSync(path.join(root, folder, 'node_modules')),
  )
}

/** Hashes everything that decides what is installed. */
function manifestFingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  const manifests = workspaceFolders().map((folder) => `${folder}/package.json`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

function workspaceFolders() {
  return ['packages', 'apps', 'tools', 'examples']
    .filter((group) => existsSync(path.join(root, group)))
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
    .sort()
}

function readManifest(folder) {
  return JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'))
}

/** Runs a script in the foreground; this process then ends as the script did. */
function runWithWorkspaceNode(script, args) {
  const binFolder = path.join(root, 'node_modules/.bin')
  const env = { ...process.env, PATH: `${binFolder}${path.delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(workspaceNode(binFolder), [path.join(root, script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  // On a terminal Ctrl-C reaches the child by itself; passing it on would make it count twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`cannot start ${script}: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0))
  })
}

/** The Node that the lock file pins; on a platform it has none for, the one that runs this, if it is new enough. */
function workspaceNode(binFolder) {
  const pinned = path.join(binFolder, 'node')
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 11)) return process.execPath
  return fail(
    `no Node for ${process.platform} ${process.arch} comes with the workspace: run this with Node 24.11 or newer (this is ${process.version})`,
  )
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
