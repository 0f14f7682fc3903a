// SPDX-License-Identifier: Apache-2.0
// Lane: producers, push consumers and mqadmin, Java's and ours, with right, wrong and missing credentials on both brokers; users and policies copied from Java's broker to ours.

import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClientOptions, Producer, PushConsumer, RocketMQError } from '@rocketmq-ts/client'
import { brokerSettings, fill, signerOf } from '../../../golden/src/acl/decide.ts'
import { clusterName, initUser } from '../../../golden/src/acl/world.ts'
import { JavaAdmin } from '../drivers.ts'
import { repositoryRoot, startJava } from '../java.ts'
import { type Lane, type LaneContext, newFolder } from '../lane.ts'
import { waitFor } from '../processes.ts'
import { hasRoute } from '../requests.ts'
import { type ServerKind, Servers } from '../servers.ts'

/** Names of signer, with what each may do. */
const who: Readonly<Record<string, string | undefined>> = {
  super: 'root2',
  allowed: 'everything',
  sender: 'literal',
  refused: 'plain',
  disabled: 'off',
  wrong: 'the wrong key',
  unknown: 'an unknown user',
  missing: 'nothing-at-all',
}
const topic = 'Orders'
const consumeMs = 4000

export const aclClients: Lane = {
  name: 'acl-clients',
  summary:
    'clients and mqadmin of both kinds fare alike on both brokers, whatever their credentials',
  async run(context) {
    const brokers: Record<'java' | 'ours', Servers> = {
      java: await start(context, 'java'),
      ours: await start(context, context.ours),
    }
    try {
      await copied(context, brokers)
      const told = await Promise.all(
        (['java', 'ours'] as const).flatMap((broker) => [
          javaClients(context, brokers[broker]),
          ourClients(context, brokers[broker]),
        ]),
      )
      const [expected = new Map(), ...others] = told
      // What all others are held against must not be empty by accident.
      const seen = ['super send', 'super consume', 'sender consume', 'refused send', 'missing send']
        .map((what) => masked(expected.get(what) ?? '').slice(0, 9))
        .join(', ')
      const meant = 'SEND_OK, something, nothing, 16 User:p, 16 userna'
      context.report.check(
        'Java’s clients on Java fare as their credentials say',
        seen === meant,
        seen,
      )
      const names = ['our clients on Java', 'Java’s clients on ours', 'our clients on ours']
      for (const [index, found] of others.entries()) {
        for (const [what, answer] of expected) {
          const ours = masked(found.get(what) ?? 'nothing')
          const same = ours === masked(answer)
          const detail = same ? ours : `Java: ${answer} | here: ${found.get(what) ?? 'nothing'}`
          context.report.check(`${names[index] ?? ''}: ${what}`, same, detail)
        }
      }
    } finally {
      await brokers.java.close()
      await brokers.ours.close()
    }
  },
}

function masked(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '#').replaceAll(/ +/g, ' ')
}

async function start(context: LaneContext, kind: ServerKind): Promise<Servers> {
  return Servers.start({
    java: context.java,
    folder: await newFolder(context, `acl-clients-${kind}`),
    namesrv: 'ours',
    broker: kind,
    built: context.built,
    brokerConfig: { ...brokerSettings('both'), brokerClusterName: clusterName },
  })
}

/** Fills Java's broker, copies users and policies to ours with our mqadmin, and lets Java's list both. */
async function copied(
  context: LaneContext,
  { java, ours }: Record<'java' | 'ours', Servers>,
): Promise<void> {
  await fill(java.ports.broker)
  const home = await homeOf(context, initUser.username, initUser.password)
  for (const command of ['copyUser', 'copyAcl']) {
    const args = ['-n', ours.namesrvAddress, '-f', java.brokerAddress, '-t', ours.brokerAddress]
    const { stdout, stderr } = ourMqadmin(home, [command, ...args])
    const lines = stdout.split('\n').filter((line) => line.endsWith(' success.'))
    context.report.check(
      `${command} from Java’s broker`,
      lines.length > 40 && stderr === '',
      stderr,
    )
  }
  const admin = await JavaAdmin.start(context.java, home)
  for (const command of ['listUser', 'listAcl']) {
    const [of, to] = [java, ours].map(
      ({ brokerAddress, namesrvAddress }) => `${command} -n ${namesrvAddress} -b ${brokerAddress}`,
    )
    const expected = await admin.run(of ?? '')
    const found = await admin.run(to ?? '')
    const same = expected.join('\n') === found.join('\n') && expected.length > 40
    context.report.check(
      `${command} prints the same for both brokers`,
      same,
      same ? '' : found.join('\n'),
    )
  }
  await admin.close()
  // Topics do not come with users.
  await waitFor('the routes', () => hasRoute(java.ports.namesrv, topic), 30_000)
  const args = ['-n', ours.namesrvAddress, '-b', ours.brokerAddress, '-t', topic, '-r', '4']
  ourMqadmin(home, ['updateTopic', ...args, '-w', '4'])
  await waitFor('the routes', () => hasRoute(ours.ports.namesrv, topic), 30_000)
}

