// SPDX-License-Identifier: Apache-2.0
// Lane: TLS. Java's clients on our servers in every mode, our client on Java's, and a certificate replaced while both run.

import { createPrivateKey } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientTls } from '@rocketmq-ts/client'
import { AdminClient } from '@rocketmq-ts/client/admin'
import { produce } from '../drivers.ts'
import { startJava } from '../java.ts'
import { type Lane, type LaneContext, newFolder, withServers } from '../lane.ts'
import { pickPorts } from '../ports.ts'
import { Child, waitFor } from '../processes.ts'
import { ourMain } from '../servers.ts'
import { callOnce } from '../wire.ts'

export const tls: Lane = {
  name: 'tls',
  summary: 'TLS in all modes, client certificates, a certificate replaced while running',
  run: async (context) => {
    const folder = await newFolder(context, 'tls')
    const java = await JavaPeer.start(context, folder)
    try {
      await javaClientsOnOurs(context, java, folder)
      await javaProducerOnOurs(context, await java.identity(folder, 'broker'))
      await ourClientOnJava(context, java)
    } finally {
      await java.child.stop('SIGKILL', 1000)
    }
  },
}

const password = 'interop-password'
/** Java's client when the handshake fails, or when what it sent was not answered. */
const REFUSED = /^Remoting(Connect|SendRequest|Timeout)Exception$/

interface Identity {
  readonly certPath: string
  readonly keyPath: string
  /** The same key under a password. */
  readonly lockedKeyPath: string
}

/** A Java program that calls with Java's remoting client, and makes certificates. */
class JavaPeer {
  readonly child: Child
  #asked = 0

  private constructor(child: Child) {
    this.child = child
  }

  static async start(context: LaneContext, folder: string): Promise<JavaPeer> {
    const child = await startJava(context.java, {
      name: 'TlsPeer',
      main: 'TlsPeer',
      folder,
      args: [],
    })
    await child.until('the Java client is ready', () => child.lines.includes('READY'), 30_000)
    return new JavaPeer(child)
  }

  /** What it answers: the code of a response, or the class of an exception. */
  async ask(command: string, rest: string, name = `c${++this.#asked}`): Promise<string> {
    const before = this.child.lines.length
    const answer = (): string | undefined =>
      this.child.lines.slice(before).find((line) => line.startsWith(`RESULT ${name} `))
    this.child.write(`${command} ${name} ${rest}`.trim())
    await this.child.until(`an answer to ${command}`, () => answer() !== undefined, 20_000)
    return answer()?.split(' ')[2] ?? ''
  }

  /** A certificate of its own in a folder of its own. */
  async identity(folder: string, name: string): Promise<Identity> {
    const path = join(folder, name)
    await this.ask('identity', path)
    const found = {
      certPath: join(path, 'cert.pem'),
      keyPath: join(path, 'key.pem'),
      lockedKeyPath: join(path, 'locked.pem'),
    }
    const locked = createPrivateKey(await readFile(found.keyPath)).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: password,
    })
    await writeFile(found.lockedKeyPath, locked)
    return found
  }
}

/** Puts other keys into the place of those that are in use, one file after the other. */
async function replace(used: Identity, by: Identity): Promise<void> {
  await cp(by.keyPath, used.keyPath)
  await cp(by.lockedKeyPath, used.lockedKeyPath)
  await cp(by.certPath, used.certPath)
}

function serverKeys({ certPath, lockedKeyPath }: Identity): Record<string, string> {
  return {
    'tls.test.mode.enable': 'false',
    'tls.server.certPath': certPath,
    'tls.server.keyPath': lockedKeyPath,
    'tls.server.keyPassword': password,
  }
}

/** One of our name servers under some TLS settings. */
async function startNamesrv(
  context: LaneContext,
  folder: string,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly child: Child; readonly port: number }> {
  const { namesrv: port } = await pickPorts()
  const conf = join(folder, `${name}.conf`)
  const keys = { listenPort: String(port), kvConfigPath: join(folder, `${name}.json`), ...settings }
  const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(conf, lines.join(''))
  const child = new Child({
    name,
    command: process.execPath,
    args: [ourMain('namesrv', context.built), '-c', conf],
    folder,
  })
  await child.until(
    'it is up',
    () => child.lines.some((line) => line.includes('boot success')),
    20_000,
  )
  return { child, port }
}

