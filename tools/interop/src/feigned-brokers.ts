// SPDX-License-Identifier: Apache-2.0
// Brokers that exist only for a name server: they register, stay silent or not, and listen to what they are told.

import { createServer, type Server, type Socket } from 'node:net'
import { sleep } from './processes.ts'
import { registeredBrokers } from './requests.ts'
import { Caller, decodeFrame, FrameSplitter } from './wire.ts'

const REGISTER_BROKER = 103
const UNREGISTER_BROKER = 104
const BROKER_HEARTBEAT = 904
const NOTIFY_MIN_BROKER_ID_CHANGE = 905
const UPDATE_NAMESRV_CONFIG = 318

/** What became of two brokers that promised to be heard of every 2 s. */
export interface Lives {
  /** When the one that says nothing was gone; NaN when it stayed. */
  readonly silentGoneMs: number
  /** Whether the one that sends heartbeats only is still there at the end. */
  readonly slowStays: boolean
}

const watchedMs = 10_000

/** Registers a broker that then says nothing and one that only sends heartbeats, and watches both for 10 s. */
export async function lifeOf(namesrvPort: number): Promise<Lives> {
  const fieldsOf = (name: string): Record<string, string> => ({
    brokerName: name,
    brokerAddr: `${name}:1`,
    clusterName: 'Life',
    brokerId: '0',
    heartbeatTimeoutMillis: '2000',
    compressed: 'false',
    bodyCrc32: '0',
  })
  // The look for silent brokers closes their connections: each has its own.
  const callers = new Map<string, Caller>()
  for (const name of ['silent', 'slow']) {
    const caller = await Caller.open(namesrvPort)
    callers.set(name, caller)
    const answer = await caller.call(REGISTER_BROKER, fieldsOf(name))
    if (answer.code !== 0) throw new Error(`${name} was refused: ${answer.remark}`)
  }
  const begin = performance.now()
  let silentGoneMs = Number.NaN
  while (performance.now() - begin < watchedMs) {
    const known = (await registeredBrokers(namesrvPort)) ?? ''
    if (!known.includes('"silent"') && Number.isNaN(silentGoneMs)) {
      silentGoneMs = performance.now() - begin
    }
    await callers.get('slow')?.call(BROKER_HEARTBEAT, fieldsOf('slow'))
    await sleep(500)
  }
  const slowStays = ((await registeredBrokers(namesrvPort)) ?? '').includes('"slow"')
  for (const caller of callers.values()) caller.close()
  return { silentGoneMs, slowStays }
}

/** What the brokers of one name are told while they come and go, one line per notice, the same for every port. */
export async function noticesOf(namesrvPort: number): Promise<string[]> {
  const heard: string[] = []
  const listeners = await Promise.all([0, 1, 2].map((id) => listen(id, heard)))
  const portOf = (id: number): number => listeners[id]?.port ?? 0
  const said = (text: string): string =>
    listeners.reduce((all, { id, port }) => all.replaceAll(String(port), `<port ${id}>`), text)
  const caller = await Caller.open(namesrvPort)
  await caller.call(UPDATE_NAMESRV_CONFIG, {}, Buffer.from('notifyMinBrokerIdChanged=true'))
  const fieldsOf = (id: number): Record<string, string> => ({
    brokerName: 'noticed',
    brokerAddr: `127.0.0.1:${portOf(id)}`,
    clusterName: 'Noticed',
    brokerId: String(id),
    haServerAddr: `127.0.0.1:${portOf(id)}9`,
    enableActingMaster: 'true',
    compressed: 'false',
    bodyCrc32: '0',
  })
  const own = await Caller.open(namesrvPort)
  const steps: (() => Promise<unknown> | void)[] = [
    () => caller.call(REGISTER_BROKER, fieldsOf(2)),
    () => caller.call(REGISTER_BROKER, fieldsOf(1)),
    () => caller.call(REGISTER_BROKER, fieldsOf(0)),
    () => caller.call(UNREGISTER_BROKER, fieldsOf(1)),
    () => caller.call(REGISTER_BROKER, fieldsOf(1)),
    () => caller.call(UNREGISTER_BROKER, fieldsOf(0)),
    () => own.call(REGISTER_BROKER, fieldsOf(0)),
    () => own.close(),
    () => caller.call(UNREGISTER_BROKER, fieldsOf(1)),
    () => caller.call(UNREGISTER_BROKER, fieldsOf(2)),
  ]
  const lines: string[] = []
  for (const [index, step] of steps.entries()) {
    await step()
    await sleep(400)
    lines.push(
      ...heard
        .splice(0)
        .map((text) => said(`step ${index}: ${text}`))
        .toSorted(),
    )
  }
  caller.close()
  for (const { server, sockets } of listeners) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return lines
}

interface Listener {
  readonly id: number
  readonly port: number
  readonly server: Server
  readonly sockets: ReadonlySet<Socket>
}

function listen(id: number, heard: string[]): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const splitter = new FrameSplitter()
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) =>
      splitter.push(chunk, (frame) => {
        const { code, fields } = decodeFrame(frame)
        const text = JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        if (code === NOTIFY_MIN_BROKER_ID_CHANGE) heard.push(`broker ${id} hears ${text}`)
      }),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ id, port, server, sockets })
    })
  })
}
