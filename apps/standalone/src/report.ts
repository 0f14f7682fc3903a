// SPDX-License-Identifier: Apache-2.0
// What a person wants to know after the start, in a few lines.
import { residentMiB, type Percentiles, type SelfCheckResult } from './self-check.ts'

/** Facts of a start. */
export interface StartFacts {
  readonly namesrvAddr: string
  readonly brokerAddr: string
  readonly dataDirectory: string
  readonly startMs: number
  /** Bytes of commit log that an earlier run left. */
  readonly keptBytes: number
}

function latency(values: Percentiles): string {
  const text = (ms: number): string => ms.toFixed(2)
  return `p50 ${text(values.p50)} ms, p99 ${text(values.p99)} ms, max ${text(values.max)} ms`
}

/** The report as lines. */
export function reportOf(facts: StartFacts, check: SelfCheckResult): string {
  const perSecond = (value: number): string => Math.round(value).toLocaleString('en')
  const kept =
    facts.keptBytes === 0
      ? 'new'
      : `kept from earlier runs: ${facts.keptBytes.toLocaleString('en')} bytes of messages`
  return `
rocketmq-ts is up (started in ${Math.round(facts.startMs)} ms)

  name server   ${facts.namesrvAddr}
  broker        ${facts.brokerAddr}
  data          ${facts.dataDirectory} (${kept})

Self-check: ${check.messageCount} messages sent, consumed and compared, none lost, none altered
  send          ${perSecond(check.sendPerSecond)} messages/s, ${latency(check.sendLatencyMs)}
  consume       ${perSecond(check.consumePerSecond)} messages/s, send to listener ${latency(check.endToEndLatencyMs)}
  memory        ${residentMiB().toFixed(0)} MiB resident: name server, broker and client in one process

Connect
  TypeScript    await Producer.start({ namesrvAddr: '${facts.namesrvAddr}', group: 'my-group' })
  Java          producer.setNamesrvAddr("${facts.namesrvAddr}")
  mqadmin       mqadmin clusterList -n ${facts.namesrvAddr}
`
}