async function javaClientsOnOurs(
  context: LaneContext,
  java: JavaPeer,
  folder: string,
): Promise<void> {
  const { report } = context
  const server = await java.identity(folder, 'server')
  const next = await java.identity(folder, 'next')
  const client = await java.identity(folder, 'client')
  // The files in use are replaced later; this copy stays what the clients trusted first.
  const first = join(folder, 'first.pem')
  await cp(server.certPath, first)
  const trust = `authServer=true trustCertPath=${first}`
  const servers: Child[] = []
  try {
    const start = async (
      name: string,
      settings: Readonly<Record<string, string>>,
    ): Promise<number> => {
      const { child, port } = await startNamesrv(context, folder, name, settings)
      servers.push(child)
      return port
    }
    const mutual = {
      'tls.server.need.client.auth': 'require',
      'tls.server.authClient': 'true',
      'tls.server.trustCertPath': client.certPath,
    }
    const withClient = `certPath=${client.certPath} keyPath=${client.lockedKeyPath} keyPassword=${password}`
    const [byDefault, disabled, permissive, enforcing, required] = await Promise.all([
      start('default', {}),
      start('disabled', { 'tls.server.mode': 'disabled' }),
      start('permissive', { 'tls.server.mode': 'permissive', ...serverKeys(server) }),
      start('enforcing', { 'tls.server.mode': 'enforcing', ...serverKeys(server) }),
      start('required', { 'tls.server.mode': 'enforcing', ...mutual, ...serverKeys(server) }),
    ])
    const cases: readonly (readonly [string, number, string, boolean])[] = [
      ['without any settings: plain', byDefault, 'plain', true],
      ['without any settings: TLS in test mode', byDefault, 'tls', true],
      ['without any settings: TLS that checks', byDefault, `tls ${trust}`, false],
      ['disabled: plain', disabled, 'plain', true],
      ['disabled: TLS', disabled, 'tls', false],
      ['permissive: plain', permissive, 'plain', true],
      ['permissive: TLS that checks', permissive, `tls ${trust}`, true],
      ['enforcing: plain', enforcing, 'plain', false],
      ['enforcing: TLS in test mode', enforcing, 'tls', true],
      ['enforcing: TLS that checks', enforcing, `tls ${trust}`, true],
      ['client certificate required: none', required, `tls ${trust}`, false],
      ['client certificate required: the right one', required, `tls ${trust} ${withClient}`, true],
      [
        'client certificate required: another',
        required,
        `tls ${trust} certPath=${next.certPath} keyPath=${next.keyPath}`,
        false,
      ],
    ]
    for (const [what, port, rest, isServed] of cases) {
      const result = await java.ask('call', `${port} ${rest}`)
      report.check(
        `Java's client, ${what}: ${isServed ? 'served' : 'refused'}`,
        isServed ? result === '0' : REFUSED.test(result),
        result,
      )
    }
    await replacedWhileRunning(context, { java, port: enforcing, server, next, trust })
  } finally {
    await Promise.all(servers.map((child) => child.stop('SIGKILL', 1000)))
  }
}

interface Replacement {
  readonly java: JavaPeer
  readonly port: number
  readonly server: Identity
  readonly next: Identity
  /** Trust in the first certificate only. */
  readonly trust: string
}

async function replacedWhileRunning(
  { report }: LaneContext,
  { java, port, server, next, trust }: Replacement,
): Promise<void> {
  const trustNext = `${port} tls authServer=true trustCertPath=${next.certPath}`
  const opened = await java.ask('open', `${port} tls ${trust}`, 'kept')
  report.check('a connection is opened', opened === '0', opened)
  await replace(server, next)
  await waitFor(
    'the new certificate is shown',
    async () => (await java.ask('call', trustNext)) === '0',
    10_000,
  )
  report.check('new connections are shown the new certificate', true)
  const old = await java.ask('call', `${port} tls ${trust}`)
  report.check('who trusts only the old one is not served', REFUSED.test(old), old)
  const kept = await java.ask('again', '', 'kept')
  report.check('the open connection goes on', kept === '0', kept)
}

