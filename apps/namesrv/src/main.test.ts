// SPDX-License-Identifier: Apache-2.0
// The command as a process: what it prints, when it is healthy, how it ends.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mqnamesrv-'))
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function run(args: readonly string[], environment: Record<string, string> = {}): Run {
  const main = new URL('./main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...environment },
  })
  running.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (output += String(chunk)))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => output, ended }
}

function configFile(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `kvConfigPath=${join(folder, 'kv.json')}\n${lines.join('\n')}\n`)
  return path
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('prints every setting under Java’s name, TLS keys aside', async () => {
  const path = configFile('print.conf', ['listenPort=1234', 'tls.server.mode=disabled'])
  const { ended, output } = run(['-c', path, '-p'])
  expect(await ended).toBe(0)
  const lines = output().trimEnd().split('\n')
  expect(lines).toContain('listenPort=1234')
  expect(lines).toContain(`configStorePath=${path}`)
  expect(lines).toContain('scanNotActiveBrokerInterval=5000')
})

test('says in one line what is wrong with its configuration', async () => {
  const { ended, output } = run(['-c', configFile('bad.conf', ['listenPrt=1'])])
  expect(await ended).toBe(1)
  expect(output()).toBe(
    'mqnamesrv: name server configuration: unknown key listenPrt, did you mean listenPort?\n',
  )
})

test('is alive at once, ready once it may be asked, and ends in order on SIGTERM', async () => {
  const [port, health] = [await freePort(), await freePort()]
  const path = configFile('run.conf', [
    `listenPort=${port}`,
    'needWaitForService=true',
    'waitSecondsForService=1',
  ])
  const { child, ended, output } = run(['-c', path], { ROCKETMQ_HEALTH: `127.0.0.1:${health}` })
  const status = async (what: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${health}/${what}`).catch(() => ({ status: 0 }))).status
  await expect.poll(() => status('live'), { timeout: 5_000 }).toBe(200)
  expect(await status('nothing')).toBe(404)
  expect([503, 200]).toContain(await status('ready'))
  await expect.poll(() => status('ready'), { timeout: 5_000 }).toBe(200)
  const peer = connect(port, '127.0.0.1')
  await once(peer, 'connect')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  peer.destroy()
  const messages = output()
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg)
  expect(messages).toContain('name server has stopped')
}, 20_000)
