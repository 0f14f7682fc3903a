// SPDX-License-Identifier: Apache-2.0
// Scenario: what access control costs a broker per message: none, policies without signatures, policies and signatures.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Asker } from '../../../golden/src/acl/ask.ts'
import { brokerSettings, fill, signerOf } from '../../../golden/src/acl/decide.ts'
import { clusterName, probes } from '../../../golden/src/acl/world.ts'
import { Servers } from '../../../interop/src/servers.ts'
import { type LoadOptions, runLoad } from '../load-generator.ts'
import { type BenchContext, type Figures, javaBrokerOptions, type Side } from '../options.ts'
import { cpuSeconds } from '../process-cost.ts'
import { short } from '../statistics.ts'

const variants = {
  off: undefined,
  policies: brokerSettings('authorization only'),
  'policies and signatures': brokerSettings('both'),
} as const
type Variant = keyof typeof variants

/** May send to this topic, and nothing else. */
const user = 'literal'
const topic = 'Orders'

/** What either broker handles before anything is measured. */
const warmUpMessages = 200_000

export async function runAclScenario(context: BenchContext, figures: Figures): Promise<void> {
  console.log(
    '\n== acl: 64 in flight, 128 B, without access control, with policies, with signatures',
  )
  for (let run = 1; run <= context.runs; run++) {
    for (const side of context.kinds) {
      for (const variant of Object.keys(variants) as Variant[]) {
        await measure(context, side, variant, figures)
      }
    }
  }
}

async function measure(
  context: BenchContext,
  side: Side,
  variant: Variant,
  figures: Figures,
): Promise<void> {
  const folder = await mkdtemp(join(context.scratch, 'acl-'))
  const servers = await Servers.start({
    java: context.java,
    folder,
    namesrv: side.kind,
    broker: side.kind,
    built: context.built,
    javaBrokerOptions,
    brokerConfig: { brokerClusterName: clusterName, ...variants[variant] },
  })
  const pid = servers.brokerPid
  const { port, load } = loadOf(servers)
  try {
    if (variant === 'off') await createTopic(port)
    else await fill(port)
    await runLoad({ ...load, messages: warmUpMessages })
    const cpu = { begin: 0, end: 0 }
    const result = await runLoad({
      ...load,
      warmUpSeconds: context.warmUpSeconds,
      seconds: context.seconds,
      onWindow: (edge) => {
        cpu[edge] = cpuSeconds(pid)
      },
    })
    if (result.failed > 0) throw new Error(`acl, ${variant}: ${result.failed} sends were refused`)
    const micros = ((cpu.end - cpu.begin) * 1e6) / result.messages
    const rate = result.messages / result.seconds
    const scenario = `acl, ${variant}`
    figures.add(side, { scenario, what: 'broker CPU', unit: 'µs/msg', better: 'less' }, micros)
    figures.add(side, { scenario, what: 'throughput', unit: 'msg/s', better: 'more' }, rate)
    console.log(`${side.name}, ${variant}: ${short(rate)} msg/s, ${short(micros)} µs/msg`)
  } finally {
    await servers.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function loadOf(servers: Servers): { readonly port: number; readonly load: LoadOptions } {
  const port = servers.ports.broker
  const signer = signerOf(user)
  const load = {
    port,
    topic,
    queues: 1,
    inFlight: 64,
    connections: 4,
    bodyBytes: 128,
    batch: 1,
    encoding: 'binary',
    warmUpSeconds: 0,
    seconds: 0,
    ...(signer === undefined ? {} : { signer }),
  } as const
  return { port, load }
}

async function createTopic(port: number): Promise<void> {
  const asker = await Asker.open(port)
  const { code, remark } = await asker.ask(probes['createTopic'] ?? { code: 17, fields: {} })
  asker.close()
  if (code !== 0) throw new Error(`create topic ${topic}: ${code} ${remark ?? ''}`)
}