/** The whole way: producer, broker that takes TLS only, name server found through TLS. */
async function javaProducerOnOurs(context: LaneContext, server: Identity): Promise<void> {
  const { report } = context
  const brokerConfig = { 'tls.server.mode': 'enforcing', ...serverKeys(server) }
  const options = { namesrv: 'ours', broker: 'ours', brokerConfig } as const
  await withServers(context, 'tls-broker', options, async (stage) => {
    const plain = await callOnce(stage.servers.ports.broker, 28).then(
      ({ code }) => `answered ${code}`,
      () => 'closed',
    )
    report.check('the broker takes no plain connection', plain === 'closed', plain)
    const { counts } = await produce(stage, {
      name: 'secure',
      topic: 'InteropTls',
      plan: 'sync:200,async:200,oneway:50,batch:64',
      // The first handshakes of a Java client on a busy machine take seconds.
      timeoutMs: 15_000,
      properties: {
        'tls.enable': 'true',
        'tls.test.mode.enable': 'false',
        'tls.config.file': '/nowhere/tls.properties',
      },
    }).catch((error: unknown) => {
      report.check('the producer ran', false, String(error))
      return { counts: { acknowledged: 0, failed: 0 } }
    })
    report.check(
      'the Java producer sent everything through TLS',
      counts.failed === 0 && counts.acknowledged >= 400,
      `${counts.acknowledged} acknowledged, ${counts.failed} failed`,
    )
  })
}

async function ourClientOnJava(context: LaneContext, java: JavaPeer): Promise<void> {
  const { report } = context
  const folder = await newFolder(context, 'tls-java')
  const server = await java.identity(folder, 'server')
  const client = await java.identity(folder, 'client')
  const properties = {
    'tls.server.mode': 'enforcing',
    'tls.test.mode.enable': 'false',
    'tls.server.certPath': server.certPath,
    'tls.server.keyPath': server.keyPath,
    'tls.server.need.client.auth': 'require',
    'tls.server.authClient': 'true',
    'tls.server.trustCertPath': client.certPath,
    'tls.config.file': '/nowhere/tls.properties',
  }
  const { namesrv: port } = await pickPorts()
  const conf = join(folder, 'namesrv.conf')
  await writeFile(conf, `listenPort=${port}\nkvConfigPath=${join(folder, 'kv.json')}\n`)
  const child = await startJava(context.java, {
    name: 'Java name server with TLS',
    main: 'org.apache.rocketmq.namesrv.NamesrvStartup',
    folder,
    properties,
    args: ['-c', conf],
  })
  const ask = async (tls: ClientTls | 'test' | undefined): Promise<string> => {
    await using admin = new AdminClient({
      namesrvAddr: `127.0.0.1:${port}`,
      requestTimeoutMs: 2000,
      ...(tls === undefined ? {} : { tls }),
    })
    return await admin.examineBrokerClusterInfo().then(
      () => 'served',
      (error: unknown) => `refused: ${chainOf(error)}`,
    )
  }
  const own = { certPath: client.certPath, keyPath: client.lockedKeyPath, keyPassword: password }
  const right: ClientTls = { authServer: true, trustCertPath: server.certPath, ...own }
  let last = ''
  try {
    await waitFor(
      'the Java name server answers through TLS',
      async () => (last = await ask(right)) === 'served',
      30_000,
      500,
    )
    report.check('our client, with a certificate of its own, on an enforcing Java server', true)
    const others: readonly (readonly [string, ClientTls | 'test' | undefined])[] = [
      ['plain', undefined],
      ['without a certificate of its own', 'test'],
      ['trusting another server', { ...right, trustCertPath: client.certPath }],
      ['that also checks the name', { ...right, verifiesName: true }],
    ]
    for (const [what, tls] of others) {
      const outcome = await ask(tls)
      report.check(`our client ${what} gets no answer`, outcome !== 'served', outcome)
    }
  } catch (error) {
    throw new Error(`${String(error)} ${last} ${child.tail()}`)
  } finally {
    await child.stop('SIGKILL', 1000)
  }
}

/** The messages of an error and of all it comes from. */
function chainOf(error: unknown): string {
  return error instanceof Error ? `${error.message}; ${chainOf(error.cause)}` : ''
}