/** A home directory whose conf/tools.yml has these keys. */
async function homeOf(context: LaneContext, accessKey: string, secretKey: string): Promise<string> {
  const home = await newFolder(context, 'acl-home')
  await mkdir(join(home, 'conf'))
  const yaml = `accessKey: ${accessKey}\nsecretKey: ${secretKey}\n`
  await writeFile(join(home, 'conf', 'tools.yml'), yaml)
  return home
}

function ourMqadmin(home: string, args: readonly string[]): { stdout: string; stderr: string } {
  const main = join(repositoryRoot, 'apps/mqadmin/src/main.ts')
  const env = { ...process.env, ROCKETMQ_HOME: home }
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env, timeout: 60_000 })
}

function keysOf(name: string): readonly [accessKey: string, secretKey: string] | undefined {
  const signer = name === 'nothing-at-all' ? undefined : signerOf(name)
  return signer === undefined ? undefined : [signer.accessKey ?? '', signer.secretKey ?? '']
}

async function javaClients(context: LaneContext, servers: Servers): Promise<Map<string, string>> {
  const folder = await newFolder(context, 'acl-java-clients')
  const child = await startJava(context.java, {
    name: 'Java clients',
    main: 'AclClients',
    folder,
    args: [
      ...['--namesrv', servers.namesrvAddress, '--broker', servers.brokerAddress],
      ...['--topic', topic, '--wait-ms', String(consumeMs)],
    ],
  })
  await child.until('the clients are there', () => child.lines.includes('READY'), 30_000)
  for (const [name, signer = ''] of Object.entries(who)) {
    const [accessKey, secretKey] = keysOf(signer) ?? ['-', '-']
    child.write(`${name} ${accessKey} ${secretKey}`)
    await child.until(`${name} is through`, () => child.lines.includes(`END ${name}`), 60_000)
  }
  child.write('stop')
  await child.stop('SIGTERM', 5000)
  const told = new Map<string, string>()
  for (const line of child.lines) {
    const [, what, answer] = /^(\w+ (?:send|consume|admin)) (.*)$/.exec(line) ?? []
    if (what !== undefined) told.set(what, answer ?? '')
  }
  return told
}

async function ourClients(context: LaneContext, servers: Servers): Promise<Map<string, string>> {
  const told = new Map<string, string>()
  for (const [name, signer = ''] of Object.entries(who)) {
    const keys = keysOf(signer)
    const options = {
      namesrvAddr: servers.namesrvAddress,
      ...(keys === undefined ? {} : { credentials: { accessKey: keys[0], secretKey: keys[1] } }),
    }
    told.set(`${name} send`, await send(options))
    told.set(`${name} consume`, await consume(options, name))
    const home = await homeOf(context, keys?.[0] ?? '', keys?.[1] ?? '')
    const args = ['-n', servers.namesrvAddress, '-b', servers.brokerAddress, '-u', 'plain']
    const { stdout, stderr } = ourMqadmin(home, ['getUser', ...args])
    const [, code, remark] =
      /(\d+)[^\d]*?: (.*)/.exec(stderr.replace(servers.brokerAddress, '')) ?? []
    const said = code === undefined ? '' : `${code} ${remark ?? ''}`
    told.set(`${name} admin`, `${stdout}${said}`.replaceAll('\n', '|').trim())
  }
  return told
}

async function send(options: ClientOptions): Promise<string> {
  await using producer = new Producer({ ...options, group: 'Senders', retryTimesWhenSendFailed: 0 })
  try {
    await producer.start()
    const { status } = await producer.send({ topic, body: 'ours' })
    return status
  } catch (error) {
    if (!(error instanceof RocketMQError)) throw error
    return `${error.responseCode ?? error.code} ${error.remark ?? error.message}`
  }
}

async function consume(options: ClientOptions, name: string): Promise<string> {
  const arrived = Promise.withResolvers<string>()
  await using consumer = new PushConsumer({
    ...options,
    group: `OurReaders-${name}`,
    subscriptions: { [topic]: '*' },
    consumeFrom: 'FIRST_OFFSET',
  })
  await consumer.start(() => arrived.resolve('something'))
  const timer = setTimeout(() => arrived.resolve('nothing'), consumeMs)
  const found = await arrived.promise
  clearTimeout(timer)
  return found
}
