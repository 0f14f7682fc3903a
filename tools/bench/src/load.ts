// SPDX-License-Identifier: Apache-2.0
// The load generator as a command, for a quick look at a broker that is already running.

import { parseArgs } from 'node:util'
import { createTopic } from '../../interop/src/requests.ts'
import { runLoad } from './load-generator.ts'
import { cpuSeconds, residentMib } from './process-cost.ts'
import { short } from './statistics.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '10911' },
    inflight: { type: 'string', default: '64' },
    connections: { type: 'string', default: '1' },
    body: { type: 'string', default: '128' },
    batch: { type: 'string', default: '1' },
    encoding: { type: 'string', default: 'binary' },
    topic: { type: 'string', default: 'BenchLoad' },
    queues: { type: 'string', default: '8' },
    'warm-up': { type: 'string', default: '2' },
    seconds: { type: 'string', default: '5' },
    messages: { type: 'string' },
    // Process id of the broker: its processor time and memory are printed too.
    pid: { type: 'string' },
  },
})

const pid = values.pid === undefined ? undefined : Number(values.pid)
const cpu = { begin: 0, end: 0 }
const queues = Number(values.queues)
await createTopic(Number(values.port), values.topic, queues)
const result = await runLoad({
  port: Number(values.port),
  topic: values.topic,
  queues,
  inFlight: Number(values.inflight),
  connections: Number(values.connections),
  bodyBytes: Number(values.body),
  batch: Number(values.batch),
  encoding: values.encoding === 'json' ? 'json' : 'binary',
  warmUpSeconds: Number(values['warm-up']),
  seconds: Number(values.seconds),
  ...(values.messages === undefined ? {} : { messages: Number(values.messages) }),
  onWindow: (edge) => {
    if (pid !== undefined) cpu[edge] = cpuSeconds(pid)
  },
})
const parts = [
  `${short(result.messages / result.seconds)} msg/s`,
  `${result.messages} messages in ${result.seconds.toFixed(2)} s`,
  `${result.failed} failed`,
  `p50 ${short(result.latency.percentile(0.5))} µs`,
  `p99 ${short(result.latency.percentile(0.99))} µs`,
  `p99.9 ${short(result.latency.percentile(0.999))} µs`,
  `max ${short(result.latency.percentile(1))} µs`,
]
if (pid !== undefined) {
  if (values.messages === undefined) {
    parts.push(
      `broker ${short(((cpu.end - cpu.begin) * 1e6) / result.messages)} µs CPU per message`,
    )
  }
  parts.push(`resident ${short(residentMib(pid))} MiB`)
}
console.log(parts.join(', '))
